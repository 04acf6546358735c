"""From the bytes of a deployment template to what it says."""

import re
from collections.abc import Callable

from gwlint.templates.facts import Template
from gwlint.templates.intrinsics import Given

_SERVERLESS_NAME = re.compile(r"serverless\.(ya?ml|json)")
_STACK_NAME = re.compile(r"template\.(ya?ml|json)|sam\.ya?ml|.*\.template\.json")
_ZAPPA_NAME = re.compile(r"zappa_settings\.(json|ya?ml|toml)")
_ANY_NAME = re.compile(r".*\.(ya?ml|json|template)")
_TERRAFORM_NAME = re.compile(r".*\.tf(\.json)?")
_CHALICE_PATH = re.compile(r"(.*/)?\.chalice/config\.json")
_MARKERS = (b"AWSTemplateFormatVersion", b"AWS::Serverless", b"AWS::Lambda::")

Others = Callable[[str], bytes]
"""Reads another file of the project, by its path there: nothing where there is none."""


def looks_like_template(path: str, head: bytes) -> bool:
    """Whether a file may be worth reading, by its name and, unless that suffices, by how it begins.

    `head` is as much of the file as the caller likes: the markers usually stand in the first lines of a template.
    """
    name = path.rpartition("/")[2].lower()
    if any(pattern.fullmatch(name) for pattern in (_SERVERLESS_NAME, _STACK_NAME, _ZAPPA_NAME)):
        return True
    if _CHALICE_PATH.fullmatch(path):
        return True
    return bool(_ANY_NAME.fullmatch(name)) and any(marker in head for marker in _MARKERS)


def is_terraform(path: str) -> bool:
    """Tell whether a file is part of a configuration of Terraform, by its name."""
    return _TERRAFORM_NAME.fullmatch(path.rpartition("/")[2]) is not None


def read(path: str, source: bytes, others: Others = lambda _path: b"", given: Given = ()) -> Template:
    """Return what a template says. `path` is POSIX and relative to the project. Raises nothing.

    `given` are parameters that the template is deployed with. A file without anything of AWS Lambda has neither
    functions nor layers, and is no problem for that.
    """
    # Most projects have no template, and PyYAML would be a good part of their start-up time.
    if _CHALICE_PATH.fullmatch(path):
        from gwlint.templates import chalice

        return chalice.read(path, source, others)
    if _ZAPPA_NAME.fullmatch(path.rpartition("/")[2].lower()):
        from gwlint.templates import zappa

        return zappa.read(path, source)
    from gwlint.templates import documents

    is_service = _SERVERLESS_NAME.fullmatch(path.rpartition("/")[2].lower()) is not None
    return documents.read(path, source, others, given, is_service=is_service)
