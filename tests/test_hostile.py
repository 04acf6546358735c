"""A tree of everything that should not be in one: read in bounded time and memory, and every file accounted for."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.projects import REPOSITORY, gwlint, write

SECONDS = 60
MEGABYTES = 1_500

SOURCES: dict[str, str | bytes] = {
    "good.py": "import empty\n",
    "empty.py": "",
    "bom.py": b"\xef\xbb\xbfimport good\n",
    "crlf.py": b"import good\r\nimport empty\r\n",
    "lone_cr.py": b"import good\rimport empty\r",
    "form_feed.py": "import good\n\x0c\nimport empty\n",
    "latin_cookie.py": "# -*- coding: latin-1 -*-\nimport good  # Größe\n".encode("latin-1"),
    "line_separator.py": "A = 'a\u2028b'\nimport good\n",
    "no_newline.py": "import good",
    "deep_tail.py": "import good\n" + "if a:\n" + "  if a: pass\n" * 20_000,
    "long_line.py": f"import good\nA = '{'a' * 500_000}'\nimport empty\n",
    "long_list.py": f"import good\nA = [{'1, ' * 170_000}]\n",
    "many_imports.py": "import good\n" * 20_000,
    "größe.py": "import good\n",
    "white space.py": "import good\n",
    "quote'\"s.py": "import good\n",
    "new\nline.py": "import good\n",
    "-dash.py": "import good\n",
    "dot.ted.name.py": "import good\n",
    "class.py": "import good\n",
    ".py": "import good\n",
    "folder.py/inside.py": "import good\n",
}
BROKEN: dict[str, str | bytes] = {
    "nul.py": b"import good\0\nimport empty\n",
    "only_nul.py": b"\0" * 100_000,
    "latin_bare.py": "import good  # Größe\n".encode("latin-1"),
    "utf_16.py": "import good\n".encode("utf-16"),
    "unknown_cookie.py": b"# coding: klingon\nimport good\n",
    "rot13_cookie.py": b"# coding: rot13\nvzcbeg tbbq\n",
    "python2.py": 'import good\nprint "old"\nexec "code" in {}\n',
    "parentheses.py": "import good\nA = " + "(" * 10_000 + ")" * 10_000 + "\n",
    "brackets_left_open.py": "import good\nA = " + "[" * 20_000,
    "indents.py": "import good\n" + "".join(f"{' ' * depth}if a:\n" for depth in range(1_000)),
    "operators.py": "import good\nA = " + "-" * 100_000 + "1\n",
    "comprehensions.py": "import good\nA = " + "[x for x in " * 5_000 + "a" + "]" * 5_000 + "\n",
    "quotes_left_open.py": "import good\nA = '''" + "text\n" * 1_000,
    "binary.py": bytes(range(256)) * 100,
}
LARGE = "import good\n" + "A = 'some text that fills the file'\n" * 300_000
EXCLUDED = ["out_of_here.py", "out_to_zero.py"]
REFUSED = ["dangling.py", "fifo.py", "loop.py", "one.py", "two.py"]


class Bounded(NamedTuple):
    code: int
    out: bytes
    err: str
    megabytes: float


def bounded(folder: Path, *options: str) -> Bounded:
    """Run in a process that ends at some point, and say how much memory it and its children took at most."""
    command = [sys.executable, "-c", MEASURED, "graph", *options]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=False)
    *err, peak = ran.stderr.decode().splitlines()
    return Bounded(ran.returncode, ran.stdout, "\n".join(err), int(peak) / 1024)


MEASURED = """\
import atexit, resource, sys
def peak():
    usage = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(max(usage), file=sys.stderr)
atexit.register(peak)
from gwlint.cli import main
main()
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outside = write(tmp_path_factory.mktemp("outside"), {"outside.py": "import good\n"})
    folder = write(tmp_path_factory.mktemp("hostile"), {**SOURCES, **BROKEN, "gwlint.toml": ""})
    (folder / "self").symlink_to(".")
    (folder / "up").symlink_to("..")
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "one.py").symlink_to("two.py")
    (folder / "two.py").symlink_to("one.py")
    (folder / "dangling.py").symlink_to("nowhere.py")
    (folder / "alias.py").symlink_to("good.py")
    (folder / "out_of_here.py").symlink_to(outside / "outside.py")
    (folder / "out_to_zero.py").symlink_to("/dev/zero")
    (folder / "template.yaml").symlink_to("/dev/zero")
    os.mkfifo(folder / "fifo.py")
    os.mkfifo(folder / "serverless.yml")
    os.mkfifo(folder / ".gitignore")
    return folder


def test_a_hostile_tree_is_read_in_bounds_and_every_file_of_it_is_accounted_for(tree: Path) -> None:
    cold = bounded(tree, "--format", "json", "--jobs", "1")
    warm = bounded(tree, "--format", "json", "--jobs", "1")
    graph = json.loads(cold.out)

    assert (cold.code, warm.code, warm.out, warm.err) == (0, 0, cold.out, cold.err)
    assert cold.megabytes < MEGABYTES
    assert graph["files"] == {
        "found": len(SOURCES) + len(BROKEN) + len(EXCLUDED) + len(REFUSED),
        "analysed": len(SOURCES),
        "partial": len(BROKEN) + len(REFUSED),
        "excluded": len(EXCLUDED),
    }
    assert sorted(module["path"] for module in graph["modules"]) == sorted({**SOURCES, **BROKEN})


def test_what_is_broken_still_counts_as_far_as_it_can_be_understood(tree: Path) -> None:
    graph = json.loads(bounded(tree, "--format", "json").out)
    importers = {one["path"] for one in graph["imports"] if one["target_path"] == "good.py" and one["line"] < 3}

    assert importers == {*SOURCES, *BROKEN} - {
        *("good.py", "empty.py", "only_nul.py", "utf_16.py", "binary.py", "rot13_cookie.py"),
    }


@pytest.mark.parametrize("form", ["text", "dot", "mermaid"])
def test_no_file_breaks_the_lines_of_another(tree: Path, form: str) -> None:
    ran = bounded(tree, "--format", form)

    assert ran.code == 0
    assert {byte for line in ran.out.split(b"\n") for byte in line if byte < 32} == set()


def test_what_can_not_be_read_is_told_once(tree: Path) -> None:
    assert bounded(tree).err.splitlines() == [
        "warning: `dangling.py` can't be read: a broken link",
        "warning: `fifo.py` can't be read: a FIFO",
        "warning: `loop.py` can't be read: a broken link",
        "warning: `one.py` can't be read: a broken link",
        "warning: `two.py` can't be read: a broken link",
    ]


def test_a_file_of_ten_megabytes_is_read_in_bounds(tmp_path: Path) -> None:
    write(tmp_path, {"good.py": "", "large.py": LARGE})
    ran = bounded(tmp_path, "--focus", "large.py", "--jobs", "2")

    assert (ran.code, ran.out.splitlines()[1]) == (0, "  1: → good.py [eager]".encode())
    assert ran.megabytes < MEGABYTES


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_no_frame_is_looked_for_in_a_fifo(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")

    assert gwlint("check", "-q", "-f", "text", tmp_path).out.startswith("pipe.py:1:1: error[GW007 unreadable-file]")
