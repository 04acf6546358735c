r"""How well the modules that a handler loads are found: against a fresh interpreter, statement by statement.

    python benchmarks/closures.py PYTHON STATEMENTS

PYTHON is the interpreter of an environment with packages in it, STATEMENTS a file with a statement a line; `\\n` stands
for a line end. Printed are the precision and the recall of the modules of packages, each one weighed by its source.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from gwlint.cache import Cache
from gwlint.footprint.closure import closure
from gwlint.footprint.environment import Environment, SearchFolder, Target
from gwlint.footprint.loads import Closure
from gwlint.footprint.sources import Sources

PROBE = """
import json, site, sys
before = set(sys.modules)
exec(compile(sys.argv[1], "handler.py", "exec"), {"__name__": "handler"})
loaded = {name: module for name, module in list(sys.modules.items()) if name not in before}
origins = {
    name: getattr(getattr(module, "__spec__", None), "origin", None) or ""
    for name, module in loaded.items()
    if getattr(module, "__name__", name) == name
}
print(json.dumps([site.getsitepackages()[0], list(sys.version_info[:2]), origins]))
"""
WANTED = 0.97


def main() -> None:
    """Print a line for each statement, and how many are good enough."""
    python, listed = sys.argv[1:]
    statements = [line.replace("\\n", "\n") for line in Path(listed).read_text().splitlines() if line]
    good = sum(compare(python, statement) for statement in statements)
    print(f"{good} of {len(statements)} statements have both above {WANTED:.0%}")


def compare(python: str, statement: str) -> bool:
    """Print how well one statement does, and return whether that is good enough."""
    done = subprocess.run([python, "-I", "-c", PROBE, statement], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{statement[:60]!r} fails: {done.stderr.splitlines()[-1]}")
        return False
    site, version, origins = json.loads(done.stdout.splitlines()[-1])
    truth = {name: Path(origin) for name, origin in origins.items() if origin.startswith(site)}
    start = time.process_time()
    found = closure_of(statement, site, (version[0], version[1]))
    seconds = time.process_time() - start
    guess = {load.module: Path(load.file) for load in found.loads if load.file.startswith(site)}
    common = weight({name: path for name, path in guess.items() if name in truth})
    precision, recall = common / weight(guess), common / weight(truth)
    print(f"{statement[:60]!r:64} {len(truth):5} {len(guess):5} {precision:6.1%} {recall:6.1%} {seconds:6.2f} s")
    return min(precision, recall) >= WANTED


def closure_of(statement: str, site: str, version: tuple[int, int]) -> Closure:
    """Return what a handler loads that has nothing but a statement."""
    with tempfile.TemporaryDirectory() as folder, closing(Cache(None)) as cache:
        Path(folder, "handler.py").write_text(statement)
        folders = [SearchFolder(folder, "project", precedes=True), SearchFolder(site, "package")]
        environment = Environment(folders, Target(version))
        return closure("handler", environment, Sources(cache, 1), lambda _module: None)


def weight(paths: Mapping[str, Path]) -> int:
    """Return how much source some modules have, and something for each."""
    return 1 + sum(100 + (path.stat().st_size if path.suffix == ".py" else 0) for path in paths.values())


if __name__ == "__main__":
    main()
