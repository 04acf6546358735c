"""From the settings of a project to all that is known about it: the pipeline, and what of it the cache saves."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from gwlint.cache import Cache, facts_schema, run_schema
from gwlint.config import Config, ConfigError
from gwlint.declarations import Declaration, declarations, with_settings
from gwlint.discover.files import SourceFile, Stat, Unread
from gwlint.discover.overlay import overlaid
from gwlint.discover.tree import Folder, Tree
from gwlint.discover.walk import walk
from gwlint.model import Conduct, Cycle, Fact, Functions, ImportEdge, Layout, Surface
from gwlint.nearest import nearest
from gwlint.project import Account, Module, Project, Unreadable, imports_of
from gwlint.read import Progress, Reading, Subject, cached_under
from gwlint.resolve import FlatResolver, PackageResolver, Resolver, Standard, fit, resolve
from gwlint.roles import Tests, designations, handlers, is_entry_point
from gwlint.shadows import shadows
from gwlint.templates import FunctionTemplate, Template
from gwlint.units import Deployment, Unit, deployment, unit_of

if TYPE_CHECKING:
    from gwlint.footprint.sources import Sources

_LOOK = "look"
_PROJECT = "project"
_DIGEST_BYTES = 16
_CLEARLY = 1.5
"""How many times more imports have to resolve in the flat layout before it is taken for the real one; one alone
is no evidence."""

_TICK_NS = 2_000_000_000
"""How coarse the clock of a file system may be: what is younger can change again and look the same."""


class _Look(Fact, frozen=True):
    """What the last run saw of the files: one whose state is the same need not be read again."""

    schema: str
    stats: dict[str, tuple[Stat, bytes]]
    declarations: tuple[Declaration, ...]


class _Known(Fact, frozen=True):
    """What a run came to.

    `whole` stands for all that went in; `shape` for all but the content of sources. As long as the shape holds,
    the imports of an unchanged file lead where they led, unless one of the `deciding` files has changed: what these
    define says whether they or the standard library are meant.
    """

    schema: str
    whole: bytes
    shape: bytes
    deciding: tuple[str, ...]
    project: Project


class Survey:
    """The files of a project as they are now. What they say is found out only when asked for.

    `whole` stands for all that an analysis goes by; `schema` for the code that does it. It `is_settled` as long as no
    file has been seen to change under its hands: what it says must not be kept then.
    """

    def __init__(
        self,
        config: Config,
        cache: Cache,
        jobs: int,
        progress: Progress,
        overlay: Mapping[str, bytes] | None = None,
    ) -> None:
        """Look at the files.

        `overlay` has content that stands for that of the files at its paths, which need not exist.
        """
        settled_before = time.time_ns() - _TICK_NS
        self.is_settled = True
        self._config = config
        self._cache = cache
        self._jobs = jobs
        self._progress = progress
        facts = facts_schema()
        self.schema = f"{facts} {run_schema()}"
        last = _last(cache, _LOOK, _Look, self.schema)
        self._tree = overlaid(walk(config.project, config.exclude), config.exclude, overlay or {})
        found = declarations(self._tree, last.declarations if last is not None else ())
        self._unread = found.unread
        self._declared = found.templates
        self._templates = with_settings(found.templates, config)
        self._package = _package_of(config.project, self._tree.top)
        self._reading = Reading(config.project, facts, overlay or {})
        self._reading.identify(self._tree.files, last.stats if last is not None else {})
        shape = (self.schema, _settings(config), self._package, _shape(self._tree), self._templates, self._unread)
        self._shape = _digest(*shape)
        keys = self._reading.keys
        look = _Look(
            self.schema,
            {one.path: (one.stat, keys[one.path]) for one in self._tree.files if self._settled(one, settled_before)},
            tuple(one for one in found.known if all(_is_older(state, settled_before) for state in one.states())),
        )
        if look != last:
            cache.keep_run(_LOOK, msgspec.msgpack.encode(look))

    @property
    def whole(self) -> bytes:
        """What stands for all that an analysis goes by."""
        return _digest(self._shape, sorted(self._reading.keys.items()), sorted(self._reading.unreadable.items()))

    @property
    def keys(self) -> Mapping[str, bytes]:
        """What stands for the content of every file that can be read, by path."""
        return self._reading.keys

    @property
    def functions(self) -> tuple[FunctionTemplate, ...]:
        """The functions that templates and settings declare."""
        return tuple(function for template in self._templates for function in template.functions)

    @property
    def deployed(self) -> tuple[tuple[FunctionTemplate, Unit | None], ...]:
        """The functions that templates declare, each with what there is of it in the project."""
        return tuple((function, unit_of(self._tree, function)) for function in self.functions)

    def sources(self) -> Sources:
        """Return what reads sources beside those of the survey."""
        # Few projects have functions, and fewer runs ask what these load.
        from gwlint.footprint.sources import Sources

        return Sources(self._cache, self._jobs, self._progress)

    def project(self) -> Project:
        """Return all that is known about the project. Nothing of it is imported or run.

        Raises `ConfigError` where the settings don't fit the files.
        """
        last = _last(self._cache, _PROJECT, _Known, self.schema)
        if last is not None and last.whole == self.whole:
            return last.project
        built = deployment(self._tree, self._config.roots, self._templates, self._package)
        _check_functions(self._config, self._declared, built)
        analysis = _Analysis(self._config, self._tree, built, self._reading, self._cache, self._jobs, self._progress)
        before = last if last is not None and last.shape == self._shape else None
        project = analysis.project(before, _notices(self._config, self._tree, self._unread, self._templates))
        self._cache.forget_facts(cached_under(module.key for module in project.modules))
        # Files may have vanished in the meantime, which changes the whole.
        known = _Known(self.schema, self.whole, self._shape, analysis.deciding, project)
        self._cache.keep_run(_PROJECT, msgspec.msgpack.encode(known))
        return project

    def content(self, path: str) -> bytes:
        """Return the content of a module once more; nothing of it where it has changed since the survey began."""
        content = self._reading.content(path)
        self.is_settled = self.is_settled and content is not None
        return content or b""

    def duplication(self, paths: Collection[str]) -> dict[str, Functions]:
        """Return what some files say about duplication, by path. Files that have vanished are left out."""
        return self._said(paths, "functions", Functions)

    def conduct(self, paths: Collection[str]) -> dict[str, Conduct]:
        """Return what the functions of some files do when they are called, by path."""
        return self._said(paths, "conduct", Conduct)

    def _said(self, paths: Collection[str], subject: Subject, kind: type[_Said]) -> dict[str, _Said]:
        present = [path for path in paths if path in self._reading.keys]
        decoder = msgspec.msgpack.Decoder(kind)
        facts = self._reading.facts(present, self._cache, self._jobs, self._progress, subject)
        return {path: decoder.decode(encoded) for path, encoded in facts}

    def _settled(self, file: SourceFile, before: int) -> bool:
        is_read = file.path in self._reading.keys and file.path not in self._reading.overlay
        return is_read and _is_older(file.stat, before)


def analyse(config: Config, cache: Cache, jobs: int, progress: Progress) -> Project:
    """Return all that is known about a project. Nothing of it is imported or run.

    Raises `ConfigError` where the settings don't fit the files.
    """
    return Survey(config, cache, jobs, progress).project()


_Kept = TypeVar("_Kept", _Look, _Known)
_Said = TypeVar("_Said", Functions, Conduct)


class _Analysis:
    """One run over a tree."""

    def __init__(
        self,
        config: Config,
        tree: Tree,
        built: Deployment,
        reading: Reading,
        cache: Cache,
        jobs: int,
        progress: Progress,
    ) -> None:
        self._config = config
        self._tree = tree
        self._deployment = built
        self._reading = reading
        self._cache = cache
        self._jobs = jobs
        self._progress = progress
        self._surfaces: dict[str, Surface] = {}
        self._deciding: set[str] = set()
        self._paths = [file.path for file in tree.files if file.path in reading.keys]
        self._deployed = {(unit.handler, unit.function) for unit in built.units if unit.handler}
        self._declared = frozenset(config.entry_points)

    @property
    def deciding(self) -> tuple[str, ...]:
        """The files whose definitions have decided between them and the standard library."""
        return tuple(sorted(self._deciding))

    def project(self, before: _Known | None, notices: Sequence[str]) -> Project:
        """Resolve what has changed since the run `before`, and put everything together."""
        layout, modules = self._fitting({} if before is None else self._unchanged(before))
        self._check_entry_points(modules)
        partial = sum(module.error is not None for module in modules)
        refused = {one.path: one.reason for one in self._tree.unreadable} | self._reading.unreadable
        return Project(
            layout=layout,
            roots=tuple(sorted({module.root for module in modules})),
            account=Account(
                found=self._tree.found,
                analysed=len(modules) - partial,
                partial=partial + len(refused),
                excluded=len(self._tree.excluded),
            ),
            modules=tuple(modules),
            cycles=_cycles(modules, before),
            notices=tuple(notices),
            unreadable=tuple(Unreadable(path, reason) for path, reason in sorted(refused.items())),
            shadows=shadows(layout, self._deployment, modules),
        )

    def _unchanged(self, before: _Known) -> dict[str, Module]:
        """Return the modules of the last run whose imports lead where they led."""
        same = {one.path: one for one in before.project.modules if self._reading.keys.get(one.path) == one.key}
        if not same.keys() >= set(before.deciding):
            return {}
        # Whether the flat layout still fits better can't be told from how the imports resolve in it alone.
        if before.project.layout == "flat" and self._config.layout != "flat":
            return {}
        self._deciding.update(before.deciding)
        return same

    def _fitting(self, kept: dict[str, Module]) -> tuple[Layout, list[Module]]:
        """Return the modules under the layout that is configured, or that fits."""
        if self._config.layout == "flat":
            return "flat", self._modules(self._flat(), kept)
        package = PackageResolver(self._tree.top, self._deployment, Standard(self._names_of))
        modules = self._modules(package, kept)
        if self._config.layout == "package":
            return "package", modules
        own_names = self._own_names()
        resolved, failed = fit((module.resolution for module in modules), own_names)
        if failed > resolved:
            flat = self._modules(self._flat(), {})
            flat_resolved, flat_failed = fit((module.resolution for module in flat), own_names)
            if flat_resolved > max(_CLEARLY * resolved, resolved + 1) and flat_failed < failed:
                return "flat", flat
        return "package", modules

    def _modules(self, resolver: Resolver, kept: dict[str, Module]) -> list[Module]:
        self._read([path for path in self._paths if path not in kept])
        tests = Tests(self._deployment, self._config.tests)
        entry_points = {*(path for path, _ in self._deployed), *self._config.entry_points}
        # A file may have vanished after it was found, when its facts were needed.
        present = [path for path in self._paths if path in self._reading.keys]
        return [kept.get(path) or self._module(path, resolver, tests, entry_points) for path in present]

    def _module(self, path: str, resolver: Resolver, tests: Tests, entry_points: set[str]) -> Module:
        surface, name = self._surfaces[path], resolver.name(path)
        return Module(
            path=path,
            name=name,
            root=self._deployment.owner(path).path,
            key=self._reading.keys[path],
            lines=surface.lines,
            is_test=tests.has(path),
            is_entry_point=is_entry_point(path, name, surface.names, entry_points),
            error=surface.error,
            unknown=surface.unknown,
            resolution=resolve(path, surface, resolver),
            suppressions=surface.suppressions,
            handlers=() if tests.has(path) else handlers(path, name, surface, self._deployed, self._declared),
        )

    def _read(self, paths: Sequence[str]) -> None:
        wanted = [path for path in paths if path in self._reading.keys and path not in self._surfaces]
        decoder = msgspec.msgpack.Decoder(Surface)
        for path, encoded in self._reading.facts(wanted, self._cache, self._jobs, self._progress):
            self._surfaces[path] = decoder.decode(encoded)

    def _flat(self) -> FlatResolver:
        return FlatResolver(self._paths, self._deployment, Standard(self._names_of))

    def _names_of(self, path: str) -> frozenset[str]:
        self._deciding.add(path)
        self._read([path])
        return frozenset(self._surfaces[path].names) if path in self._surfaces else frozenset()

    def _own_names(self) -> frozenset[str]:
        """Return the names of all files and folders with sources in them."""
        folders = {part for path in self._paths for part in path.split("/")[:-1]}
        return frozenset(folders.union(map(_stem, self._paths)))

    def _check_entry_points(self, modules: Sequence[Module]) -> None:
        if not self._config.entry_points:
            return
        names = {name for module in modules for name in designations(module.path, module.name)}
        if names.issuperset(self._config.entry_points):
            return
        problems = []
        for declared in self._config.entry_points:
            if declared not in names:
                near = nearest(declared, names)
                remedy = f"; did you mean `{near}`?" if near else "; name a module of the project"
                problems.append(f"{self._config.source}: `entry-points`: there is no module `{declared}`{remedy}")
        raise ConfigError(tuple(problems))


def _cycles(modules: Sequence[Module], before: _Known | None) -> tuple[Cycle, ...]:
    """Return the cycles among modules: those of the run `before`, where no import is another one since."""
    if before is not None and _edges(modules) == _edges(before.project.modules):
        return before.project.cycles
    # Most runs do without.
    from gwlint import graph

    return graph.cycles(imports_of(modules, ancestors=False))


def _edges(modules: Iterable[Module]) -> dict[str, tuple[ImportEdge, ...]]:
    return {module.path: module.resolution.edges for module in modules}


def _last(cache: Cache, name: str, kind: type[_Kept], schema: str) -> _Kept | None:
    """Return what the last run has kept under a name, unless other code has made it."""
    last = cache.run_of(name, kind)
    return last if last is not None and last.schema == schema else None


def _is_older(state: Stat, time_ns: int) -> bool:
    return max(state.mtime_ns, state.ctime_ns) < time_ns


def _check_functions(config: Config, declared: Sequence[Template], built: Deployment) -> None:
    """Raise `ConfigError` where the settings speak of functions that nobody has, or of handlers."""
    if not config.functions:
        return
    names = {function.name for template in declared for function in template.functions}
    handled = {unit.name for unit in built.units if unit.handler is not None}
    problems = []
    for function in config.functions:
        key = f"{config.source}: `functions.{function.name}`"
        if function.handler is None and function.name not in names:
            near = nearest(function.name, names)
            remedy = f"did you mean `{near}`?" if near else "give it a `handler`"
            problems.append(f"{key}: no template declares such a function; {remedy}")
        elif function.handler is not None and function.name not in handled:
            problems.append(
                f"{key}: there is no file for the handler `{function.handler}`; correct it, or the `root` it is in"
            )
    if problems:
        raise ConfigError(tuple(problems))


def _package_of(project: Path, top: Folder) -> str:
    """Return the dotted name of the package that the project folder itself is, or nothing."""
    parts: list[str] = []
    if "__init__" in top.modules:
        parts.append(project.name)
        for folder in project.parents:
            if not (folder / "__init__.py").is_file():
                break
            parts.append(folder.name)
    return ".".join(reversed(parts))


def _notices(config: Config, tree: Tree, unread: Iterable[Unread], templates: Iterable[Template]) -> list[str]:
    """Say what could not be read, for it may be missing from the graph, and which settings mean nothing."""
    problems = (template for template in templates if template.problem)
    return [
        *(f"`{one.path}` can't be read: {one.reason}" for one in (*tree.unopened, *unread)),
        *(f"{config.source}: `exclude`: nothing matches `{pattern}`" for pattern in tree.unmatched_excludes),
        *(f"`{template.path}` is not understood as a template: {template.problem}" for template in problems),
    ]


def _settings(config: Config) -> tuple[object, ...]:
    functions = repr(config.functions)
    return (config.source, config.roots, config.layout, config.exclude, config.tests, config.entry_points, functions)


def _shape(tree: Tree) -> tuple[object, ...]:
    """Return what an import can see, the content of sources apart."""
    paths, metadata = ([file.path for file in files] for files in (tree.files, tree.metadata))
    unused = tree.unmatched_excludes
    return (paths, tree.excluded, tree.unreadable, tree.unopened, unused, metadata, list(_visible(tree.top)))


def _visible(top: Folder) -> Iterator[tuple[object, ...]]:
    """Yield what every folder shows beyond its files; links can make loops."""
    seen, pending = {top.path}, [top]
    while pending:
        folder = pending.pop()
        links = sorted(
            (name, inner.path) for name, inner in folder.folders.items() if inner.path != folder.path_of(name)
        )
        modules = sorted((name, path) for name, path in folder.modules.items() if path != folder.path_of(f"{name}.py"))
        if folder.opaque or folder.third_party or links or modules:
            yield folder.path, sorted(folder.opaque), sorted(folder.third_party), links, modules
        for inner in folder.folders.values():
            if inner.path not in seen:
                seen.add(inner.path)
                pending.append(inner)


def _digest(*parts: object) -> bytes:
    return blake2b(msgspec.msgpack.encode(parts), digest_size=_DIGEST_BYTES).digest()


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".py")
