"""Where the code of a function lies on disk, its assets and layers included: what Lambda has on `sys.path`."""

from pathlib import Path

from gwlint.templates import FunctionTemplate, handler_module
from gwlint.units import LAYER_FOLDERS


def import_roots(project: Path, function: FunctionTemplate) -> tuple[Path, ...]:
    """Return the folders that the modules of a function are looked for in, in their order; those that are there."""
    roots = [project / function.code] if function.code is not None else []
    for layer in function.layers:
        inside = [project / layer / name for name in LAYER_FOLDERS if (project / layer / name).is_dir()]
        # A layer that a build step still has to give its `python` folder is imported from as it lies.
        roots += inside or [project / layer]
    return tuple(dict.fromkeys(root for root in roots if root.is_dir()))


def handler_file(project: Path, function: FunctionTemplate) -> Path | None:
    """Return the file that the handler of a function is in; None where it is not at hand.

    Unlike the units of a project, this knows the assets of the CDK, too, which are no code of the project.
    """
    module = handler_module(function.handler or "")
    if function.code is None or not module:
        return None
    place = project.joinpath(function.code, *module.split("."))
    candidates = (place.with_name(f"{place.name}.py"), place / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)
