"""From the bytes of a deployment template to what it says."""

import re

from gwlint.templates.cloudformation import describe
from gwlint.templates.facts import Template
from gwlint.templates.sam import transformed_resources
from gwlint.templates.serverless import service_resources
from gwlint.templates.values import Mapping

_SERVERLESS_NAME = re.compile(r"serverless\.(ya?ml|json)")
_STACK_NAME = re.compile(r"template\.(ya?ml|json)|sam\.ya?ml|.*\.template\.json")
_ANY_NAME = re.compile(r".*\.(ya?ml|json|template)")
_MARKERS = (b"AWSTemplateFormatVersion", b"AWS::Serverless", b"AWS::Lambda::")


def looks_like_template(name: str, head: bytes) -> bool:
    """Whether a file may be worth reading, by its name and, unless that suffices, by how it begins.

    `head` is as much of the file as the caller likes: the markers usually stand in the first lines of a template.
    """
    name = name.rpartition("/")[2].lower()
    if _SERVERLESS_NAME.fullmatch(name) or _STACK_NAME.fullmatch(name):
        return True
    return bool(_ANY_NAME.fullmatch(name)) and any(marker in head for marker in _MARKERS)


def read(path: str, source: bytes) -> Template:
    """Return what a template says literally. `path` is POSIX and relative to the project. Raises nothing.

    A file without anything of AWS Lambda has neither functions nor layers, and is no problem for that.
    """
    # Most projects have no template, and PyYAML would be a good part of their start-up time.
    from gwlint.templates.parse_yaml import parse

    document = parse(source)
    root = document.root if isinstance(document.root, Mapping) else Mapping()
    if _is_service(path, root):
        return describe(path, service_resources(root, document.complete), document.problem)
    return describe(path, transformed_resources(root, document.complete), document.problem)


def _is_service(path: str, root: Mapping) -> bool:
    name = path.rpartition("/")[2].lower()
    return _SERVERLESS_NAME.fullmatch(name) is not None and root.get("Resources") is None
