"""What a deployment template says about Python functions and their layers. `None` is what it does not say literally.

Paths are POSIX and relative to the project; "." is the project itself. Whether anything is there is not asked.
"""

import posixpath
from typing import Generic, Literal, TypeVar

from gwlint.model import Fact

Tool = Literal["sam", "cloudformation", "cdk", "serverless", "terraform", "chalice", "zappa", "gwlint"]
"""What deploys a function, by the file that declares it; `gwlint` stands for the settings."""

T = TypeVar("T")


class Setting(Fact, Generic[T], frozen=True):
    """A property of a function: its value, `None` where that is unknown, and the line at which it is set.

    Where nothing sets it, the line is 0 and the value the default of the tool. `path` is the file with the line, empty
    where that is the template of the function.
    """

    value: T | None
    line: int = 0
    path: str = ""

    @property
    def is_set(self) -> bool:
        """Whether somebody has chosen it, be it unknown what."""
        return self.line > 0

    @property
    def is_known(self) -> bool:
        """Whether its value is known, be it by default."""
        return self.value is not None


class FunctionTemplate(Fact, frozen=True):
    """A Lambda function. `line` is that of its key in `template`, `handler` and `runtime` are as written there.

    `code` is the folder that becomes the root of the deployment package. `layers` are the `content` of those layers
    that are folders of the project, in the order in which the function names them; `layer_count` counts the others,
    too. Memory and storage are in MiB, as Lambda's MB are. `environment_bytes` is what Lambda holds against its limit:
    the variables as JSON; `environment_least` counts those alone whose values are known. `patterns` are the globs of
    files that packaging takes, or with a `!` leaves out, in the words of its tool; the last one that matches decides.
    """

    name: str
    template: str
    line: int
    handler: str | None
    code: str | None
    layers: tuple[str, ...]
    runtime: str | None
    tool: Tool = "cloudformation"
    memory_mb: Setting[int] = Setting(128)
    timeout_s: Setting[int] = Setting(3)
    architecture: Setting[str] = Setting("x86_64")
    ephemeral_mb: Setting[int] = Setting(512)
    environment_bytes: Setting[int] = Setting(0)
    environment_least: int = 0
    layer_count: Setting[int] = Setting(0)
    package: Setting[str] = Setting("Zip")
    patterns: tuple[str, ...] = ()


class LayerTemplate(Fact, frozen=True):
    """A Lambda layer. `content` is the folder that holds its `python/`, or, for a tool to build it, the modules."""

    name: str
    template: str
    line: int
    content: str | None


class StackTemplate(Fact, frozen=True):
    """A template at `path` that another one deploys as a part of its own, and the values of the parameters it sets."""

    path: str
    parameters: tuple[tuple[str, str | None], ...]


class Template(Fact, frozen=True):
    """One template. `problem` is why not all of it could be read: one line, which begins `line 7: `."""

    path: str
    functions: tuple[FunctionTemplate, ...] = ()
    layers: tuple[LayerTemplate, ...] = ()
    problem: str | None = None
    stacks: tuple[StackTemplate, ...] = ()


def handler_module(handler: str) -> str:
    """Return the module that Lambda loads for a handler: `src.app` for `src/app.main`, and "" where it is none."""
    module = posixpath.normpath(handler.rpartition(".")[0]).replace("/", ".")
    return module if all(module.split(".")) else ""
