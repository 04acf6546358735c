"""What a file does when it is loaded, step by step: its module level, and the functions that it may call.

A program of the fewest kinds of steps in which what loads other modules can be followed: free of paths, frozen,
serialisable. Expressions keep what they call and what they name; arithmetic and the like are `Other`.
"""

from typing import Literal

from gwlint.model import Fact, SourceError


class Constant(Fact, frozen=True, tag=0):
    """A value that the source spells out."""

    value: str | int | float | bool | None


class Dotted(Fact, frozen=True, tag=1):
    """A name, or attributes of one: `os.path.join`."""

    name: str


class Attribute(Fact, frozen=True, tag=2):
    """An attribute of what is no plain name."""

    of: "Expression"
    name: str


class Call(Fact, frozen=True, tag=3):
    """A call. The name of a keyword is empty where a mapping is unpacked."""

    function: "Expression"
    arguments: "tuple[Expression, ...]"
    keywords: "tuple[tuple[str, Expression], ...]"
    line: int


class Items(Fact, frozen=True, tag=4):
    """A list, tuple or set."""

    form: Literal["list", "tuple", "set"]
    items: "tuple[Expression, ...]"


class Table(Fact, frozen=True, tag=5):
    """A dictionary. The key is `None` where a mapping is unpacked."""

    pairs: "tuple[tuple[Expression | None, Expression], ...]"


class Text(Fact, frozen=True, tag=6):
    """An f-string."""

    parts: "tuple[Expression, ...]"


class Operation(Fact, frozen=True, tag=7):
    """An operator with its operands: `and`, `not`, `==`, `in`, `+`, …, `[]` for an item, `if` for a choice."""

    operator: str
    operands: "tuple[Expression, ...]"


class Each(Fact, frozen=True, tag=8):
    """A comprehension. `element` is a pair, as a tuple, where it makes a dictionary.

    Each loop has its target, what it runs over, and the tests that an item has to pass.
    """

    form: Literal["list", "set", "dict", "generator"]
    element: "Expression"
    loops: "tuple[tuple[Expression, Expression, tuple[Expression, ...]], ...]"
    line: int


class Large(Fact, frozen=True, tag=9):
    """A literal that is too large to be spelt out again: what it is made of, by kind, as in `loads.Made`.

    `length` is how many elements or characters it has itself; `content` is what it holds, if these are but names.
    """

    form: Literal["list", "tuple", "set", "dict", "string", "bytes"]
    census: tuple[tuple[str, int], ...]
    length: int
    source_bytes: int
    line: int
    content: "Items | Table | None"


class Lambda(Fact, frozen=True, tag=10):
    """A function without a name."""

    parameters: tuple[str, ...]
    body: "Expression"


class Other(Fact, frozen=True, tag=11):
    """Something whose value is not followed, while its operands are evaluated, in order."""

    operands: "tuple[Expression, ...]"


Expression = Constant | Dotted | Attribute | Call | Items | Table | Text | Operation | Each | Large | Lambda | Other


class Import(Fact, frozen=True, tag=0):
    """An import of one module: `import module as bound`, or, where `names` has pairs, `from module import a as b`.

    `bound` is empty in the latter case, and where the first part of `module` is bound.
    """

    module: str
    level: int
    names: tuple[tuple[str, str], ...]
    bound: str
    line: int


class Bind(Fact, frozen=True, tag=1):
    """An assignment: every target is a dotted name, `Items` of targets, or something that is not followed.

    `operator` is that of an augmented assignment, and empty otherwise.
    """

    targets: tuple[Expression, ...]
    value: Expression
    operator: str
    line: int


class Evaluate(Fact, frozen=True, tag=2):
    """An expression for its own sake."""

    value: Expression
    line: int


class Annotate(Fact, frozen=True, tag=3):
    """What annotations evaluate, before Python 3.14."""

    values: tuple[Expression, ...]
    line: int


class Branch(Fact, frozen=True, tag=4):
    """`if`, `elif` and `else`, each arm with its test: `None` where there is none."""

    arms: "tuple[tuple[Expression | None, tuple[Step, ...]], ...]"
    line: int


class Attempt(Fact, frozen=True, tag=5):
    """A `try` statement. Each handler has what it catches, nothing where it catches everything."""

    body: "tuple[Step, ...]"
    handlers: "tuple[tuple[tuple[Expression, ...], str, tuple[Step, ...]], ...]"
    otherwise: "tuple[Step, ...]"
    finally_: "tuple[Step, ...]"
    line: int


class Within(Fact, frozen=True, tag=6):
    """A `with` statement: every manager with its target."""

    managers: tuple[tuple[Expression, Expression | None], ...]
    body: "tuple[Step, ...]"
    line: int


class Loop(Fact, frozen=True, tag=7):
    """A `for` loop, or, without a target, a `while` loop over its test."""

    target: Expression | None
    over: Expression
    body: "tuple[Step, ...]"
    otherwise: "tuple[Step, ...]"
    line: int


class Function(Fact, frozen=True, tag=8):
    """The definition of a function.

    `parameters` are those that take arguments by position, `variadic` and `keywords` the names behind `*` and `**`.
    `is_lazy` says that a call runs none of it: a generator or coroutine.
    """

    name: str
    parameters: tuple[str, ...]
    only_keywords: tuple[str, ...]
    variadic: str
    keywords: str
    defaults: tuple[tuple[str, Expression], ...]
    decorators: tuple[Expression, ...]
    annotations: tuple[Expression, ...]
    is_lazy: bool
    line: int
    body: "tuple[Step, ...]"


class Class(Fact, frozen=True, tag=9):
    """The definition of a class, with how many fields its body binds or annotates."""

    name: str
    bases: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]
    decorators: tuple[Expression, ...]
    fields: int
    line: int
    body: "tuple[Step, ...]"


class Leave(Fact, frozen=True, tag=10):
    """What ends a block: `return`, `raise`, `break` or `continue`, with what is handed out."""

    kind: Literal["return", "raise", "break", "continue"]
    value: Expression | None
    line: int


class Declare(Fact, frozen=True, tag=11):
    """`global` or `nonlocal` names, or, as `del`, ones that are gone."""

    kind: Literal["global", "nonlocal", "del"]
    names: tuple[str, ...]


Step = Import | Bind | Evaluate | Annotate | Branch | Attempt | Within | Loop | Function | Class | Leave | Declare


class Loading(Fact, frozen=True):
    """What one file does when it is loaded. Free of its path, its name and the configuration.

    `error` is why it can't be loaded at all; the steps are those that could still be read.
    """

    steps: tuple[Step, ...] = ()
    error: SourceError | None = None
