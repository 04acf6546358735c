"""What a user can decide about a project, as plain data."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gwlint.access import Verdict
from gwlint.finding import Level
from gwlint.model import Layout

Preset = Literal["gateway", "universal", "layers", "none"]
FailOn = Literal["error", "warning", "note", "never"]
CopyKind = Literal["exact", "renamed", "near"]

BASELINE = ".gwlint-baseline.json"
"""Where a baseline lies that nothing is said of."""


class ConfigError(Exception):
    """The settings can't be used. `problems` has every reason: one line each, with file, key and remedy."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


@dataclass(frozen=True, slots=True)
class DeclaredComponent:
    """A component as the settings declare it: names of modules, those of internals as globs.

    With `package`, the gateway is a package, and the private modules below it are the internals.
    """

    name: str
    gateway: str
    internals: tuple[str, ...]
    package: bool = False


@dataclass(frozen=True, slots=True)
class LayersContract:
    """An order of layers, from the top down: what stands on one line are siblings, which don't import one another.

    A layer is the name of a module, or a glob of such names; it has all that is below it, unless another layer names
    that more closely. `exhaustive` asks that every module beside the layers has a place among them. `guidance` is what
    the project tells those who break it, on one line.
    """

    name: str
    layers: tuple[tuple[str, ...], ...]
    exhaustive: bool = False
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Which copies of functions count: how many statements they have, how alike and of what kind they are.

    `exclude` are globs, as in a `.gitignore` of the project, of files whose functions are not compared.
    """

    min_statements: int = 3
    threshold: float = 0.82
    kinds: tuple[CopyKind, ...] = ("exact", "renamed", "near")
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetSettings:
    """What a Lambda function may take where nothing else is said of it, memory and package in MiB.

    `init_ms` is for what loading adds to the runtime's own time. `site_packages` is the folder that the packages are
    installed in, relative to the project or absolute; `None` where it is to be found.
    """

    memory_mb: float = 128
    init_ms: float = 100
    package_mb: float = 250
    site_packages: str | None = None


@dataclass(frozen=True, slots=True)
class DeclaredFunction:
    """A function as the settings declare it, or what they say of one that a template declares.

    `None` is what they leave open. `root` and `layers` are normalised POSIX paths of folders, relative to the project.
    """

    name: str
    handler: str | None = None
    root: str | None = None
    layers: tuple[str, ...] | None = None
    runtime: str | None = None
    architecture: Literal["x86_64", "arm64"] | None = None
    memory_mb: int | None = None
    timeout_s: int | None = None
    environment_bytes: int | None = None
    ephemeral_mb: int | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """What the user decided about a project.

    `project` is absolute; `source` names the file the settings came from, `None` when there are none. `roots` are
    normalised POSIX paths of folders, relative to the project; `None` when they are to be found. `exclude` and
    `tests` are globs as in a `.gitignore` of the project, `entry_points` dotted module names; all three come on top
    of what is known without them.

    `preset` is `None` where components are to be inferred; `config_modules`, and the modules of `extensions` by name,
    are globs of dotted module names. `layers` are the layers of the preset of that name, from the top down;
    alternatives are separated by `|`. `access` has the cells of the matrix that are set. `select`, `ignore`,
    `extend_select` and the keys of `severity` are codes or beginnings of codes, and so is what `per_file_ignores` has
    by glob of paths. `baseline` is a normalised POSIX path, relative to the project, of a file that has to be there
    unless it is `BASELINE`; `None` where no baseline counts. `docs_url` is where the pages of rules can be read, with
    `{code}` and `{name}` for those of a rule or else the folder of the pages; `issues_url` is where to tell of bugs;
    `None` where there is no such place.

    `sources` says where a field comes from that was set: the name of a file, or an option.
    """

    project: Path
    source: str | None = None
    roots: tuple[str, ...] | None = None
    layout: Literal["auto"] | Layout = "auto"
    exclude: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()
    preset: Preset | None = None
    infer: bool = True
    include_tests: bool = False
    config_modules: tuple[str, ...] = ()
    layers: tuple[str, ...] = ("handlers", "logic", "dal")
    components: tuple[DeclaredComponent, ...] = ()
    extensions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    access: tuple[tuple[str, Verdict], ...] = ()
    contracts: tuple[LayersContract, ...] = ()
    duplicates: Duplicates = Duplicates()
    budgets: BudgetSettings = BudgetSettings()
    functions: tuple[DeclaredFunction, ...] = ()
    select: tuple[str, ...] = ("GW",)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    severity: tuple[tuple[str, Level], ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fail_on: FailOn = "warning"
    require_reason: bool = False
    baseline: str | None = BASELINE
    docs_url: str | None = None
    issues_url: str | None = None
    sources: tuple[tuple[str, str], ...] = field(default=(), compare=False)
