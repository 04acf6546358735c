"""`python -m gwlint`."""

import os
import sys

# `-m` puts the working directory first on the path: a project's `random.py` would be imported, and run, by gwlint.
if sys.path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - pathlib would be imported from there
    del sys.path[0]

from gwlint.cli import main

if __name__ == "__main__":
    main()
