"""Fetch what the benchmarks need: the codebases, the tools to compare with, and gwlint from this checkout.

What is there already stays, except gwlint, which is built and installed anew.
"""

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from corpora import CORPORA, ENVIRONMENT, HERE, Corpus, tool

PEERS = (
    "find-dup-defs==0.17.0", "import-linter==2.16", "jscpd==5.4.2", "networkx", "pylint==4.1.4", "pyscn==1.33.0",
    "ruff==0.17.6", "tach==0.35.3",
)  # fmt: skip


def main() -> None:
    """Fetch everything that is missing."""
    for corpus in CORPORA:
        if not corpus.folder.exists():
            _fetch(corpus)
    if not ENVIRONMENT.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    _pip(tool("python"), "install", *PEERS, str(HERE.parent))
    _pip(tool("python"), "install", "--force-reinstall", "--no-deps", str(HERE.parent))


def _fetch(corpus: Corpus) -> None:
    with tempfile.TemporaryDirectory() as folder:
        options = ("--no-deps", "--dest", folder, *corpus.download_options)
        _pip(sys.executable, "download", *options, corpus.requirement)
        (wheel,) = Path(folder).glob("*.whl")
        with ZipFile(wheel) as archive:
            archive.extractall(corpus.folder, _members(archive, corpus.package))


def _members(archive: ZipFile, package: str) -> Iterator[str]:
    """Yield the files of the package itself: beside its metadata it would count as a third-party one."""
    return (name for name in archive.namelist() if name.startswith(f"{package}/"))


def _pip(python: str, *arguments: str) -> None:
    # Without byte code every start of a tool would compile all of it again.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, env=environment)


if __name__ == "__main__":
    main()
