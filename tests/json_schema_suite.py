"""The official tests of JSON Schema, for `test_security_schema.py`: `python tests/json_schema_suite.py` fetches them.

They come with the source of the package jsonschema.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".json-schema-test-suite"
PACKAGE = "jsonschema==4.26.0"
_DRAFT = "json/tests/draft2020-12/"


def found() -> list[Path]:
    """Return the files of required tests, if they are there."""
    return sorted(FOLDER.glob("*.json"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*pip, "--dest", folder, PACKAGE], check=True)
        FOLDER.mkdir(exist_ok=True)
        with tarfile.open(next(Path(folder).glob("*.tar.gz"))) as archive:
            for member in archive.getmembers():
                _, _, name = member.name.partition(_DRAFT)
                content = archive.extractfile(member) if name.endswith(".json") and "/" not in name else None
                if content is not None:
                    (FOLDER / name).write_bytes(content.read())
