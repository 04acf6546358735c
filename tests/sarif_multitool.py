"""Microsoft's validator of SARIF, which `test_sarif.py` asks where it is: `python tests/sarif_multitool.py` fetches it.

It comes from npm, for Linux. A Sarif.Multitool on the path, or in the variable SARIF_MULTITOOL, will do as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".sarif-multitool"
PACKAGE = "@microsoft/sarif-multitool-linux"
VERSION = "5.7.0"
_NAME = "Sarif.Multitool"


def found() -> str | None:
    """Return where the program is, if it is anywhere."""
    ours = FOLDER / "node_modules" / PACKAGE / _NAME
    return os.environ.get("SARIF_MULTITOOL") or (str(ours) if ours.is_file() else shutil.which(_NAME))


if __name__ == "__main__":
    subprocess.run(["npm", "install", "--silent", "--prefix", FOLDER, f"{PACKAGE}@{VERSION}"], check=True)
    (FOLDER / "node_modules" / PACKAGE / _NAME).chmod(0o755)
