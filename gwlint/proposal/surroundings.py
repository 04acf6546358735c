"""What is to be set up around a project: other tools, CI systems, a baseline."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from gwlint import __version__

RUFF = """\
[lint]
external = ["GW"]
"""

PRE_COMMIT = f"""\
repos:
  - repo: gwlint  # the address of its repository, or the path of a clone
    rev: v{__version__}
    hooks:
      - id: gwlint  # or gwlint-changed, which reports what touches the files of the commit
"""

GITHUB = """\
name: gwlint
on: [push, pull_request]
permissions:
  contents: read
  security-events: write
jobs:
  gwlint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-python@v6
        with:
          python-version: "3.13"
      - run: pip install gwlint
      - run: gwlint check --format sarif --output-file gwlint.sarif
      - uses: github/codeql-action/upload-sarif@v4
        if: always()
        with:
          sarif_file: gwlint.sarif
          category: gwlint
"""

GITLAB = """\
gwlint:
  image: python:3.13-slim
  script:
    - pip install gwlint
    - gwlint check --format gitlab --output-file gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""

FILES = MappingProxyType(
    {
        ".pre-commit-config.yaml": PRE_COMMIT,
        ".github/workflows/gwlint.yml": GITHUB,
        ".gitlab-ci.yml": GITLAB,
        "ruff.toml": RUFF,
    }
)
"""What belongs into which file."""

_WHY = MappingProxyType(
    {
        ".pre-commit-config.yaml": "pre-commit",
        ".github/workflows/gwlint.yml": "GitHub Actions, with findings as code scanning alerts",
        ".gitlab-ci.yml": "GitLab, with findings in merge requests",
        "ruff.toml": "ruff, which removes `# noqa: GW101` otherwise; [tool.ruff.lint] in pyproject.toml will do",
    }
)


def next_steps() -> Iterator[str]:
    """Yield in lines what to do once there are settings."""
    yield ""
    yield "`gwlint check` says what there is to do. To leave it for later and be told what is new alone:"
    yield ""
    yield "    gwlint baseline write"
    for file, content in FILES.items():
        yield ""
        yield f"For {_WHY[file]}, in {file}:"
        yield ""
        yield from (f"    {line}" for line in content.splitlines())
