"""Expressions, evaluated as far as loading other modules depends on them."""

from __future__ import annotations

import builtins
import os
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from gwlint.footprint import natives
from gwlint.footprint.environment import Environment
from gwlint.footprint.folding import MOST_ITEMS, as_text, catches, items_of, joined, length_of, of_target, operated
from gwlint.footprint.loads import Gap, Invoked, Made
from gwlint.footprint.record import Record
from gwlint.footprint.values import (
    NOTHING,
    Bulk,
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
    Native,
    Outside,
    Plain,
    Scope,
    Space,
    Value,
    merged,
    name_of,
    plain,
    truth,
)
from gwlint.steps import (
    Attribute,
    Call,
    Constant,
    Dotted,
    Each,
    Expression,
    Items,
    Lambda,
    Large,
    Operation,
    Other,
    Table,
    Text,
)

_MOST_TURNS = 200_000
"""How many turns loops and comprehensions take, all in all: they may stand in one another."""

_FEWEST_ELEMENTS = 64
"""Smaller data is no more than the code that makes it."""

_BUILTINS = frozenset(dir(builtins))
_IMPORTERS = frozenset({"importlib.import_module", "importlib.__import__", "__import__", "builtins.__import__"})
_BINDING_BY_NAME = frozenset({"exec", "locals", "setattr", "vars"})
_PASSING = frozenset(
    {
        "abc.abstractmethod", "classmethod", "contextlib.asynccontextmanager", "contextlib.contextmanager",
        "dataclasses.dataclass", "enum.unique", "functools.cache", "functools.cached_property", "functools.lru_cache",
        "functools.singledispatch", "functools.total_ordering", "functools.update_wrapper", "property", "staticmethod",
        "typing.dataclass_transform", "typing.final", "typing.no_type_check", "typing.overload",
        "typing.runtime_checkable",
    }
)  # fmt: skip
"""What hands back something that can be called like the function it is given."""

_ABSENT = frozenset(
    {
        "sys._MEIPASS", "sys.frozen", "sys.getandroidapilevel", "sys.gettotalrefcount", "sys.getwindowsversion",
        "sys.ps1", "sys.pypy_version_info", "sys.real_prefix", "sys.winver",
    }
)  # fmt: skip
"""What `sys` has on other systems, in other interpreters or other ways to run."""

_ARRAYS = frozenset({"bytearray", "bytes", "empty", "full", "ones", "zeros"})


class Raised(Exception):  # noqa: N818  # it stands for the exception of the program that is followed
    """An exception in the program that is followed, by the name of its class."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Evaluation(ABC):
    """Evaluates expressions. Who executes steps says how modules are loaded and functions are run."""

    def __init__(self, environment: Environment) -> None:
        """Know nothing yet."""
        self._environment = environment
        self._record = Record()
        self._spaces: dict[str, Space] = {}
        self._guards: list[tuple[str, ...]] = []
        self._doubt = 0
        self._times = 1
        self._target = ""
        self._public: dict[int, tuple[Value, str]] = {}
        self._line = 0
        self._patience = _MOST_TURNS

    @abstractmethod
    def _load(self, module: str, importer: int, line: int) -> Space:
        """Load a module, its parents first. Raises `Raised` where it is missing and somebody may catch that."""

    @abstractmethod
    def _follow(self, function: FunctionValue, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value:
        """Run the body of a function."""

    @abstractmethod
    def _asked_for(self, module: Space, name: str) -> Value | None:
        """Return what a module makes of a name that is not bound in it; `None` where it makes nothing."""

    def _is_there(self, value: Value) -> bool:
        """Tell whether a value is no module that only another function has loaded."""
        return not isinstance(value, ModuleValue) or value.space.name in self._spaces

    def _is_project(self, space: Space) -> bool:
        return space.position >= 0 and self._record.loads[space.position].origin == "project"

    # Expressions.

    def _truth(self, expression: Expression, scope: Scope) -> bool | None:
        return truth(self._value(expression, scope))

    def _value(self, expression: Expression, scope: Scope) -> Value:
        # By how often there is one: this is most of what following functions costs.
        kind = type(expression)
        if kind is Dotted:
            return self._dotted(expression.name, scope)  # type: ignore[union-attr]  # the same as the test above
        if kind is Constant:
            return Known(expression.value)  # type: ignore[union-attr]  # the same
        match expression:
            case Call():
                return self._call(expression, scope)
            case Operation(operator=operator, operands=operands):
                return self._operation(operator, operands, scope)
            case Items(form=form, items=items):
                return self._collection(form, items, scope)
            case Other(operands=operands):
                for operand in operands:
                    self._value(operand, scope)
                return NOTHING
            case Attribute(of=of, name=name):
                return self._attribute(self._value(of, scope), name)
            case Table(pairs=pairs):
                return self._mapping(pairs, scope)
            case Text(parts=parts):
                return joined([self._value(part, scope) for part in parts])
            case Each():
                return self._each(expression, scope)
            case Large():
                return self._large(expression, scope)
            case Lambda(parameters=parameters, body=body):
                return LambdaValue(parameters, body, scope)
            case _:
                return NOTHING

    def _collection(self, form: str, items: Sequence[Expression], scope: Scope) -> Value:
        values: list[Value] = []
        is_open = False
        for item in items:
            if isinstance(item, Operation) and item.operator == "*_":
                inner = items_of(self._value(item.operands[0], scope))
                values += inner or []
                is_open = is_open or inner is None
            else:
                values.append(self._value(item, scope))
        return Collection(form, values, is_open)

    def _mapping(self, pairs: Sequence[tuple[Expression | None, Expression]], scope: Scope) -> Value:
        made = Mapping({})
        for key, value in pairs:
            found = self._value(value, scope)
            boxed = None if key is None else plain(self._value(key, scope))
            if key is None and isinstance(found, Mapping):
                made.pairs.update(found.pairs)
                made.is_open = made.is_open or found.is_open
            elif boxed is not None:
                made.pairs[boxed[0]] = found
            else:
                made.is_open = True
        return made

    def _large(self, large: Large, scope: Scope) -> Value:
        position = scope.space.position
        self._record.make(
            Made("literal", self._target, large.census, self._times, large.source_bytes, position, large.line)
        )
        if large.content is not None:
            return self._value(large.content, scope)
        return Bulk(large.form, large.length, dict(large.census))

    def _operation(self, operator: str, operands: Sequence[Expression], scope: Scope) -> Value:
        if operator in ("and", "or"):
            return self._either(operator, operands, scope)
        if operator == "if":
            return self._choice(operands, scope)
        if operator == ":=":
            value = self._value(operands[1], scope)
            scope.names[operands[0].name if isinstance(operands[0], Dotted) else ""] = value
            return value
        values = [self._value(operand, scope) for operand in operands]
        if len(values) == 2 and name_of(values[-1] if operator != "[]" else values[0]) == "sys.modules":
            return self._of_loaded(operator, values)
        made = operated(operator, values)
        if isinstance(made, Bulk) and made.is_repetition:
            self._make("repetition", made, scope, self._line)
        return made

    def _of_loaded(self, operator: str, values: Sequence[Value]) -> Value:
        """Look something up in the table of loaded modules."""
        name = as_text(values[1 if operator == "[]" else 0])
        if operator == "[]":
            return ModuleValue(self._spaces[name]) if name in self._spaces else NOTHING
        if name is None or operator not in ("in", "not in"):
            return NOTHING
        return Known((name in self._spaces) is (operator == "in"))

    def _either(self, operator: str, operands: Sequence[Expression], scope: Scope) -> Value:
        decisive = operator == "or"
        values: list[Value] = []
        for operand in operands:
            value = self._value(operand, scope)
            answer = truth(value)
            if answer is decisive:
                return Known(decisive) if values else value
            if answer is None:
                values.append(value)
        return NOTHING if values else value

    def _choice(self, operands: Sequence[Expression], scope: Scope) -> Value:
        test, body, otherwise = operands
        answer = self._truth(test, scope)
        if answer is not None:
            return self._value(body if answer else otherwise, scope)
        return merged((self._value(body, scope), self._value(otherwise, scope))) or NOTHING

    # Comprehensions.

    def _each(self, each: Each, scope: Scope) -> Value:
        inner = Scope(scope.space, {}, scope, prefix=scope.prefix)
        made: list[Value] = []
        is_whole, length = self._turn_through(each, 0, inner, made)
        if length >= _FEWEST_ELEMENTS and each.form != "generator":
            bulk = Bulk(each.form, length, _census(each.form, made, length))
            self._make("comprehension", bulk, scope, each.line)
            if not is_whole:
                return bulk
        if each.form != "dict":
            return Collection(each.form, made, is_open=not is_whole)
        pairs = [
            (plain(one.items[0]), one.items[1]) for one in made if isinstance(one, Collection) and len(one.items) > 1
        ]
        known: dict[Plain, Value] = {key[0]: value for key, value in pairs if key is not None}
        return Mapping(known, is_open=not is_whole or len(known) < len(made))

    def _turn_through(self, each: Each, place: int, scope: Scope, made: list[Value]) -> tuple[bool, int]:
        """Make the elements, as far as these can be told; return whether these are all, and how many there are."""
        if place == len(each.loops):
            if len(made) < MOST_ITEMS:
                made.append(self._value(each.element, scope))
            return len(made) < MOST_ITEMS, 1
        target, over, tests = each.loops[place]
        value = self._value(over, scope)
        items = items_of(value)
        if items is None or len(items) > MOST_ITEMS:
            length = length_of(value) or 0
            self._bind_target(target, Known(length) if length else NOTHING, scope)
            for test in tests:
                self._value(test, scope)
            return False, length * self._turn_through(each, place + 1, scope, made)[1]
        is_whole, total = not (isinstance(value, Collection | Mapping) and value.is_open), 0
        for place_of_item, item in enumerate(items):
            self._patience -= 1
            if self._patience < 0 or len(made) >= MOST_ITEMS:
                return False, total + (len(items) - place_of_item) * max(total // max(place_of_item, 1), 1)
            self._bind_target(target, item, scope)
            answers = [self._truth(test, scope) for test in tests]
            if False not in answers:
                is_inner_whole, length = self._turn_through(each, place + 1, scope, made)
                is_whole, total = is_whole and is_inner_whole and None not in answers, total + length
        return is_whole, total

    def _bind_target(self, target: Expression, value: Value, scope: Scope) -> None:
        if isinstance(target, Dotted):
            scope.names[target.name] = value
        elif isinstance(target, Items):
            items = items_of(value)
            if items is None or len(items) != len(target.items):
                items = [NOTHING] * len(target.items)
            for one, item in zip(target.items, items, strict=True):
                self._bind_target(one, item, scope)

    def _make(self, form: Literal["comprehension", "repetition"], bulk: Bulk, scope: Scope, line: int) -> None:
        if bulk.length >= _FEWEST_ELEMENTS:
            census = tuple(sorted(bulk.census.items()))
            self._record.make(Made(form, self._target, census, self._times, 0, scope.space.position, line))

    # Names and attributes.

    def _dotted(self, dotted: str, scope: Scope) -> Value:
        if "." not in dotted:
            return self._name(dotted, scope)
        root, *names = dotted.split(".")
        value = self._name(root, scope)
        for name in names:
            owner, value = value, self._attribute(value, name)
            if isinstance(owner, ModuleValue) and isinstance(value, ClassValue | FunctionValue):
                self._publish(value, f"{owner.space.name}.{name}", scope.space, owner.space)
        return value

    def _publish(self, value: Value, name: str, importer: Space, module: Space) -> None:
        """Note under which name others know something that a package has: the first one from outside of it."""
        if importer.name.partition(".")[0] != module.name.partition(".")[0] and not self._is_project(module):
            self._public.setdefault(id(value), (value, name))

    def _called(self, value: Value) -> str:
        """Return what a value is called, written out as those outside of its package write it."""
        if isinstance(value, Method):
            return f"{self._called(value.of)}.{value.function.step.name}"
        _, name = self._public.get(id(value), (value, name_of(value)))
        return name

    def _name(self, name: str, scope: Scope) -> Value:
        one: Scope | None = scope
        while one is not None:
            if name in one.names and (one is scope or not one.is_class):
                return one.names[name]
            one = one.outer
        space = scope.space
        if name in space.names:
            return space.names[name]
        if name in _BUILTINS:
            space.is_open = space.is_open or name in _BINDING_BY_NAME
            return Outside(name)
        if not space.is_open and self._guards and catches(self._guards[-1], "NameError"):
            raise Raised("NameError")
        return NOTHING

    def _outside(self, name: str) -> Value:
        """Return what is known of something that has no source."""
        return of_target(name, self._environment.target.python) or Outside(name)

    def _attribute(self, value: Value, name: str) -> Value:
        match value:
            case ModuleValue(space=space):
                return self._attribute_of_module(space, name)
            case Outside(name=of):
                return self._outside(f"{of}.{name}") if of else NOTHING
            case Instance():
                return self._attribute_of_instance(value, name)
            case ClassValue():
                return self._attribute_of_class(value, name)
            case Collection(items=[major, minor, *_]) if name in ("major", "minor"):
                return major if name == "major" else minor
            case Located(path=path) if name in ("parent", "name"):
                return Located(os.path.dirname(path)) if name == "parent" else Known(os.path.basename(path))  # noqa: PTH119, PTH120
            case Known() | Collection() | Mapping() | Located():
                return Native(
                    name,
                    lambda arguments, _: natives.method(value, name, arguments, in_doubt=bool(self._doubt)),
                )
            case FunctionValue(step=step, name=of):
                return Known(step.name) if name == "__name__" else Outside(f"{of}.{name}")
            case _:
                return NOTHING

    def _attribute_of_module(self, space: Space, name: str) -> Value:
        if name in space.names and self._is_there(space.names[name]):
            return space.names[name]
        whole = f"{space.name}.{name}"
        if space.found is None or space.found.kind == "standard":
            return self._outside(whole)
        if whole in self._spaces:
            return ModuleValue(self._spaces[whole])
        return self._asked_for(space, name) or self._outside(whole)

    def _attribute_of_class(self, value: ClassValue, name: str) -> Value:
        member = member_of(value, name)
        if isinstance(member, FunctionValue) and member.binding == "class":
            return Method(member, value)
        if member is not None:
            return member
        return Known(value.step.name) if name == "__name__" else Outside(f"{self._called(value)}.{name}")

    def _attribute_of_instance(self, value: Instance, name: str) -> Value:
        if name in value.attributes:
            return value.attributes[name]
        member = member_of(value.of, name)
        if isinstance(member, FunctionValue) and member.binding != "static":
            return Method(member, value if member.binding == "instance" else value.of)
        if member is not None:
            return member
        return Outside(f"{value.name}.{name}") if value.name else NOTHING

    # Calls.

    def _call(self, call: Call, scope: Scope) -> Value:
        function = self._value(call.function, scope)
        arguments: list[Value] = []
        for argument in call.arguments:
            if isinstance(argument, Operation) and argument.operator == "*_":
                arguments += items_of(self._value(argument.operands[0], scope)) or []
            else:
                arguments.append(self._value(argument, scope))
        keywords = {name: self._value(value, scope) for name, value in call.keywords}
        keywords.pop("", None)
        self._line = call.line
        return self._call_value(function, arguments, keywords, call.line, scope)

    def _call_value(
        self, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], line: int, scope: Scope
    ) -> Value:
        """Call something from some line of some scope."""
        self._note_file_or_array(function, arguments, keywords, line, scope)
        match function:
            case FunctionValue():
                if self._is_project(scope.space) and not self._is_project(function.scope.space):
                    # What it makes has a price of its own.
                    self._invoke(self._called(function), arguments, keywords, line, scope, ())
                return self._follow(function, arguments, keywords)
            case Method(function=inner, of=of):
                if self._is_project(scope.space) and not self._is_project(inner.scope.space):
                    self._invoke(self._called(function), arguments, keywords, line, scope, ())
                return self._follow(inner, [of, *arguments], keywords)
            case LambdaValue(parameters=parameters, body=body, scope=outer):
                return self._value(body, Scope(outer.space, dict(zip(parameters, arguments, strict=False)), outer))
            case ClassValue():
                return self._instantiate(function, arguments, keywords, line, scope)
            case Native(call=run):
                return run(arguments, keywords)
            case Instance(of=ClassValue() as made):
                method = member_of(made, "__call__")
                return (
                    self._follow(method, [function, *arguments], keywords)
                    if isinstance(method, FunctionValue)
                    else NOTHING
                )
            case Outside() | Instance():
                return self._call_outside(function, arguments, keywords, line, scope)
            case _:
                return NOTHING

    def _call_outside(
        self,
        function: Outside | Instance,
        arguments: Sequence[Value],
        keywords: dict[str, Value],
        line: int,
        scope: Scope,
    ) -> Value:
        name = function.name
        if not name:
            return Instance(function, "")
        if isinstance(function, Outside):
            known = self._known_function(name, arguments, keywords, line, scope)
            if known is not None:
                return known
        if name in _PASSING and arguments:
            return arguments[0]
        self._invoke(name, arguments, keywords, line, scope, ())
        return Instance(function, name)

    def _instantiate(
        self, made: ClassValue, arguments: Sequence[Value], keywords: dict[str, Value], line: int, scope: Scope
    ) -> Value:
        name = self._called(made)
        self._invoke(name, arguments, keywords, line, scope, made.ancestors)
        instance = Instance(made, name)
        initialiser = member_of(made, "__init__")
        if isinstance(initialiser, FunctionValue):
            self._follow(initialiser, [instance, *arguments], keywords)
        return instance

    def _invoke(
        self,
        callee: str,
        arguments: Sequence[Value],
        keywords: dict[str, Value],
        line: int,
        scope: Scope,
        bases: tuple[str, ...],
    ) -> None:
        self._record.invoke(
            Invoked(
                callee,
                tuple(as_text(one) or "" for one in arguments),
                tuple((name, as_text(value) or "") for name, value in keywords.items()),
                self._times,
                scope.space.position,
                line,
                bases,
            )
        )

    def _note_file_or_array(
        self, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], line: int, scope: Scope
    ) -> None:
        if not arguments:
            return
        first, position = arguments[0], scope.space.position
        if isinstance(first, Located) and first.is_open:
            name = self._called(function)
            if name and not name.startswith("open"):
                self._record.make(Made("file", self._target, (), self._times, 0, position, line, first.path, name))
            return
        boxed = plain(first)
        if boxed is None or isinstance(boxed[0], str | float | bool | None):
            return
        name = self._called(function)
        if name.rpartition(".")[2] in _ARRAYS and (count := _count(boxed[0])) >= _FEWEST_ELEMENTS:
            kind = self._called(keywords["dtype"]) if "dtype" in keywords else ""
            kind = kind.rpartition(".")[2] or as_text(keywords.get("dtype", NOTHING)) or "element"
            self._record.make(
                Made("array", self._target, ((kind, count),), self._times, 0, position, line, reader=name)
            )

    # What is done here.

    def _known_function(
        self, name: str, arguments: Sequence[Value], keywords: dict[str, Value], line: int, scope: Scope
    ) -> Value | None:
        """Return what a function of the standard library returns; `None` where that is not known here."""
        if name in _IMPORTERS:
            return self._import_by_name(name, arguments, keywords, line, scope)
        match name:
            case "globals" | "locals" | "vars" if not arguments:
                return Outside("globals()")
            case "getattr" if len(arguments) > 1:
                return self._got(arguments)
            case "hasattr" if len(arguments) > 1:
                return self._has(arguments)
            case "os.environ.get" | "os.getenv" if not self._is_project(scope.space):
                # Packages ask for what nobody sets; the project asks for what somebody does.
                return arguments[1] if len(arguments) > 1 else Known(None)
            case "sys.modules.get" if arguments:
                return self._of_loaded("[]", [NOTHING, arguments[0]])
            case "pkgutil.iter_modules" if arguments:
                return self._modules_in(items_of(arguments[0]) or [])
            case "importlib.resources.files" if arguments:
                return self._files_of(arguments[0])
            case _:
                return natives.returned(name, arguments, keywords)

    def _import_by_name(
        self, function: str, arguments: Sequence[Value], keywords: dict[str, Value], line: int, scope: Scope
    ) -> Value:
        text = as_text(arguments[0] if arguments else keywords.get("name", NOTHING))
        space = scope.space
        is_plain = function.endswith("__import__")
        level = 0 if is_plain or text is None else len(text) - len(text.lstrip("."))
        anchor = arguments[1] if len(arguments) > 1 else keywords.get("package", NOTHING)
        if is_plain:
            given = plain(arguments[4] if len(arguments) > 4 else keywords.get("level", NOTHING))
            level = given[0] if given is not None and isinstance(given[0], int) else 0
            anchor = space.names.get("__package__", NOTHING)
        package = as_text(anchor)
        if not text or (level and not package):
            self._record.gap(Gap("dynamic", function, space.position, line))
            return NOTHING
        whole = absolute(text.lstrip("."), level, package or "")
        loaded = self._load(whole, space.position, line)
        if is_plain and len(arguments) < 4 and "fromlist" not in keywords:
            return ModuleValue(self._spaces.get(whole.partition(".")[0], loaded))
        return ModuleValue(loaded)

    def _got(self, arguments: Sequence[Value]) -> Value:
        of, name = arguments[0], as_text(arguments[1])
        if name is None:
            return NOTHING
        if len(arguments) > 2 and self._has(arguments) == Known(False):
            return arguments[2]
        return self._attribute(of, name)

    def _has(self, arguments: Sequence[Value]) -> Value:
        of, name = arguments[0], as_text(arguments[1])
        if f"{name_of(of)}.{name}" in _ABSENT:
            return Known(False)
        if name is not None and isinstance(of, ModuleValue) and of.space.found is not None:
            if name in of.space.names:
                return Known(True)
            if of.space.found.kind == "source" and not of.space.is_open and "__getattr__" not in of.space.names:
                return Known(f"{of.space.name}.{name}" in self._spaces)
        return NOTHING

    def _modules_in(self, folders: Sequence[Value]) -> Value:
        paths = [path for one in folders if (path := as_text(one)) is not None]
        found: list[Value] = [
            Collection("tuple", [NOTHING, Known(name), Known(is_package)])
            for path in paths
            for name, is_package in self._environment.modules_in(path)
        ]
        return Collection("list", found, is_open=not folders or len(paths) < len(folders))

    def _files_of(self, package: Value) -> Value:
        space = package.space if isinstance(package, ModuleValue) else self._spaces.get(as_text(package) or "")
        found = space.found if space is not None else None
        return Located(found.locations[0]) if found is not None and found.locations else NOTHING


def member_of(of: Value, name: str) -> Value | None:
    """Return an attribute of a class or its bases."""
    if not isinstance(of, ClassValue):
        return None
    if name in of.scope.names:
        return of.scope.names[name]
    return next((found for base in of.bases if (found := member_of(base, name)) is not None), None)


def absolute(module: str, level: int, package: str) -> str:
    """Return the whole name of what a relative import asks for."""
    if not level:
        return module
    parts = package.split(".")
    base = ".".join(parts[: len(parts) - level + 1])
    return ".".join(one for one in (base, module) if one)


def _count(shape: Plain) -> int:
    """Return how many elements an array of some shape has."""
    count = 1
    for one in shape if isinstance(shape, tuple) else (shape,):
        if not isinstance(one, int) or isinstance(one, bool):
            return 0
        count = min(count * max(one, 0), 2**62)
    return count


def _census(form: str, made: Sequence[Value], length: int) -> dict[str, int]:
    """Count what a comprehension is made of, by the elements that are known."""
    own = {form: 1, "entry" if form == "dict" else "element": length}
    inner: Counter[str] = Counter()
    for element in made:
        inner.update(_kinds(element.items if form == "dict" and isinstance(element, Collection) else [element]))
    scaled = {kind: round(count * length / len(made)) for kind, count in inner.items()}
    return {kind: scaled.get(kind, 0) + own.get(kind, 0) for kind in {**own, **scaled}}


def _kinds(values: Sequence[Value]) -> Iterator[str]:
    for value in values:
        match value:
            case Known(value=plain_value):
                kind = type(plain_value).__name__
                yield {"str": "string", "NoneType": "none"}.get(kind, kind)
                if isinstance(plain_value, str):
                    yield from ["string-bytes"] * len(plain_value)
            case Collection(form=form, items=items):
                yield form
                yield from ["element"] * len(items)
                yield from _kinds(items)
            case Mapping(pairs=pairs):
                yield "dict"
                yield from ["entry"] * len(pairs)
                yield from _kinds([*pairs.values()])
            case _:
                yield "object"
