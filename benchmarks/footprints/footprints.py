"""Measure again what the tables of gwlint.footprint say, and write them.

    python benchmarks/footprints/footprints.py --work DIR measure [WHAT...]
    python benchmarks/footprints/footprints.py --work DIR build
    python benchmarks/footprints/footprints.py --work DIR calibrate
    python benchmarks/footprints/footprints.py --work DIR check [NAME...]

README.md says what each does.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import boto
import build
import calibrate
import calls
import check
import runtimes
import shapes
import standard
import threads
from collect import Samples, TraceError, complain, importing_all, keep, kept, samples
from environments import Group, create, groups, installed, worth_importing

_FAILURES = (TraceError, OSError, subprocess.SubprocessError)


class Work:
    """A working folder, and the interpreters."""

    def __init__(self, folder: Path, pythons: dict[str, Path], runs: int) -> None:
        self.folder = folder
        self.pythons = pythons
        self.runs = runs

    def interpreter(self, name: str) -> Path:
        """Return the interpreter of the environment of a group, which is made unless it is there."""
        (group,) = groups([name])
        return create(group, self.folder / "envs", self.pythons[standard.PACKAGES])

    def write(self, name: str, found: object) -> None:
        """Write figures for `build`."""
        (self.folder / f"{name}.json").write_text(json.dumps(found), encoding="utf-8")


def measure_packages(work: Work) -> None:
    """Measure the statements of all groups, and what else their first distributions have."""
    for group in groups():
        folder = work.folder / "samples" / group.name
        try:
            interpreter = work.interpreter(group.name)
            for number, statement in enumerate(group.statements):
                _sample(interpreter, statement, folder / f"{number}.json.gz", work.runs)
            if group.whole:
                _sample_rest(group, interpreter, folder)
        except _FAILURES as error:
            complain(group.name, error)
        print(group.name, flush=True)


def _sample(interpreter: Path, code: str, file: Path, runs: int) -> None:
    if file.exists():
        return
    try:
        keep(samples(interpreter, code, runs), file)
    except _FAILURES as error:
        complain(f"{file.parent.name}: {code[:80]}", error)


def _sample_rest(group: Group, interpreter: Path, folder: Path) -> None:
    known = {name for file in folder.glob("*.json.gz") for name in kept(file)["files"]}
    own = {requirement.partition("[")[0].partition("<")[0] for requirement in group.requirements}
    modules = [
        module.module
        for module in installed(interpreter)
        if module.distribution in own and module.module not in known and worth_importing(module.module)
    ]
    if modules:
        _sample(interpreter, importing_all(modules), folder / "rest.json.gz", 2)


def measure_standard(work: Work) -> None:
    """Measure the standard library of every version, and some packages on each."""
    for version, python in work.pythons.items():
        standard.measure_standard(version, work.folder, python, 2)
        if version != standard.PACKAGES:
            standard.measure_compared(version, work.folder, python, 2)
        print(version, flush=True)


def measure_calls(work: Work) -> None:
    """Measure calls."""
    measured = ((call.callee, _call(work, call)) for call in calls.calls())
    work.write("calls", {callee: found for callee, found in measured if found})


def _call(work: Work, call: calls.Call) -> Samples | None:
    try:
        return calls.measured_call(work.interpreter(call.environment), call, work.runs)
    except _FAILURES as error:
        complain(call.callee, error)
        return None


def measure_shapes(work: Work) -> None:
    """Measure data and declarations."""
    plain = work.interpreter("attrs")
    work.write(
        "units",
        [
            *shapes.literal_units(plain),
            *shapes.made_units(plain),
            *shapes.reader_units(work.interpreter("pyyaml")),
            *shapes.array_units(work.interpreter("numpy")),
            *(unit for kind in shapes.kinds() for unit in shapes.class_units(kind, work.interpreter(kind.environment))),
        ],
    )


def measure_boto(work: Work) -> None:
    """Measure clients and resources of boto3."""
    python = work.interpreter("boto3")
    work.write(
        "boto",
        {
            "version": next(module.version for module in installed(python) if module.distribution == "boto3"),
            "clients": [boto.client(python, service, work.runs) for service in boto.SERVICES],
            "resources": [boto.resource(python, service, work.runs) for service in boto.RESOURCES],
            "sessions": [boto.second_session(python, service, work.runs) for service in ("s3", "sqs", "dynamodb")],
        },
    )


def measure_runtimes(work: Work) -> None:
    """Find out what the bootstrap loads."""
    work.write("runtimes", runtimes.runtimes(work.folder, work.pythons))


def measure_threads(work: Work) -> None:
    """Measure what libraries with threads of their own take."""
    work.write("threads", threads.waiting_ms(work.interpreter, 3 * work.runs))


MEASURES: dict[str, Callable[[Work], None]] = {
    "packages": measure_packages,
    "standard": measure_standard,
    "calls": measure_calls,
    "shapes": measure_shapes,
    "boto": measure_boto,
    "runtimes": measure_runtimes,
    "threads": measure_threads,
}


def main() -> None:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="where environments and samples are kept")
    parser.add_argument("--runs", type=int, default=3, help="of each kind, for each statement")
    parser.add_argument("--python", action="append", default=[], metavar="3.12=PATH", help="else python3.12 of PATH")
    parser.add_argument("command", choices=("measure", "build", "calibrate", "check"))
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    work = Work(given.work.resolve(), _pythons(given.python), given.runs)
    work.folder.mkdir(parents=True, exist_ok=True)
    if given.command == "measure":
        for name in given.names or MEASURES:
            MEASURES[name](work)
    elif given.command == "build":
        build.build(work.folder, work.pythons)
        calibrate.calibrate(work.folder)
    elif given.command == "calibrate":
        calibrate.calibrate(work.folder)
    else:
        check.check([(name, work.interpreter(name)) for name in given.names or ("boto3", "pydantic")], work.runs)


def _pythons(given: Sequence[str]) -> dict[str, Path]:
    named = dict(one.split("=", 1) for one in given)
    found = {version: named.get(version) or shutil.which(f"python{version}") for version in standard.VERSIONS}
    missing = [version for version, path in found.items() if not path]
    if missing:
        sys.exit(f"no interpreter for Python {', '.join(missing)}: name one with --python {missing[0]}=PATH")
    return {version: Path(str(path)) for version, path in found.items()}


if __name__ == "__main__":
    main()
