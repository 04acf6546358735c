"""Projects for tests: written into a folder, and looked at by a `gwlint` of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).parents[1]
FIXTURES = REPOSITORY / "fixtures"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by path, and return the folder."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def gwlint(*arguments: str | Path, cwd: Path = REPOSITORY, **environment: str) -> Ran:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "gwlint", *map(str, arguments)]
    python_path = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    ran = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": python_path, **environment},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def edit(folder: Path, changes: Mapping[str, str | None]) -> None:
    """Write files, or remove what None stands for; a file makes way for a folder, and a folder for a file."""
    for path, content in changes.items():
        file = folder / path
        for above in (folder / part for part in reversed(Path(path).parents)):
            if above.is_file():
                above.unlink()
        if file.is_dir():
            shutil.rmtree(file)
        if content is not None:
            write(folder, {path: content})
        elif file.exists():
            file.unlink()
