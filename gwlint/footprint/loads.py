"""What a handler loads before it can be called: found without running anything, not yet priced."""

from typing import Literal

from gwlint.model import Fact

Origin = Literal["project", "package", "standard", "missing"]
"""Where a module comes from: the project, an installed distribution, the standard library, or nowhere that is at hand.

A `missing` one may be shipped by the runtime, or be installed where nobody has looked.
"""


class Load(Fact, frozen=True):
    """A module that is loaded.

    `file` is absolute, and empty where there is none at hand; `shown` is what people are shown of it: relative to the
    project, or to the folder it was found in. `distribution` and `version` are those of the installed distribution that
    the file belongs to, the name normalised as PEP 503 says, and empty where there is none. `parent` is the position,
    among all loads, of the one whose code asks for it first, and `line` where in it; -1 and 0 for the handler's module.
    """

    module: str
    origin: Origin
    file: str
    shown: str
    distribution: str = ""
    version: str = ""
    parent: int = -1
    line: int = 0


class Link(Fact, frozen=True):
    """A load that asks for another one, by position, and the line that does."""

    importer: int
    imported: int
    line: int


class Invoked(Fact, frozen=True):
    """A call while modules load that is not followed any further: of an outside function, or of a class.

    `callee` is written out through the imports: `boto3.client`, `app.models.Order`. `bases` are the bases of the class
    where it is one of a file at hand. `arguments` are the positional ones: the values of literals, and empty otherwise;
    so are the values of `keywords`. `times` is how often it happens, as far as the source says.
    """

    callee: str
    arguments: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...]
    times: int
    load: int
    line: int
    bases: tuple[str, ...] = ()


class Declared(Fact, frozen=True):
    """A class or function made while a module loads: what it is, and how many fields it has.

    `bases` and `decorators` are written out through the imports: `pydantic.BaseModel`, `dataclasses.dataclass`.
    """

    kind: Literal["class", "function"]
    name: str
    bases: tuple[str, ...]
    decorators: tuple[str, ...]
    fields: int
    load: int
    line: int


class Made(Fact, frozen=True):
    """Data that module-level code makes.

    `census` counts what it is made of, by kind: `int`, `float`, `string`, `string-bytes`, `list`, `tuple`, `set`,
    `dict`, `entry` (of a dict), `element` (of a list, tuple or set), …, once; it is made `times` times. A `file` is
    data read from the file at that absolute path by the function `reader`, written out. A `literal` is in the source,
    on `source_bytes` of it: it is compiled with the module. An `array` is `reader` called with a constant shape.
    """

    form: Literal["literal", "comprehension", "repetition", "file", "array"]
    name: str
    census: tuple[tuple[str, int], ...]
    times: int
    source_bytes: int
    load: int
    line: int
    file: str = ""
    reader: str = ""


class Gap(Fact, frozen=True):
    """Something that may load more than is known, and why: an argument that can't be read, a module that is missing."""

    kind: Literal["dynamic", "missing", "extension", "syntax"]
    what: str
    load: int
    line: int


class Closure(Fact, frozen=True):
    """All that is loaded, in the order in which it begins to load: the module of the handler comes first."""

    loads: tuple[Load, ...]
    links: tuple[Link, ...]
    invoked: tuple[Invoked, ...]
    declared: tuple[Declared, ...]
    made: tuple[Made, ...]
    gaps: tuple[Gap, ...]

    def chain(self, position: int) -> tuple[int, ...]:
        """Return the positions of the loads that lead to one, from the handler's module to the one itself."""
        chain = [position]
        while self.loads[chain[-1]].parent >= 0:
            chain.append(self.loads[chain[-1]].parent)
        return tuple(reversed(chain))
