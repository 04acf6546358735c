"""What each Lambda function of a project takes to run, what it may take, and what there is to be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from gwlint.calls import Calls, Place
from gwlint.config import Config
from gwlint.finding import FIRST_LINE
from gwlint.footprint.appraisals import Appraiser, Deployed
from gwlint.footprint.estimates import Amount, Contributor, Estimate
from gwlint.model import Fact, Span
from gwlint.project import Module, Project
from gwlint.templates import FunctionTemplate
from gwlint.units import Unit

FULL_PROCESSOR_MB = 1769
"""The memory size from which on a function has a processor to itself once it is initialised."""

_PARALLEL = {
    "PIL", "awswrangler", "concurrent", "cv2", "duckdb", "fitz", "joblib", "multiprocessing", "numpy", "onnxruntime",
    "pandas", "polars", "pyarrow", "pypdf", "reportlab", "scipy", "sklearn", "subprocess", "tensorflow", "torch",
    "zipfile",
}  # fmt: skip
"""What a function imports that may use several processors, or data of any size."""

_DATING = ("sam", "serverless")


class Limits(Fact, frozen=True):
    """What a function may take: memory and package in MiB, and ms of CPU for what loading adds to its runtime.

    `None` is unknown: nothing is held against it.
    """

    memory_mb: float | None
    init_ms: float | None
    package_mb: float | None


class FunctionBudget(Fact, frozen=True):
    """A Lambda function, what it takes, and what it may take. `None` stands for what is not known.

    `handler` is as the template declares it, or `module.function` for one that was found; `path` is that of its module,
    relative to the project, and empty where it is not there; `at` is the header of the function in it. `template` is
    empty where no template declares it, `runtime` where none is known. `memory_size_mb` is the one that it is deployed
    with. `package` is in MiB; `parts` are the biggest of it, each with its MiB. `notes` say in words what is not known.
    """

    name: str
    handler: str
    path: str
    at: Span
    template: str
    template_line: int
    runtime: str
    architecture: str
    memory_size_mb: int | None
    limits: Limits
    estimate: Estimate | None
    package: Amount | None
    parts: tuple[tuple[str, float], ...]
    notes: tuple[str, ...]


class LateImport(NamedTuple):
    """An import that runs whenever a function is invoked for the first time, and what it takes then, in ms of CPU.

    `within` is the function that has it. `memory_mb` is that of the Lambda function, which decides how slow it is.
    """

    function: FunctionBudget
    path: str
    at: Span
    name: str
    within: str
    cost: Amount
    memory_mb: float

    @property
    def slowdown(self) -> float:
        """How many times longer it takes than it would during initialisation."""
        return FULL_PROCESSOR_MB / self.memory_mb


class IdleImport(NamedTuple):
    """An import that runs whenever a function is loaded, though only some invocations need it.

    `users` are the functions that do; `saving` is what the others could do without.
    """

    function: FunctionBudget
    path: str
    at: Span
    name: str
    users: tuple[str, ...]
    saving: Contributor
    least_ms: float


class Recompiled(NamedTuple):
    """A function that compiles all of its modules whenever it is loaded, and the ms of CPU that it takes."""

    function: FunctionBudget
    lost: Amount


class Budgets:
    """The Lambda functions of a project. What is not asked for is not found out."""

    def __init__(
        self,
        config: Config,
        project: Project,
        calls: Calls,
        deployed: Sequence[tuple[FunctionTemplate, Unit | None]],
        appraiser: Callable[[], Appraiser],
        compiles: Callable[[], bool] = lambda: False,
    ) -> None:
        """`deployed` are the functions that are declared, with what there is of them in the project.

        `compiles` tells whether a build makes bytecode that stays valid in a package.
        """
        self._config = config
        self._project = project
        self._calls = calls
        self._deployed = deployed
        self._make_appraiser = appraiser
        self._compiles = compiles

    @property
    def declared(self) -> tuple[FunctionTemplate, ...]:
        """The functions that templates and settings declare."""
        return tuple(template for template, _ in self._deployed)

    @cached_property
    def functions(self) -> tuple[FunctionBudget, ...]:
        """All functions: those that are declared, or, where none is, those that look like handlers."""
        return tuple(budget for budget, _ in self._budgets)

    @cached_property
    def late_imports(self) -> tuple[LateImport, ...]:
        """The imports that wait for the first invocation, and run in any case then, by function."""
        return tuple(one for budget, function in self._budgets for one in self._late_imports(budget, function))

    @cached_property
    def idle_imports(self) -> tuple[IdleImport, ...]:
        """The imports of what only some invocations need, by function."""
        return tuple(one for budget, function in self._budgets for one in self._idle_imports(budget, function))

    @cached_property
    def recompiled(self) -> tuple[Recompiled, ...]:
        """The functions whose packages have no bytecode that Python would take, by what that costs them."""
        dated = [(budget, function) for budget, function in self._budgets if _is_dated(function.template)]
        if not dated or self._compiles():
            return ()
        losses = ((budget, self._appraiser.compiled_ms(function)) for budget, function in dated)
        return tuple(Recompiled(budget, lost) for budget, lost in losses if lost is not None)

    @cached_property
    def _appraiser(self) -> Appraiser:
        return self._make_appraiser()

    @cached_property
    def _budgets(self) -> tuple[tuple[FunctionBudget, Deployed], ...]:
        declared = [
            Deployed(template, unit or Unit(template.name, (), None)) for template, unit in self._deployed
        ] or self._found()
        return tuple((self._budget(one), one) for one in declared)

    def _found(self) -> list[Deployed]:
        """Return the handlers of a project that declares none."""
        return [
            Deployed(None, Unit(f"{module.name}.{name}", (module.root,), module.path, name))
            for module in self._project.modules
            for name in module.handlers
        ]

    def _budget(self, function: Deployed) -> FunctionBudget:
        template, unit = function
        appraisal = self._appraiser.appraise(function)
        path = unit.handler or ""
        handler = (template.handler or "") if template is not None else unit.name
        course = self._calls.course(path, unit.function) if path else None
        budgets = self._config.budgets
        is_image = template is not None and template.package.value != "Zip"
        return FunctionBudget(
            name=unit.name,
            handler=handler,
            path=path,
            at=course.at if course is not None else FIRST_LINE,
            template=template.template if template is not None else "",
            template_line=template.line if template is not None else 0,
            runtime=(template.runtime or "") if template is not None else "",
            architecture=(template.architecture.value or "x86_64") if template is not None else "x86_64",
            memory_size_mb=template.memory_mb.value if template is not None else None,
            limits=Limits(
                memory_mb=template.memory_mb.value if template is not None else budgets.memory_mb,
                init_ms=budgets.init_ms,
                package_mb=None if is_image else budgets.package_mb,
            ),
            estimate=appraisal.estimate,
            package=appraisal.package,
            parts=appraisal.parts,
            notes=appraisal.notes,
        )

    def is_parallel(self, function: FunctionBudget) -> bool:
        """Tell whether the project's own part of a function asks for more than one processor, or for bulk data."""
        loaded = self._loaded(function.path) if function.path in self._modules else []
        named = {one.target.partition(".")[0] for module in loaded for one in module.resolution.external}
        return not named.isdisjoint(_PARALLEL)

    def _certain(self, budget: FunctionBudget) -> tuple[Place, ...]:
        return self._calls.certain(budget.path, budget.handler.rpartition(".")[2]) if budget.path else ()

    def _late_imports(self, budget: FunctionBudget, function: Deployed) -> Iterator[LateImport]:
        memory_mb = budget.limits.memory_mb
        if memory_mb is None or memory_mb >= FULL_PROCESSOR_MB:
            return
        for place in self._certain(budget):
            for at in place.course.imports:
                names = _imported(self._modules[place.path], at)
                cost = self._appraiser.later_ms(function, names) if names else None
                if cost is not None:
                    yield LateImport(budget, place.path, at, names[0], place.course.name, cost, memory_mb)

    def _idle_imports(self, budget: FunctionBudget, function: Deployed) -> Iterator[IdleImport]:
        if budget.estimate is None or function.unit.handler is None:
            return
        handler = (budget.path, budget.handler.rpartition(".")[2])
        loaded = self._loaded(budget.path)
        times = _times_imported(loaded)
        least = _least_share(budget.estimate.init_ms)
        for module in loaded:
            for at in sorted({one.at for one in module.resolution.external if one.kind == "eager"}):
                names = {one.target.partition(".")[0] for one in module.resolution.external if one.at == at}
                saving = _saving(budget.estimate, f"{module.path}:{at.line}")
                if saving is None or any(times[name] > 1 for name in names):
                    continue
                users = self._calls.occasional(module.path, at, handler)
                if users:
                    (name, *_) = _imported(module, at)
                    yield IdleImport(budget, module.path, at, name, users, saving, saving.saving_ms * least)

    def _loaded(self, path: str) -> list[Module]:
        """Return the modules of the project that are loaded with one, itself included."""
        found, seen = [self._modules[path]], {path}
        for module in found:
            for edge in module.resolution.edges:
                for target in (edge.target_path, *edge.parents):
                    if edge.kind == "eager" and target in self._modules and target not in seen:
                        seen.add(target)
                        found.append(self._modules[target])
        return found

    @cached_property
    def _modules(self) -> dict[str, Module]:
        return {module.path: module for module in self._project.modules}


def _is_dated(template: FunctionTemplate | None) -> bool:
    """Tell whether a function is packaged by a tool that gives all files of a package one date."""
    return template is not None and template.tool in _DATING and template.package.value == "Zip"


def _imported(module: Module, at: Span) -> tuple[str, ...]:
    """Return the modules that a statement imports."""
    resolution = module.resolution
    outside = (one.target for one in resolution.external if one.at == at)
    inside = (one.target for one in resolution.edges if one.at == at)
    return tuple(dict.fromkeys((*outside, *inside)))


def _times_imported(modules: Sequence[Module]) -> dict[str, int]:
    """Return how many statements of some modules import each package when they are loaded."""
    statements = {
        (module.path, one.at, one.target.partition(".")[0])
        for module in modules
        for one in module.resolution.external
        if one.kind == "eager"
    }
    names = [name for _, _, name in statements]
    return {name: names.count(name) for name in {*names}}


def _saving(estimate: Estimate, line: str) -> Contributor | None:
    """Return what a line of the project could save the most of."""
    brought = [one for one in estimate.contributors if one.kind in ("package", "standard") and line in one.chain]
    return max(brought, key=lambda one: one.saving_ms, default=None)


def _least_share(amount: Amount) -> float:
    """Return which part of an estimate is certain."""
    added = amount.estimate - amount.runtime
    return max((amount.low - amount.runtime) / added, 0.0) if added > 0 else 0.0
