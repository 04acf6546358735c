"""What runs when Lambda calls a handler: which functions, on which values, and what they make anew each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from gwlint.callees import Callees, Meaning
from gwlint.handlers import Handlers
from gwlint.model import EVENT, FRESH, NO_DEFINITION, Action, Argument, Census, Conduct, Parameter, Procedure

FIXED, OPEN, FROM_EVENT = 0, 1, 2
"""How much a value may vary: not at all, as the result of a call may, or with every event."""

_Function = tuple[str, str]
"""The path of a module, and the name of a function or class in it."""

_RUNNING = frozenset(
    {"asyncio.gather", "asyncio.run", "asyncio.to_thread", "filter", "map", "sorted", "threading.Thread"}
)
_RUNNING_METHODS = frozenset(
    {
        "apply_async", "async_process_partial_response", "map", "process_partial_response", "run_in_executor",
        "starmap", "submit",
    }
)  # fmt: skip
"""Functions of others that call those they are given."""

_COMMON = frozenset(
    {
        "add", "append", "clear", "close", "copy", "count", "extend", "format", "get", "index", "insert", "items",
        "join", "keys", "pop", "put", "read", "remove", "replace", "run", "send", "set", "setdefault", "split", "start",
        "strip", "update", "values", "write",
    }
)  # fmt: skip
"""Methods that objects of the outside world have as well."""

_MOST_OF_A_NAME = 2
"""How many methods of a name there may be for a call of something unknown to mean them."""


class Occurrence(NamedTuple):
    """A call that happens in an invocation, and the module it is in."""

    path: str
    action: Action


class Invocations:
    """All that the handlers of a project come to when they are called.

    What is said to be `reached` may be more than really is; what is `repeated` is made anew in every invocation that
    comes along, as far as one can see, and may be less.
    """

    def __init__(self, handlers: Handlers, conduct: Callable[[Sequence[str]], Mapping[str, Conduct]]) -> None:
        """`conduct` gives what the functions of some modules do."""
        paths = [module.path for module in handlers.modules]
        self.conducts = conduct(paths) if paths else {}
        self.callees = Callees(handlers.modules, self.conducts)
        self._handlers = handlers
        self._by_procedure: dict[_Function, list[Action]] = defaultdict(list)
        for path, said in self.conducts.items():
            for action in said.actions:
                if action.within != NO_DEFINITION:
                    self._by_procedure[path, said.procedures[action.within].name].append(action)
        self._levels: dict[tuple[_Function, str], int] = {}
        self._causes: dict[tuple[_Function, str], Occurrence] = {}

    @cached_property
    def seeds(self) -> tuple[_Function, ...]:
        """The functions that Lambda, or a router on its behalf, calls."""
        found: dict[_Function, None] = {}
        for handler in self._handlers.all:
            found.update(dict.fromkeys(self._called(handler.path, handler.name)))
        for path, said in sorted(self.conducts.items()):
            found.update(dict.fromkeys((path, one.name) for one in said.procedures if one.is_route))
        return tuple(found)

    def _called(self, path: str, name: str) -> Iterator[_Function]:
        """Yield the functions that are called in the name of a handler: itself, or those that it is made of."""
        meaning = self.callees.meant(path, name)
        if meaning is None:
            return
        if meaning.kind == "procedure":
            yield meaning.path, meaning.name
        variable = self.callees.variable(meaning.path, meaning.name) if meaning.kind == "variable" else None
        if variable is None:
            return
        for action in self.conducts[meaning.path].actions:
            if action.at == variable.at and action.within == NO_DEFINITION:
                yield from self._handed_over(meaning.path, action)

    @cached_property
    def reached(self) -> tuple[_Function, ...]:
        """The functions that may run in an invocation, and what their parameters vary with."""
        found: dict[_Function, None] = dict.fromkeys(self.seeds)
        for seed in self.seeds:
            procedure = self._procedure(seed)
            for parameter in procedure.parameters[procedure.binding != "none" :]:
                self._levels[seed, parameter.name.lstrip("*")] = FROM_EVENT
        # A parameter may turn out to vary after what is done with it has been looked at.
        size = (0, 0)
        while size != (len(found), sum(self._levels.values())):
            size = len(found), sum(self._levels.values())
            for function in list(found):
                for action in self._by_procedure[function]:
                    found.update(dict.fromkeys(self._targets(function, action)))
                found.update(dict.fromkeys(self._decorating(function)))
        return tuple(sorted(found))

    def _procedure(self, function: _Function) -> Procedure:
        procedure = self.callees.procedure(*function)
        assert procedure is not None  # nothing else is ever reached
        return procedure

    def _targets(self, function: _Function, action: Action) -> Iterator[_Function]:
        """Yield the functions that a call may come to, and raise what their parameters vary with."""
        path = function[0]
        call = Occurrence(path, action)
        meaning = self.callees.meant(path, action.local)
        for target in self._callables(meaning) if meaning is not None else self._by_name(action):
            self._hand_over(call, function, target)
            yield target
        highest = max((self.level(function, one) for one in action.arguments), default=FIXED)
        for target in self._handed_over(path, action):
            self._raise_all(target, max(highest, OPEN), call)
            yield target

    def _decorating(self, function: _Function) -> Iterator[_Function]:
        for name in self._procedure(function).decorators:
            meaning = self.callees.meant(function[0], name)
            if meaning is not None and meaning.kind == "procedure":
                yield meaning.path, meaning.name

    def _callables(self, meaning: Meaning) -> Iterator[_Function]:
        if meaning.kind == "procedure":
            yield meaning.path, meaning.name
        elif meaning.kind in ("class", "instance"):
            names = ("__init__", "__new__", "__post_init__", "__enter__") if meaning.kind == "class" else ("__call__",)
            for name in names:
                method = self.callees.method(meaning.path, meaning.name, name)
                if method is not None:
                    yield method.path, method.name

    def _handed_over(self, path: str, action: Action) -> Iterator[_Function]:
        """Yield the functions that a call is given."""
        for argument in action.arguments:
            if argument.text.replace(".", "").replace("()", "").isidentifier():
                meaning = self.callees.meant(path, argument.text)
                if meaning is not None and meaning.kind == "procedure":
                    yield meaning.path, meaning.name

    @cached_property
    def _methods(self) -> Mapping[str, list[_Function]]:
        found: dict[str, list[_Function]] = defaultdict(list)
        for path, said in sorted(self.conducts.items()):
            for one in said.procedures:
                if one.owner:
                    found[one.name.rpartition(".")[2]].append((path, one.name))
        return found

    def _by_name(self, action: Action) -> Iterator[_Function]:
        """Yield the methods that a call of something unknown may mean."""
        owner, _, name = action.local.rpartition(".")
        found = self._methods.get(name, []) if owner.startswith("?") and name not in _COMMON else []
        if len(found) <= _MOST_OF_A_NAME:
            yield from found

    def _hand_over(self, call: Occurrence, caller: _Function, target: _Function) -> None:
        procedure = self._procedure(target)
        for argument, parameter in matched(call.action.arguments, procedure):
            self._raise(target, parameter.name.lstrip("*"), self.level(caller, argument), call)
        if procedure.binding == "instance" and procedure.name.rpartition(".")[2] in ("__init__", "__post_init__"):
            highest = max((self.level(caller, one) for one in call.action.arguments), default=FIXED)
            self._raise_instance(target[0], procedure.owner, highest, call)

    def _raise_instance(self, path: str, owner: str, level: int, call: Occurrence) -> None:
        """Let the methods of a class know what its objects are made of."""
        for above, name in self.callees.ancestors(path, owner):
            for one in self.conducts[above].procedures:
                if one.owner == name and one.binding == "instance":
                    self._raise((above, one.name), one.parameters[0].name, level, call)

    def _raise_all(self, target: _Function, level: int, call: Occurrence) -> None:
        procedure = self._procedure(target)
        for one in procedure.parameters[procedure.binding != "none" :]:
            self._raise(target, one.name.lstrip("*"), level, call)

    def _raise(self, function: _Function, parameter: str, level: int, call: Occurrence) -> None:
        if level > self._levels.get((function, parameter), FIXED):
            self._levels[function, parameter] = level
            self._causes[function, parameter] = call

    def level(self, function: _Function, argument: Argument) -> int:
        """Return how much what a function hands over may vary."""
        highest = OPEN if argument.is_open else FIXED
        for origin in argument.origins:
            one = FROM_EVENT if origin in (EVENT, FRESH) else self._levels.get((function, origin), FIXED)
            highest = max(highest, one)
        return highest

    def level_of(self, function: _Function, parameter: str) -> int:
        """Return how much a parameter may vary."""
        return self._levels.get((function, parameter), FIXED)

    def cause(self, function: _Function, parameter: str) -> Occurrence | None:
        """Return the call that gives a parameter what varies most."""
        return self._causes.get((function, parameter))

    @cached_property
    def repeated(self) -> tuple[Occurrence, ...]:
        """The calls that happen anew in every invocation that comes along, unless what they make is kept."""
        return tuple(
            Occurrence(function[0], action)
            for function in sorted(self._strict.functions)
            for action in self._by_procedure[function]
            if self._is_repeated(function, action, self._strict.classes)
        )

    def literals(self, path: str) -> tuple[Census, ...]:
        """Return the literals of a module that are not small."""
        return self.conducts.get(path, Conduct()).literals

    def happening(self, path: str) -> Iterator[Occurrence]:
        """Yield the calls of a module that happen when it is loaded, or may happen in an invocation."""
        reached = {*self.reached, *self._reached_by_loading}
        said = self.conducts.get(path, Conduct())
        for action in said.actions:
            if action.within == NO_DEFINITION or (path, said.procedures[action.within].name) in reached:
                yield Occurrence(path, action)

    @cached_property
    def _reached_by_loading(self) -> frozenset[_Function]:
        """The functions that run while modules are loaded."""
        found: set[_Function] = set()
        pending = [
            (path, action)
            for path, said in self.conducts.items()
            for action in said.actions
            if action.within == NO_DEFINITION
        ]
        while pending:
            path, action = pending.pop()
            meaning = self.callees.meant(path, action.local)
            for target in self._callables(meaning) if meaning is not None else ():
                if target not in found:
                    found.add(target)
                    pending += [(target[0], one) for one in self._by_procedure[target]]
        return frozenset(found)

    def closures(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what each module with a handler loads, in the order in which it begins to load, the module first."""
        for path in sorted({handler.path for handler in self._handlers.all}):
            yield path, self._handlers.reached(path)

    def function_of(self, occurrence: Occurrence) -> str:
        """Return the name of the function that a call stands in; nothing where it stands in none."""
        within = occurrence.action.within
        return "" if within == NO_DEFINITION else self.conducts[occurrence.path].procedures[within].name

    def callee(self, occurrence: Occurrence) -> str:
        """Return what is called, written out, where that is something outside of the project."""
        meaning = self.callees.meant(occurrence.path, occurrence.action.local)
        if meaning is None:
            return occurrence.action.callee
        return meaning.name if meaning.kind == "outside" else ""

    def level_at(self, occurrence: Occurrence, argument: Argument) -> int:
        """Return how much what a call hands over may vary."""
        self.reached  # noqa: B018  levels are found out along with it
        return self.level((occurrence.path, self.function_of(occurrence)), argument)

    def is_made_anew(self, path: str, owner: str) -> bool:
        """Tell whether objects of a class are made in invocations."""
        return (path, owner) in self._strict.classes

    @cached_property
    def _strict(self) -> _Strict:
        functions: dict[_Function, None] = {seed: None for seed in self.seeds if self._procedure(seed).keeping == "no"}
        classes: set[_Function] = set()
        size = -1
        while size != len(functions) + len(classes):
            size = len(functions) + len(classes)
            for function in list(functions):
                for action in self._by_procedure[function]:
                    if self._is_repeated(function, action, classes):
                        self._follow(function[0], action, functions, classes)
        return _Strict(functions, classes)

    def _is_repeated(self, function: _Function, action: Action, classes: set[_Function]) -> bool:
        if action.is_rare or action.keeping == "kept":
            return False
        owner = self._procedure(function).owner
        return action.keeping == "no" or (function[0], owner) in classes

    def _follow(self, path: str, action: Action, functions: dict[_Function, None], classes: set[_Function]) -> None:
        meaning = self.callees.meant(path, action.local)
        if meaning is not None and meaning.kind == "class":
            if self._may_be_shared(meaning):
                return
            classes.update(self.callees.ancestors(meaning.path, meaning.name))
        targets = [*self._callables(meaning)] if meaning is not None else []
        is_outside = meaning is None or meaning.kind == "outside"
        if is_outside and (action.callee in _RUNNING or action.callee.rpartition(".")[2] in _RUNNING_METHODS):
            targets += self._handed_over(path, action)
        for target in targets:
            procedure = self._procedure(target)
            is_new_object = procedure.keeping == "instance" and (target[0], procedure.owner) in classes
            if procedure.keeping == "no" or is_new_object:
                functions[target] = None

    def _may_be_shared(self, meaning: Meaning) -> bool:
        """Tell whether a class may give out one object again and again."""
        classes = self.callees.ancestors(meaning.path, meaning.name)
        bases = [base for one in classes for base in self.callees.bases(*one)]
        makes_its_own = self.callees.method(meaning.path, meaning.name, "__new__") is not None
        return makes_its_own or any(_is_of_singletons(base) for base in bases)


class _Strict(NamedTuple):
    functions: dict[_Function, None]
    classes: set[_Function]


def _is_of_singletons(base: str) -> bool:
    return "singleton" in base.lower() or (base.startswith("metaclass=") and not base.endswith("ABCMeta"))


def matched(arguments: Sequence[Argument], procedure: Procedure) -> Iterator[tuple[Argument, Parameter]]:
    """Pair what a call hands over with the parameters that take it; what is unpacked may go to any of them."""
    parameters = procedure.parameters[procedure.binding != "none" :]
    positional = []
    for one in parameters:
        if one.name.startswith("*"):
            break
        positional.append(one)
    rest = next((one for one in parameters if one.name.startswith("*") and not one.name.startswith("**")), None)
    by_name = {one.name: one for one in parameters}
    others = next((one for one in parameters if one.name.startswith("**")), None)
    for argument in arguments:
        if argument.name.startswith("*"):
            yield from ((argument, one) for one in parameters)
        elif argument.name.isdigit():
            place = int(argument.name)
            taker = positional[place] if place < len(positional) else rest
            if taker is not None:
                yield argument, taker
        else:
            taker = by_name.get(argument.name, others)
            if taker is not None:
                yield argument, taker
