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
    """What one file says to the others: all that the graph is made of. `exports` is a literal `__all__`."""

    lines: int
    imports: tuple[Import, ...] = ()
    unknown: tuple[UnknownImport, ...] = ()
    names: tuple[str, ...] = ()
    exports: tuple[str, ...] | None = None
    uses: tuple[Use, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    error: SourceError | None = None


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
