"""Which functions there are, and what they may take."""

from pathlib import Path

import pytest

from gwlint.budgets import Limits
from gwlint.finding import FIRST_LINE
from gwlint.model import Span
from tests.budgeting import Prices, budgeted

TAKES = "(event, context):\n    return event\n"
SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.main, CodeUri: src, Runtime: python3.13, Architectures: [arm64], MemorySize: 256}
  Elsewhere:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.main, CodeUri: s3://bucket/code.zip, Runtime: python3.12, MemorySize: !Ref Size}
  Absent:
    Type: AWS::Serverless::Function
    Properties: {Handler: gone.main, CodeUri: src, Runtime: python3.12, PackageType: Image}
"""


def names(folder: Path, files: dict[str, str]) -> list[str]:
    return [one.name for one in budgeted(folder, files, Prices()).budgets.functions]


def test_functions_that_a_template_declares(tmp_path: Path) -> None:
    files = {
        "template.yaml": SAM,
        "src/app.py": f"\ndef main{TAKES}",
        "lambda_function.py": f"def lambda_handler{TAKES}",
    }
    functions = budgeted(tmp_path, files, Prices()).budgets.functions

    assert [(one.name, one.handler, one.path, one.at, one.template_line) for one in functions] == [
        ("Orders", "app.main", "src/app.py", Span(2, 1, 2, 26), 3),
        ("Elsewhere", "app.main", "", FIRST_LINE, 6),
        ("Absent", "gone.main", "", FIRST_LINE, 9),
    ]
    assert [(one.runtime, one.architecture, one.memory_size_mb) for one in functions] == [
        ("python3.13", "arm64", 256),
        ("python3.12", "x86_64", None),
        ("python3.12", "x86_64", 128),
    ]
    assert [one.limits for one in functions] == [
        Limits(256, 100, 250),
        Limits(None, 100, 250),
        Limits(128, 100, None),
    ]


@pytest.mark.parametrize(
    "source",
    [
        f"def lambda_handler{TAKES}",
        f"async def handler{TAKES}",
        "def handler(event, context): ...",
        "def handler(_event: dict, _context=None): ...",
        "@logger.inject\ndef lambda_handler(event, _): ...",
        f"if True:\n    def handler{TAKES.replace('    ', '        ')}",
    ],
)
def test_a_handler_that_nothing_declares(tmp_path: Path, source: str) -> None:
    assert names(tmp_path, {"src/app.py": source}) in (["app.lambda_handler"], ["app.handler"])


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": "def handler(request): ..."},
        {"app.py": "def handler(context, event): ..."},
        {"app.py": "def handler(signum, frame): ..."},
        {"app.py": f"class A:\n    def handler{TAKES}"},
        {"app.py": f"def other{TAKES}"},
        {"app.py": "from elsewhere import handler"},
        {"app.py": "handler = 1"},
        {"tests/test_app.py": f"def lambda_handler{TAKES}"},
    ],
)
def test_what_is_no_handler(tmp_path: Path, files: dict[str, str]) -> None:
    assert names(tmp_path, files) == []


def test_a_handler_that_was_found_is_held_to_the_budgets(tmp_path: Path) -> None:
    settings = "[budgets]\nmemory-mb = 200\ninit-ms = 300\npackage-mb = 50\n"
    files = {"gwlint.toml": settings, "app.py": f"def lambda_handler{TAKES}"}
    (function,) = budgeted(tmp_path, files, Prices()).budgets.functions

    assert (function.limits, function.memory_size_mb, function.template) == (Limits(200, 300, 50), None, "")
