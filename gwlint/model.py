"""The facts gwlint works with: frozen, plain, serialisable; no syntax tree ever gets in here.

They are msgspec structs rather than dataclasses because a large codebase has a million of them: they are
created and decoded at C speed, checked against their types when they come from a cache, and tracked by no
garbage collector. Lines and columns count from 1, columns in Unicode code points; a line ends at LF, CRLF or CR.
"""

from typing import Literal

import msgspec

Kind = Literal["eager", "deferred", "type-only", "dynamic"]
Layout = Literal["package", "flat"]

NO_DEFINITION = -1
"""`parent` and `within` of what stands at module level."""


class Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What every fact is: immutable, compact on disk, free of reference cycles."""


class Span(Fact, frozen=True, order=True):
    """A piece of one file, from its first character to just past its last."""

    line: int
    column: int
    end_line: int
    end_column: int


class Import(Fact, frozen=True):
    """One module that one statement, or one call with a literal name, asks for.

    `import a, b` makes two with the same span. `module` is the dotted text without its leading dots, which
    `level` counts. It may begin with `__name__` or `__package__` when the source builds the name from these.
    `names` are what a `from` import takes (`("*",)` for a star) and empty for `import a.b`; `bound` are the
    local names that come out of it. `text` is the source of a dynamic import and empty for a statement.
    """

    module: str
    level: int
    names: tuple[str, ...]
    bound: tuple[str, ...]
    kind: Kind
    deferred: bool
    guarded: bool
    recovered: bool
    at: Span
    text: str = ""

    def written(self) -> str:
        """Return the import as one would write it on a line of its own."""
        if self.text:
            return self.text
        module = "." * self.level + self.module
        return f"from {module} import {', '.join(self.names)}" if self.names else f"import {module}"


class UnknownImport(Fact, frozen=True):
    """A dynamic import whose argument can't be read from the source."""

    text: str
    deferred: bool
    at: Span


class Use(Fact, frozen=True):
    """An attribute reached through an imported name: `cache.core.get`, written out in full.

    `name` begins with what the import says, leading dots included: after `from . import cache as c`,
    `c.get` is a use of `.cache.get`.
    """

    name: str
    deferred: bool
    type_only: bool
    at: Span


class Definition(Fact, frozen=True):
    """A function or a class. `header` runs from `def`, `async` or `class` to the colon."""

    kind: Literal["function", "class"]
    name: str
    qualified_name: str
    parent: int
    decorators: tuple[str, ...]
    header: Span
    end_line: int


class Call(Fact, frozen=True):
    """A call of a dotted name. `callee` is written out through the file's imports, like `Use.name`."""

    callee: str
    within: int
    deferred: bool
    at: Span


class Data(Fact, frozen=True):
    """A value that module-level code binds to a name: its form (`dictionary`, `string`, …) and its size.

    `elements` counts the syntax nodes of the value, `size` its source in bytes.
    """

    name: str
    form: str
    elements: int
    size: int
    at: Span


class Suppression(Fact, frozen=True):
    """A comment that asks for silence, and the lines it speaks for.

    `codes` is empty for a bare `noqa` or `gwlint: ignore`, which mean every code. An `ignore-file` speaks for all
    lines, or, where it stands after the first statement, for none: then both lines are 0. `until` is as it is written,
    and `None` where no date is asked for.
    """

    form: Literal["ignore", "ignore-file", "noqa"]
    codes: tuple[str, ...]
    reason: str
    until: str | None
    first_line: int
    last_line: int
    at: Span


class SourceError(Fact, frozen=True):
    """Why a file is no valid Python, or could not be decoded, and where."""

    kind: Literal["syntax", "decode"]
    message: str
    line: int
    column: int


class Surface(Fact, frozen=True):
    """What one file says to the others: all that the graph is made of. `exports` is a literal `__all__`.

    `handlers` are the functions that look like handlers of a Lambda function: they take an event and a context.
    """

    lines: int
    imports: tuple[Import, ...] = ()
    unknown: tuple[UnknownImport, ...] = ()
    names: tuple[str, ...] = ()
    exports: tuple[str, ...] | None = None
    uses: tuple[Use, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    error: SourceError | None = None
    handlers: tuple[str, ...] = ()


class Facts(Surface, frozen=True):
    """All that one file says. Free of its path, its name and the configuration: equal bytes, equal facts.

    The bytes of `Facts` decode as a `Surface`, too, at a third of the cost.
    """

    definitions: tuple[Definition, ...] = ()
    calls: tuple[Call, ...] = ()
    data: tuple[Data, ...] = ()


Trait = Literal[
    "alternative",
    "async",
    "builder",
    "delegate",
    "dunder",
    "initialiser",
    "local",
    "method",
    "property",
    "record",
    "straight",
    "test",
]
"""What may speak against comparing a function with others.

`alternative`: it is defined under a condition. `builder`: it mostly adds arguments to a parser. `delegate`: all it does
is one call that hands its parameters on. `initialiser`: it mostly stores what it is given. `local`: it is defined in
another function. `record`: it mostly turns attributes into a mapping, or a mapping into attributes.
`straight`: it has no branches and no loops.
"""


class Function(Fact, frozen=True):
    """A function in the form in which functions are compared; `at` is its `def` and its name.

    `exact` and `renamed` are equal for functions that are equal, in all but layout and documentation, or in all but
    names and literals besides. `tokens` are the canonical ones, two bytes each: those of the names of the outside world
    have the highest bit set. `statements` has four bytes for each statement, a hash of its tokens, and `lines` two, for
    how far below the `def` it is; `features` are sampled runs of tokens, four bytes each. `literals` are the values of
    the literals in order, separated by NUL.
    """

    name: str
    at: Span
    end_line: int
    traits: tuple[Trait, ...]
    calls: int
    exact: int
    renamed: int
    tokens: bytes
    statements: bytes
    lines: bytes
    features: bytes
    literals: str

    @property
    def length(self) -> int:
        """How many statements it has."""
        return len(self.lines) // 2


class Redefinition(Fact, frozen=True):
    """A function or class whose first definition, at `first`, is lost, as the same scope has another one at `at`."""

    kind: Literal["function", "class", "method"]
    name: str
    first: Span
    at: Span


class Functions(Fact, frozen=True):
    """What one file says about duplication. A file that is generated says nothing."""

    functions: tuple[Function, ...] = ()
    redefinitions: tuple[Redefinition, ...] = ()


class Argument(Fact, frozen=True):
    """What a call hands over, or the key of what is stored.

    `name` is the keyword, or the position in digits, and begins with `*` where it is unpacked. `origins` are the
    parameters of the function around it that the value derives from, and `EVENT` and `FRESH`; it `is_open` where it
    derives from the result of a call that may be anything. What has neither is fixed: made of literals, of names of the
    module, of the environment. `text` is the source where that is short.
    """

    name: str
    origins: tuple[str, ...] = ()
    is_open: bool = False
    text: str = ""


EVENT, FRESH = "<event>", "<fresh>"
"""Origins that are no parameters: the event that a framework holds, and what is another value each time."""

Keeping = Literal["no", "instance", "kept"]
"""How long the result of a call is kept: while the function runs, with its object, or in the module."""


class Action(Fact, frozen=True):
    """A call. `within` is the position of its procedure, `NO_DEFINITION` for code that runs when the module is loaded.

    `callee` is written out through the imports, `local` by the names of the file. `()` stands in them for the result of
    a call, or an instance: `boto3.Session().client`, `Orders().save`; `?` for what nobody knows. A call `is_rare` that
    only an error leads to, and `is_repeated` in a loop.
    """

    callee: str
    local: str
    within: int
    arguments: tuple[Argument, ...]
    keeping: Keeping
    is_rare: bool
    is_repeated: bool
    at: Span


class Growth(Fact, frozen=True):
    """A statement of a function that adds to a container of a module or a class, as it is written.

    `key` is what it is stored under. Of a list it is the element; one more is there each time.
    """

    container: str
    within: int
    key: Argument
    is_element: bool
    at: Span


class Parameter(Fact, frozen=True):
    """A parameter, and its annotation as far as that is a name, written out. It `is_few` that takes few values."""

    name: str
    annotation: str
    is_few: bool
    has_default: bool


class Procedure(Fact, frozen=True):
    """A function of a module, or a method of a class of it. What is defined inside of it is part of it.

    `binding` is what its first parameter is, if not one like the others. `memo` is the bound of the cache that it is
    decorated with: 0 for none, -1 for no bound. `keeping` says how long decorators keep what it returns, `decorators`
    are their names as they are written. It `is_route` that a router calls when the event asks for it.
    """

    name: str
    owner: str
    parameters: tuple[Parameter, ...]
    memo: int
    memo_at: Span
    keeping: Keeping
    binding: Literal["none", "instance", "class"]
    decorators: tuple[str, ...]
    is_route: bool
    at: Span


class Variable(Fact, frozen=True):
    """A name of a module, or `Class.name`, or `Class().name` that a method sets, and what is bound to it.

    `made` is the call that makes it, written out, or what it is another name for; `local` is the same by the names of
    the file. Both may be empty. It `is_container` that can grow.
    """

    name: str
    made: str
    local: str
    is_container: bool
    at: Span


class Census(Fact, frozen=True):
    """Data of a module that is not small: what it is made of, by kind, and on how many bytes of source.

    A literal is `compiled` with its module; a repetition, or a comprehension over a range, is made when that runs.
    """

    name: str
    counts: tuple[tuple[str, int], ...]
    is_compiled: bool
    source_bytes: int
    at: Span


class Conduct(Fact, frozen=True):
    """What the functions of one file do when they are called: whom they call, and what they keep.

    `shrunk` are the containers that something is taken out of, or whose length something depends on; `bases` are those
    of classes, each with its name.
    """

    procedures: tuple[Procedure, ...] = ()
    actions: tuple[Action, ...] = ()
    growths: tuple[Growth, ...] = ()
    shrunk: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    bases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    literals: tuple[Census, ...] = ()


class Part(Fact, frozen=True):
    """One statement at the top of a module that is meant to be a pure gateway, unless it is plain declaration.

    `delegation` is a function that only calls what is imported by the statement at `imported_at`, `own` one that only
    calls another function of its module, `implementation` anything else. `what` says in words what it is; `callee` is
    what is called, as it is written.
    """

    kind: Literal["delegation", "own", "implementation"]
    name: str
    what: str
    at: Span
    imported_at: Span | None = None
    callee: str = ""


class Bound(Fact, frozen=True):
    """A name that the import statement at `at` binds, and what it stands for, written out with its leading dots."""

    name: str
    meaning: str
    at: Span


class Course(Fact, frozen=True):
    """A function, or, without a name, what a file does when it is loaded.

    `imports` are the statements that run on every call, or on the first one at least, and `calls` is what is called
    then, as written. `bound` are the names that imports bind in it, and `mentions` the names in its body, apart from
    those in the arms of choices by name; `choices` has those, arm by arm.
    """

    name: str
    at: Span
    parameters: tuple[str, ...]
    is_decorated: bool
    imports: tuple[Span, ...] = ()
    calls: tuple[str, ...] = ()
    bound: tuple[Bound, ...] = ()
    mentions: tuple[str, ...] = ()
    choices: tuple[tuple[tuple[str, ...], ...], ...] = ()


class ImportEdge(Fact, frozen=True):
    """An import that reaches a file of the project. Paths are POSIX, relative to the project.

    `names` are taken from the target itself: empty when the import asks for the module as such. `renamed` pairs what a
    name is bound to with the name, where these differ; the name is empty for the module as such. `parents` are the
    packages whose `__init__` runs on the way to it; each is the target of an `implicit` edge, which is stored nowhere:
    there are twice as many of them as of others.
    """

    path: str
    source: str
    target: str
    target_path: str
    kind: Kind
    deferred: bool
    implicit: bool
    recovered: bool
    guarded: bool
    names: tuple[str, ...]
    at: Span
    parents: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def is_private(name: str) -> bool:
    """Return whether a name asks others to leave it alone, as one with two underscores at both ends does not."""
    return name.startswith("_") and not name.endswith("__")


def lies_in(path: str, package: str) -> bool:
    """Return whether `package` is the `__init__.py` of a folder that `path` is in, at whatever depth."""
    folder, _, name = package.rpartition("/")
    return name == "__init__.py" and (not folder or path.startswith(f"{folder}/"))


class ExternalImport(Fact, frozen=True):
    """An import of something that is no source file of the project: standard library, third party, extension."""

    path: str
    target: str
    kind: Kind
    at: Span


class UnresolvedImport(Fact, frozen=True):
    """An import of a project module that does not exist.

    `module` and `level` are those of the `Import`; `names` are what a `from` import takes of it and nobody has.
    """

    path: str
    text: str
    kind: Kind
    deferred: bool
    guarded: bool
    at: Span
    module: str = ""
    level: int = 0
    names: tuple[str, ...] = ()
    recovered: bool = False


class Step(Fact, frozen=True):
    """One import on a cycle or in a cut."""

    path: str
    target_path: str
    at: Span


class Cycle(Fact, frozen=True):
    """A strongly connected component of the import graph.

    `kind` says what closes it; `witness` is one of its shortest closed walks; `cut` is a set of statements
    without which nothing of it is left, smallest possible when `cut_is_minimal`.
    """

    kind: Literal["eager", "deferred", "type-only"]
    paths: tuple[str, ...]
    witness: tuple[Step, ...]
    cut: tuple[Step, ...]
    cut_is_minimal: bool
