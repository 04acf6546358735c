"""The steps of modules, executed as far as they load other modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from gwlint.footprint import standard
from gwlint.footprint.environment import Environment, Found
from gwlint.footprint.evaluation import Evaluation, Raised, absolute, member_of
from gwlint.footprint.folding import MOST_ITEMS, catches, items_of, length_of, operated
from gwlint.footprint.kept import Kept, Modules, moved
from gwlint.footprint.loads import Closure, Declared, Gap, Load, Made
from gwlint.footprint.record import Note
from gwlint.footprint.sources import Sources
from gwlint.footprint.values import (
    NOTHING,
    Binding,
    ClassValue,
    Collection,
    FunctionValue,
    Instance,
    Known,
    LambdaValue,
    Located,
    Mapping,
    Method,
    ModuleValue,
    Outside,
    Scope,
    Space,
    Value,
    merged,
    name_of,
    plain,
    table_of,
    truth,
)
from gwlint.steps import (
    Annotate,
    Attempt,
    Attribute,
    Bind,
    Branch,
    Call,
    Class,
    Declare,
    Dotted,
    Evaluate,
    Expression,
    Function,
    Import,
    Items,
    Leave,
    Loop,
    Operation,
    Step,
    Within,
)

_DEEPEST_CALL = 5
_DEEPEST_IMPORT = 120
"""How deep imports are followed in one another: each takes some ten frames of the interpreter's."""

_MOST_CALLS = 100_000
_MISSING = "ModuleNotFoundError"
_NOT_IN_MODULE = "ImportError"
_POSTPONED_ANNOTATIONS = (3, 14)
_BINDINGS: dict[str, Binding] = {"staticmethod": "static", "classmethod": "class"}

Signal = tuple[str, Value] | None
"""How a block was left: `return` with its value, `break` or `continue`; `None` where its end was reached."""


class Execution(Evaluation):
    """Executes the modules that a handler loads, each once."""

    def __init__(
        self,
        environment: Environment,
        sources: Sources,
        asked: Callable[[str], tuple[str, ...] | None],
        modules: Modules,
    ) -> None:
        """Load nothing yet. `asked` tells what a standard or extension module imports; `modules` are kept."""
        super().__init__(environment)
        self._sources = sources
        self._asked = asked
        self._depth = 0
        self._imports = 0
        self._calls = 0
        self._guarded = 0
        self._returned: dict[object, Value] = {}
        self._active: list[Function] = []
        self._results: list[list[Value]] = []
        self._handled: list[str] = []
        self._modules = modules
        self._public = modules.public
        self._tapes: list[Kept] = []
        self._record.tape = self._copy
        self._missed = 0

    def start(self, module: str) -> Closure:
        """Load the handler's module, and return all that was loaded."""
        try:
            self._load(module, -1, 0)
        except Raised as error:
            self._record.gap(Gap("missing", error.kind, 0, 0))
        return self._record.closure()

    # Modules.

    def _load(self, module: str, importer: int, line: int) -> Space:
        if not self._tapes or importer < 0:
            return self._loaded(module, importer, line)
        events = self._tapes[-1].events
        place = len(events)
        events.append((module, self._record.loads[importer].module, line))
        try:
            return self._loaded(module, importer, line)
        except Raised:
            # What it loaded before it failed stays.
            del events[place]
            raise

    def _loaded(self, module: str, importer: int, line: int) -> Space:
        known = self._spaces.get(module)
        if known is not None:
            self._record.link(importer, known.position, line)
            return known
        parent_name, _, name = module.rpartition(".")
        parent = self._load(parent_name, importer, line) if parent_name else None
        if module in self._spaces:
            # The parent's own code has loaded it.
            return self._load(module, importer, line)
        found = self._find(module, parent)
        if found is None:
            return self._missing(module, parent, importer, line)
        kept = self._modules.kept.get(module)
        # Another function may find something of its own by that name.
        if kept is not None and kept.space.found == found:
            return self._again(kept, parent, importer, line)
        if self._imports > _DEEPEST_IMPORT:
            self._missed += 1
            self._record.gap(Gap("dynamic", module, importer, line))
            return Space(module, -1, found, is_open=True)
        space = self._begin(found, importer, line)
        missed, tape = self._missed, Kept(space)
        self._tapes.append(tape)
        try:
            with self._apart():
                self._fill(space, found)
        except RecursionError:
            self._missed += 1
            self._record.gap(Gap("dynamic", module, importer, line))
        except Raised:
            self._record.fails(space.position)
            del self._spaces[module]
            if len(self._tapes) > 1:
                self._tapes[-2].events += tape.events
            raise
        finally:
            self._tapes.pop()
        space.is_loaded = True
        if missed == self._missed and not self._is_project(space):
            tape.names = dict(space.names)
            self._modules.kept[module] = tape
        if parent is not None:
            parent.names[name] = ModuleValue(space)
        return space

    def _again(self, kept: Kept, parent: Space | None, importer: int, line: int) -> Space:
        """Load a module of a package as it was loaded for another function."""
        space = kept.space
        name = space.name
        if space.found is None:
            return space
        _restore(space.names, kept.names)
        space.position = self._noted(space.found, importer, line)
        self._spaces[name] = space
        tapes, self._tapes = self._tapes, []
        try:
            for event in kept.events:
                if len(event) == 3:
                    self._load(event[0], self._spaces.get(event[1], space).position, event[2])
                elif event[0] in self._spaces:
                    self._record.note(moved(event[1], self._spaces[event[0]].position))
        finally:
            self._tapes = tapes
        if parent is not None:
            parent.names[name.rpartition(".")[2]] = ModuleValue(space)
        return space

    def _copy(self, note: Note) -> None:
        if self._tapes:
            self._tapes[-1].events.append((self._record.loads[note.load].module, note))

    def _find(self, module: str, parent: Space | None) -> Found | None:
        if parent is None:
            return self._environment.find(module)
        if parent.found is None or parent.found.locations is None:
            is_standard = parent.found is not None and parent.found.kind == "standard"
            is_known = is_standard and (module in standard.SUBMODULES or self._asked(module) is not None)
            return Found(module, "standard") if is_known else None
        return self._environment.find(module, parent.found.locations)

    def _missing(self, module: str, parent: Space | None, importer: int, line: int) -> Space:
        # What a module puts into the table of modules itself is no file.
        is_hidden = parent is not None and (
            parent.found is None or parent.is_open or parent.found.kind in ("standard", "extension")
        )
        is_certain = (
            parent is not None or self._environment.is_complete or self._environment.is_of_other_systems(module)
        )
        if not is_hidden and is_certain and any(catches(guard, _MISSING) for guard in self._guards):
            raise Raised(_MISSING)
        self._missed += 1
        position = -1
        if parent is None or (not is_hidden and parent.found is not None):
            position = self._record.load(Load(module, "missing", "", "", parent=importer, line=line))
            self._record.gap(Gap("missing", module, importer, line))
        space = Space(module, position, None, is_open=True, is_loaded=True)
        self._spaces[module] = space
        return space

    def _begin(self, found: Found, importer: int, line: int) -> Space:
        position = self._noted(found, importer, line)
        space = Space(found.module, position, found, is_open=found.kind not in ("source", "namespace"))
        self._spaces[found.module] = space
        return space

    def _noted(self, found: Found, importer: int, line: int) -> int:
        environment = self._environment
        owner = environment.owner(found)
        name, version = owner or ("", "")
        load = Load(
            found.module, environment.origin(found), found.file, environment.shown(found), name, version, importer, line
        )
        return self._record.load(load)

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Do something as if nothing were known of who asks for it, but what they catch."""
        kept = self._times, self._doubt, self._depth, self._guarded, self._active, self._results, self._target
        self._times, self._doubt, self._depth, self._guarded = 1, 0, 0, len(self._guards)
        self._active, self._results, self._target = [], [], ""
        self._imports += 1
        try:
            yield
        finally:
            self._imports -= 1
            self._times, self._doubt, self._depth, self._guarded, self._active, self._results, self._target = kept

    def _fill(self, space: Space, found: Found) -> None:
        if found.source:
            self._environment.note(found.source)
            self._run(space, found)
        if found.kind in ("source", "namespace"):
            return
        asked = self._asked(space.name)
        if not asked and not found.source and found.kind in ("extension", "bytecode"):
            self._record.gap(Gap("extension", space.name, space.position, 0))
        for name in asked or ():
            self._load_if_there(name, space.position)

    def _load_if_there(self, module: str, importer: int) -> None:
        self._guards.append((_MISSING,))
        try:
            self._load(module, importer, 0)
        except Raised:
            return
        finally:
            self._guards.pop()

    def _run(self, space: Space, found: Found) -> None:
        loading = self._sources.of(found.source)
        if loading.error is not None:
            self._record.gap(Gap("syntax", loading.error.message, space.position, loading.error.line))
        package = space.name if found.locations is not None else space.name.rpartition(".")[0]
        space.names |= {
            "__name__": Known(space.name),
            "__file__": Located(found.file),
            "__package__": Known(package),
            "__spec__": Instance(NOTHING, "", {"name": Known(space.name), "parent": Known(package)}),
            **dict.fromkeys(("__builtins__", "__doc__", "__loader__"), NOTHING),
        }
        if found.locations is not None:
            space.names["__path__"] = Collection("list", [Located(one) for one in found.locations])
        self._block(loading.steps, Scope(space, space.names))

    # Steps.

    def _block(self, steps: Sequence[Step], scope: Scope) -> Signal:
        for step in steps:
            signal = self._step(step, scope)
            if signal is not None:
                return signal
        return None

    def _step(self, step: Step, scope: Scope) -> Signal:
        match step:
            case Bind():
                self._bind(step, scope)
            case Import():
                self._import(step, scope)
            case Evaluate(value=value):
                self._value(value, scope)
            case Function():
                self._function(step, scope)
            case Branch():
                return self._branch(step, scope)
            case Class():
                self._class(step, scope)
            case Leave():
                return self._leave(step, scope)
            case Attempt():
                return self._attempt(step, scope)
            case Loop():
                return self._loop(step, scope)
            case Within():
                return self._within(step, scope)
            case Annotate(values=values):
                self._annotate(values, scope)
            case Declare():
                _declare(step, scope)
        return None

    def _annotate(self, values: Sequence[Expression], scope: Scope) -> None:
        if self._environment.target.python < _POSTPONED_ANNOTATIONS:
            for value in values:
                self._value(value, scope)

    # Imports.

    def _import(self, step: Import, scope: Scope) -> None:
        space = scope.space
        package = space.names.get("__package__")
        base = absolute(step.module, step.level, str(package.value) if isinstance(package, Known) else "")
        if not base:
            return
        first = base.partition(".")[0]
        if self._is_unlikely(space):
            bound = [(f"{base}.{name}", alias) for name, alias in step.names]
            for name, alias in bound or [(base if step.bound else first, step.bound or first)]:
                _set(alias, self._outside(name), scope)
            return
        module = self._load(base, space.position, step.line)
        if not step.names:
            _set(step.bound or first, ModuleValue(module if step.bound else self._spaces.get(first, module)), scope)
        for name, alias in step.names:
            if name == "*":
                self._import_all(module, scope, step.line)
            else:
                value = self._taken(module, name, space.position, step.line)
                if isinstance(value, ClassValue | FunctionValue):
                    self._publish(value, f"{base}.{name}", space, module)
                _set(alias, value, scope)

    def _is_unlikely(self, space: Space) -> bool:
        """Tell whether an import is one that a package's function keeps for a case that nobody knows to be met."""
        return self._depth > 0 and self._doubt > 0 and not self._is_project(space)

    def _import_all(self, module: Space, scope: Scope, line: int) -> None:
        scope.space.is_open = scope.space.is_open or module.is_open
        exported = module.names.get("__all__")
        if isinstance(exported, Collection):
            scope.space.is_open = scope.space.is_open or exported.is_open
            for item in exported.items:
                if isinstance(item, Known):
                    name = str(item.value)
                    _set(name, self._taken(module, name, scope.space.position, line), scope)
            return
        for name, value in list(module.names.items()):
            if not name.startswith("_"):
                _set(name, value, scope)

    def _taken(self, module: Space, name: str, importer: int, line: int) -> Value:
        """Return what `from module import name` binds."""
        if name in module.names and self._is_there(module.names[name]):
            value = module.names[name]
            if isinstance(value, ModuleValue):
                self._record.link(importer, value.space.position, line)
            return value
        computed = self._asked_for(module, name)
        if computed is not None:
            return computed
        whole = f"{module.name}.{name}"
        if whole in self._spaces or self._find(whole, module) is not None:
            return ModuleValue(self._load(whole, importer, line))
        is_certain = module.is_loaded and not module.is_open and module.found is not None
        # Only those that are near: a name may be there in a way that nobody can see.
        if is_certain and any(catches(guard, _NOT_IN_MODULE) for guard in self._guards[self._guarded :]):
            raise Raised(_NOT_IN_MODULE)
        return self._outside(whole)

    def _asked_for(self, module: Space, name: str) -> Value | None:
        if name in module.lazy:
            with self._apart():
                self._import(module.lazy[name], Scope(module, module.names))
            return module.names.get(name)
        function = module.names.get("__getattr__")
        if function is None or name.startswith("__"):
            return None
        try:
            value = self._call_value(function, [Known(name)], {}, 0, Scope(module, module.names))
        except Raised:
            return None
        if name in module.names:
            return module.names[name]
        if isinstance(value, Outside | Instance):
            known = self._spaces.get(f"{module.name}.{name}")
            return ModuleValue(known) if known is not None else None
        return value

    # Assignments.

    def _bind(self, step: Bind, scope: Scope) -> None:
        outer, self._target = self._target, _written(step.targets[0]) or self._target
        self._line = step.line
        value = self._value(step.value, scope)
        if isinstance(value, Located) and value.is_content:
            made = Made("file", self._target, (), self._times, 0, scope.space.position, step.line, value.path, "read")
            self._record.make(made)
        self._target = outer
        for target in step.targets:
            if step.operator:
                before = self._value(target, scope) if isinstance(target, Dotted) else NOTHING
                value = operated(step.operator, [before, value])
            self._assign(target, value, scope)

    def _assign(self, target: Expression, value: Value, scope: Scope) -> None:
        match target:
            case Dotted(name=name) if "." not in name:
                _set(name, value, scope)
            case Dotted(name=name):
                owner, _, attribute = name.rpartition(".")
                _set_attribute(self._dotted(owner, scope), attribute, value)
            case Items(items=items):
                self._unpack(items, value, scope)
            case Operation(operator="[]", operands=(container, key)):
                self._set_item(self._value(container, scope), self._value(key, scope), value, scope.space)
            case Operation(operator="*_", operands=(inner,)):
                self._assign(inner, NOTHING, scope)
            case Attribute(of=of, name=name):
                _set_attribute(self._value(of, scope), name, value)
            case _:
                pass

    def _set_item(self, owner: Value, key: Value, value: Value, space: Space) -> None:
        boxed = plain(key)
        if isinstance(owner, Mapping):
            if boxed is not None:
                owner.pairs[boxed[0]] = value
            owner.is_open = owner.is_open or boxed is None or bool(self._doubt)
        elif name_of(owner) == "globals()" and boxed is not None and isinstance(boxed[0], str):
            space.names[boxed[0]] = value
        elif name_of(owner) in ("globals()", "sys.modules"):
            space.is_open = True

    def _unpack(self, targets: Sequence[Expression], value: Value, scope: Scope) -> None:
        items = items_of(value)
        if items is None or len(items) != len(targets):
            items = [NOTHING] * len(targets)
        for target, item in zip(targets, items, strict=True):
            self._assign(target, item, scope)

    # Branches.

    def _branch(self, step: Branch, scope: Scope) -> Signal:
        arms: list[Sequence[Step]] = []
        for test, body in step.arms:
            answer = True if test is None else self._truth(test, scope)
            if answer is None and test is not None and self._is_for_types(test, scope):
                _note_lazy(body, scope.space)
            elif answer is not False:
                arms.append(body)
            if answer is True:
                break
        else:
            arms.append(())
        return self._block(arms[0], scope) if len(arms) == 1 else self._alternatives(arms, scope)

    def _is_for_types(self, test: Expression, scope: Scope) -> bool:
        """Tell a block for type checkers that also runs where its names can't be loaded when they are used."""
        if not isinstance(test, Operation) or test.operator != "or":
            return False
        first = test.operands[0]
        return isinstance(first, Dotted) and first.name.endswith("TYPE_CHECKING") and self._truth(first, scope) is False

    def _alternatives(self, arms: Sequence[Sequence[Step]], scope: Scope) -> Signal:
        """Run arms of which nobody knows which would run, each from the same state."""
        before = dict(scope.names)
        ends: list[dict[str, Value]] = []
        signals: list[tuple[str, Value]] = []
        errors: list[Raised] = []
        self._doubt += 1
        try:
            for arm in arms:
                _restore(scope.names, before)
                try:
                    signal = self._block(arm, scope)
                except Raised as error:
                    errors.append(error)
                    continue
                if signal is None:
                    ends.append(dict(scope.names))
                else:
                    signals.append(signal)
        finally:
            self._doubt -= 1
        _restore(scope.names, _merged_names(ends or [before]))
        returned = [value for kind, value in signals if kind == "return"]
        if ends:
            if self._results:
                self._results[-1] += returned
            return None
        if signals:
            return ("return", merged(returned) or NOTHING) if returned else signals[0]
        raise errors[0]

    def _attempt(self, step: Attempt, scope: Scope) -> Signal:
        caught = tuple(kind for kinds, _, _ in step.handlers for kind in self._kinds(kinds, scope))
        guards = len(self._guards)
        try:
            self._guards.append(caught)
            try:
                signal = self._block(step.body, scope)
            except Raised as error:
                del self._guards[guards:]
                signal = self._handle(step, error, scope)
            else:
                del self._guards[guards:]
                signal = signal or self._block(step.otherwise, scope)
        finally:
            del self._guards[guards:]
            left = self._block(step.finally_, scope)
        return left or signal

    def _handle(self, step: Attempt, error: Raised, scope: Scope) -> Signal:
        for kinds, name, body in step.handlers:
            if catches(self._kinds(kinds, scope), error.kind):
                if name:
                    _set(name, NOTHING, scope)
                self._handled.append(error.kind)
                try:
                    return self._block(body, scope)
                finally:
                    self._handled.pop()
        raise error

    def _kinds(self, kinds: Sequence[Expression], scope: Scope) -> tuple[str, ...]:
        """Return the names of the exceptions that are caught."""
        if not kinds:
            return ("BaseException",)
        values = [self._value(kind, scope) for kind in kinds]
        named = [one for value in values for one in (items_of(value) or [value])]
        return tuple(name_of(value).removeprefix("builtins.") for value in named)

    def _within(self, step: Within, scope: Scope) -> Signal:
        caught: tuple[str, ...] = ()
        for manager, target in step.managers:
            value = self._value(manager, scope)
            if isinstance(manager, Call) and name_of(value) == "contextlib.suppress":
                caught += self._kinds(manager.arguments, scope)
            if target is not None:
                self._assign(target, value, scope)
        guards = len(self._guards)
        self._guards += [caught] if caught else []
        try:
            return self._block(step.body, scope)
        except Raised as error:
            if not catches(caught, error.kind):
                raise
            return None
        finally:
            del self._guards[guards:]

    def _loop(self, step: Loop, scope: Scope) -> Signal:
        over = self._value(step.over, scope)
        if step.target is None:
            return None if truth(over) is False else self._turns(step, [NOTHING], 1, scope)
        items = items_of(over)
        if items is not None and len(items) <= MOST_ITEMS:
            return self._turns(step, items, 1, scope)
        return self._turns(step, [NOTHING], max(length_of(over) or 1, 1), scope)

    def _turns(self, step: Loop, items: Sequence[Value], times: int, scope: Scope) -> Signal:
        outer, self._times = self._times, min(self._times * times, 2**62)
        try:
            for item in items:
                self._patience -= 1
                if self._patience < 0 and item is not items[0]:
                    break
                if step.target is not None:
                    self._assign(step.target, item, scope)
                signal = self._block(step.body, scope)
                if signal is not None and signal[0] != "continue":
                    return signal if signal[0] == "return" else None
        finally:
            self._times = outer
        return self._block(step.otherwise, scope)

    def _leave(self, step: Leave, scope: Scope) -> Signal:
        value: Value = Known(None) if step.value is None else self._value(step.value, scope)
        if step.kind != "raise":
            return step.kind, value
        kind = name_of(value) or (self._handled[-1] if self._handled and step.value is None else "Exception")
        if self._doubt or any(catches(guard, kind) for guard in self._guards):
            raise Raised(kind)
        # What nobody catches does not happen, as functions that are deployed do start: some value has been mistaken.
        return ("return", NOTHING) if self._results else None

    # Definitions.

    def _function(self, step: Function, scope: Scope) -> None:
        defaults = {name: self._value(value, scope) for name, value in step.defaults}
        self._annotate(step.annotations, scope)
        name = f"{scope.space.name}.{scope.prefix}{step.name}"
        decorators = [self._value(decorator, scope) for decorator in step.decorators]
        names = tuple(map(self._called, decorators))
        binding: Binding = next((_BINDINGS[one] for one in names if one in _BINDINGS), "instance")
        function: Value = FunctionValue(step, scope, name, defaults, binding)
        if self._is_project(scope.space):
            self._record.declare(Declared("function", name, (), names, 0, scope.space.position, step.line))
        for decorator in reversed(decorators):
            function = self._decorate(decorator, function, step.line, scope)
        _set(step.name, function, scope)

    def _decorate(self, decorator: Value, decorated: Value, line: int, scope: Scope) -> Value:
        made = self._call_value(decorator, [decorated], {}, line, scope)
        return made if isinstance(made, FunctionValue | ClassValue | Method | LambdaValue) else decorated

    def _class(self, step: Class, scope: Scope) -> None:
        bases = tuple(self._value(base, scope) for base in step.bases)
        keywords = {name: self._value(value, scope) for name, value in step.keywords}
        decorators = [self._value(decorator, scope) for decorator in step.decorators]
        name = f"{scope.space.name}.{scope.prefix}{step.name}"
        inner = Scope(scope.space, {}, scope, is_class=True, prefix=f"{scope.prefix}{step.name}.")
        made = ClassValue(step, inner, name, bases, tuple(dict.fromkeys(self._ancestors(bases))))
        self._block(step.body, inner)
        position, names = scope.space.position, tuple(map(self._called, decorators))
        self._record.declare(Declared("class", name, made.ancestors, names, step.fields, position, step.line))
        self._make_class(made, keywords)
        value: Value = made
        for decorator in reversed(decorators):
            value = self._decorate(decorator, value, step.line, scope)
        _set(step.name, value, scope)

    def _ancestors(self, bases: Sequence[Value]) -> Iterator[str]:
        yield from filter(None, map(self._called, bases))
        for base in bases:
            if isinstance(base, ClassValue):
                yield from base.ancestors

    def _make_class(self, made: ClassValue, keywords: dict[str, Value]) -> None:
        """Run what makes a class: its metaclass, and what its bases do with those that inherit from them."""
        metaclass = keywords.get("metaclass") or _metaclass(made)
        if isinstance(metaclass, ClassValue):
            made.scope.names.setdefault("__metaclass__", metaclass)
            for name in ("__new__", "__init__"):
                method = member_of(metaclass, name)
                if isinstance(method, FunctionValue):
                    self._follow(method, [NOTHING, NOTHING, Collection("tuple", list(made.bases)), NOTHING], {})
        for base in made.bases:
            hook = member_of(base, "__init_subclass__")
            if isinstance(hook, FunctionValue):
                self._follow(hook, [made], {})
                return

    # Calls.

    def _follow(self, function: FunctionValue, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value:
        """Run the body of a function, unless it has been run with the same constants."""
        step = function.step
        if step.is_lazy:
            return NOTHING
        given = tuple((name, _identity(value)) for name, value in keywords.items())
        key = id(step), function.scope, tuple(map(_identity, arguments)), given
        if key in self._returned:
            return self._returned[key]
        if self._depth >= _DEEPEST_CALL or self._calls > _MOST_CALLS or any(one is step for one in self._active):
            return NOTHING
        self._returned[key] = NOTHING
        self._returned[key] = self._ran(function, _parameters(function, arguments, keywords))
        return self._returned[key]

    def _ran(self, function: FunctionValue, names: dict[str, Value]) -> Value:
        """Return what the body of a function returns."""
        step, outer = function.step, function.scope
        scope = Scope(outer.space, names, outer, prefix=f"{outer.prefix}{step.name}.<locals>.")
        target, self._target = self._target, ""
        self._calls += 1
        self._depth += 1
        self._active.append(step)
        self._results.append([])
        signal: Signal = None
        try:
            signal = self._block(step.body, scope)
        except Raised:
            if not self._results[-1]:
                raise
        finally:
            results = self._results.pop()
            self._active.pop()
            self._depth -= 1
            self._target = target
        if signal is not None and signal[0] == "return":
            results.append(signal[1])
        return (merged(results) or NOTHING) if results else Known(None)


def _metaclass(of: ClassValue) -> Value | None:
    own = of.scope.names.get("__metaclass__")
    inherited = (_metaclass(base) for base in of.bases if isinstance(base, ClassValue))
    return own or next((found for found in inherited if found is not None), None)


def _parameters(function: FunctionValue, arguments: Sequence[Value], keywords: dict[str, Value]) -> dict[str, Value]:
    step = function.step
    names: dict[str, Value] = dict.fromkeys((*step.parameters, *step.only_keywords), NOTHING)
    rest = {name: value for name, value in keywords.items() if name not in names}
    names |= function.defaults
    names |= dict(zip(step.parameters, arguments, strict=False))
    names |= {name: value for name, value in keywords.items() if name in names}
    if step.variadic:
        names[step.variadic] = Collection("tuple", list(arguments[len(step.parameters) :]))
    if step.keywords:
        names[step.keywords] = Mapping(table_of(rest))
    return names


def _set(name: str, value: Value, scope: Scope) -> None:
    scope.shared.get(name, scope.names)[name] = value


def _set_attribute(owner: Value, name: str, value: Value) -> None:
    if isinstance(owner, Instance):
        owner.attributes[name] = value
    elif isinstance(owner, ModuleValue):
        owner.space.names[name] = value


def _declare(step: Declare, scope: Scope) -> None:
    for name in step.names:
        if step.kind == "del":
            scope.shared.get(name, scope.names).pop(name, None)
        elif step.kind == "global":
            scope.shared[name] = scope.space.names
        else:
            outer = scope.outer
            while outer is not None and name not in outer.names:
                outer = outer.outer
            if outer is not None:
                scope.shared[name] = outer.names


def _restore(names: dict[str, Value], state: dict[str, Value]) -> None:
    names.clear()
    names.update(state)


def _merged_names(ends: Sequence[dict[str, Value]]) -> dict[str, Value]:
    """Return the names after arms that end in different ways."""
    names = dict(ends[0])
    for end in ends[1:]:
        for name, value in end.items():
            if names.get(name) is not value:
                names[name] = merged((names.get(name), value)) or NOTHING
    return names


def _note_lazy(body: Sequence[Step], space: Space) -> None:
    for step in body:
        if isinstance(step, Import):
            for name, alias in step.names:
                space.lazy.setdefault(alias, Import(step.module, step.level, ((name, alias),), "", step.line))


def _written(expression: Expression) -> str:
    return expression.name if isinstance(expression, Dotted) else ""


def _identity(value: Value) -> object:
    """Return what tells values apart for what functions do with them."""
    boxed = plain(value)
    if boxed is not None:
        return repr(boxed)
    match value:
        case Outside(name=name):
            return name
        case Instance(of=of):
            return _identity(of)
        case Collection(items=items):
            return tuple(map(_identity, items))
        case FunctionValue() | ClassValue() | LambdaValue():
            return value
        case ModuleValue(space=space):
            return space
        case _:
            return type(value).__name__
