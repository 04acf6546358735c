"""The text of the settings to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gwlint.components import Components
from gwlint.config.wording import joined, quoted
from gwlint.project import Project
from gwlint.proposal.declarations import Declaration, Declarations
from gwlint.proposal.presets import Fit
from gwlint.proposal.wording import plain, several
from gwlint.templates import FunctionTemplate


class Found(NamedTuple):
    """What there is to write down of a project."""

    project: Project
    components: Components
    functions: Sequence[FunctionTemplate]
    fits: Sequence[Fit]
    declarations: Declarations


def text(found: Found, table: str = "") -> str:
    """Return what was found as settings with comments; `table` is that of the file in which they are to stand."""
    header = (f"[{table}]",) if table else ()
    lines = (*header, *_head(found), *_components(found.declarations, table))
    return "".join(f"{line}\n" for line in lines)


def _head(found: Found) -> Iterator[str]:
    project = found.project
    yield "# What `gwlint init` has found here, to be edited. Whatever is not set is found anew on every run;"
    yield "# `gwlint check --show-settings` prints what holds."
    yield ""
    yield "# Roots, the folders on sys.path when the code runs. Those that were found:"
    yield f"# roots = {_array(project.roots)}"
    yield ""
    yield from _layout(project)
    yield ""
    yield "# What is run, not imported, besides what was found:"
    yield f"#   {several(_entry_points(found.components, project))}"
    yield from _functions(found.functions)
    yield '# entry-points = ["app.main"]'
    yield ""
    yield f"# Tests, besides {_tests(found.components, project)}:"
    yield '# tests = ["checks/**"]'
    yield ""
    yield "# A preset says more than who stands behind which gateway: who may import whom at all."
    yield from _presets(found.fits)
    yield ""
    yield "# The mildest finding that makes a run fail: error | warning | note | never."
    yield '# fail-on = "warning"'
    yield ""
    yield "# Components that are not declared are inferred."
    yield "# infer = true"


def _layout(project: Project) -> Iterator[str]:
    if project.layout == "flat":
        yield "# The folders of a root are deployed as one directory: more imports resolve that way."
        yield 'layout = "flat"'
    else:
        yield "# Names of modules follow folders; with `flat`, a root is deployed as one directory."
        yield '# layout = "package"'


def _functions(functions: Sequence[FunctionTemplate]) -> Iterator[str]:
    for template in dict.fromkeys(one.template for one in functions):
        names = (one.name for one in functions if one.template == template)
        yield f"#   functions of {plain(template)}: {several(names)}"


def _presets(fits: Sequence[Fit]) -> Iterator[str]:
    if not fits:
        yield "# None is made for the names that are used here: gateway | universal | layers."
    for preset, why in fits:
        yield f'# preset = "{preset}"  # {why}'


def _components(declarations: Declarations, table: str) -> Iterator[str]:
    yield ""
    if declarations.made:
        yield "# Components: a gateway, the one module that others may import, and its internals. gwlint has inferred"
        yield "# these. Declared, they make an import past the gateway an error, not a warning, and what a component"
        yield "# may not do itself is asked as well. Remove what is none, and correct what is another."
    else:
        yield "# Components: a gateway, the one module that others may import, and its internals. None has been"
        yield "# inferred; this is how to declare one:"
        yield f"# [{joined(table, 'components')}.cache]"
        yield '# gateway = "app.cache"'
        yield '# internals = ["app.cache_*"]'
    for component in declarations.left:
        yield f"# No name means {plain(component.gateway)} alone, or its internals: it is left to be inferred."
    for declaration in declarations.made:
        yield ""
        yield from _component(declaration, joined(table, "components"))


def _component(declaration: Declaration, above: str) -> Iterator[str]:
    component = declaration.component
    modules = _counted(len(component.internals), "private module" if component.package else "module")
    yield f"# {plain(component.gateway)} and {modules} {'below' if component.package else 'behind'} it"
    yield f"[{joined(above, declaration.name)}]"
    yield f"gateway = {quoted(declaration.gateway)}"
    if component.package:
        yield "package = true"
    else:
        yield f"internals = {_array(declaration.internals)}"


def _entry_points(components: Components, project: Project) -> list[str]:
    return [one.path for one in project.modules if components.place(one.path).role == "entry-point"]


def _tests(components: Components, project: Project) -> str:
    count = sum(components.place(module.path).role == "test" for module in project.modules)
    return f"{count} of {len(project.modules)} modules, which are some by their names or lie in tests/"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _array(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"
