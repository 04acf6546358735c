"""What a deployment template says about Python functions and their layers. `None` is what it does not say literally.

Paths are POSIX and relative to the project; "." is the project itself. Whether anything is there is not asked.
"""

import posixpath

from gwlint.model import Fact


class FunctionTemplate(Fact, frozen=True):
    """A Lambda function. `line` is that of its key in `template`, `handler` and `runtime` are as written there.

    `code` is the folder that becomes the root of the deployment package. `layers` are the `content` of those layers
    that the same template declares, in the order in which the function names them.
    """

    name: str
    template: str
    line: int
    handler: str | None
    code: str | None
    layers: tuple[str, ...]
    runtime: str | None


class LayerTemplate(Fact, frozen=True):
    """A Lambda layer. `content` is the folder that holds its `python/`, or, for a tool to build it, the modules."""

    name: str
    template: str
    line: int
    content: str | None


class Template(Fact, frozen=True):
    """One template. `problem` is why not all of it could be read: one line, which begins `line 7: `."""

    path: str
    functions: tuple[FunctionTemplate, ...] = ()
    layers: tuple[LayerTemplate, ...] = ()
    problem: str | None = None


def handler_module(handler: str) -> str:
    """Return the module that Lambda loads for a handler: `src.app` for `src/app.main`, and "" where it is none."""
    module = posixpath.normpath(handler.rpartition(".")[0]).replace("/", ".")
    return module if all(module.split(".")) else ""
