"""What `gwlint runtime export` writes, checks, and leaves alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gwlint import __version__
from gwlint.contract import contract
from gwlint.export import STAMP, choices, exported
from tests.projects import Ran, gwlint

OF_SINGLETON = ["__init__", "clock", "context", "errors", "flight", "singleton", "singleton_core"]


def run(folder: Path, *options: str) -> Ran:
    return gwlint("runtime", "export", ".", *options, cwd=folder)


def names(folder: Path) -> list[str]:
    return sorted(file.stem for file in folder.glob("*.py"))


def refusal(ran: Ran) -> str:
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    return ran.err.removeprefix("gwlint: error: ").removesuffix("\n")


def test_writes_what_is_chosen_and_what_it_needs(tmp_path: Path) -> None:
    ran = run(tmp_path, "--gateways", "singleton")

    assert ran == (0, "wrote runtime: singleton; 7 files\n", "")
    assert names(tmp_path / "runtime") == OF_SINGLETON
    assert sorted(file.name for file in tmp_path.rglob("*") if file.suffix != ".py") == [STAMP, "runtime"]


def test_the_stamp_says_what_was_written(tmp_path: Path) -> None:
    run(tmp_path, "--gateways", "singleton")
    stamp = json.loads((tmp_path / "runtime" / STAMP).read_bytes())

    assert (stamp["gwlint"], stamp["gateways"], [Path(name).stem for name in stamp["files"]]) == (
        __version__, ["singleton"], OF_SINGLETON,
    )  # fmt: skip


@pytest.mark.parametrize("name", choices())
def test_every_choice_works_alone_under_any_name(tmp_path: Path, name: str) -> None:
    run(tmp_path, "--gateways", name, "--package", "my.gateways")
    code = (
        "import importlib, sys, pathlib; import my.gateways as package;"
        "[importlib.import_module(f'my.gateways.{file.stem}') for file in pathlib.Path('my/gateways').glob('*.py')"
        " if not file.stem.startswith(('__', 'store_'))];"
        "[getattr(package, name) for name in package.__all__];"
        "print(sorted(name for name in sys.modules if name.startswith('gwlint')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"


def test_everything_is_written_where_nothing_is_chosen(tmp_path: Path) -> None:
    run(tmp_path)

    assert names(tmp_path / "runtime") == sorted(["__init__", *contract().needs])


def test_an_export_is_clean_and_pure(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "gwlint.toml").write_text('preset = "gateway"\n')
    ran = gwlint("check", ".", "--no-cache", cwd=tmp_path)

    assert (ran.code, ran.out.split(" in ")[0]) == (0, "no findings")


def test_a_current_and_unmodified_export_is_said_to_be_so(tmp_path: Path) -> None:
    run(tmp_path, "--gateways", "singleton")

    assert run(tmp_path, "--check") == (0, "runtime: current and unmodified, 7 files\n", "")


def test_a_check_says_what_differs(tmp_path: Path) -> None:
    run(tmp_path, "--gateways", "singleton")
    package = tmp_path / "runtime"
    (package / "clock.py").write_text("changed\n")
    (package / "flight.py").unlink()
    (package / "ours.py").write_text("# not written by an export\n")
    outdate(package, "errors.py")

    assert run(tmp_path, "--check", "--gateways", "singleton,cache") == (
        1,
        (
            "runtime/clock.py: modified\nruntime/errors.py: outdated\nruntime/flight.py: missing\n"
            f"runtime/{STAMP}: has singleton\nwritten by gwlint {__version__}, this is {__version__}\n"
        ),
        "",
    )


def test_a_check_of_nothing_fails(tmp_path: Path) -> None:
    assert run(tmp_path, "--check") == (1, f"runtime/{STAMP}: missing\n", "")


def outdate(package: Path, name: str) -> None:
    """Let a file be as an older version would have written it."""
    import hashlib

    content = b"# older\n"
    (package / name).write_bytes(content)
    stamp = json.loads((package / STAMP).read_bytes())
    stamp["files"][name] = hashlib.sha256(content).hexdigest()
    (package / STAMP).write_text(json.dumps(stamp))


def test_an_export_is_renewed_with_what_was_chosen_before(tmp_path: Path) -> None:
    run(tmp_path, "--gateways", "singleton")
    outdate(tmp_path / "runtime", "errors.py")
    ran = run(tmp_path)

    assert (ran.code, ran.out) == (0, "wrote runtime: singleton; 7 files\n")
    assert run(tmp_path, "--check").code == 0


def test_what_is_left_over_is_removed(tmp_path: Path) -> None:
    run(tmp_path, "--gateways", "singleton,cache")
    run(tmp_path, "--gateways", "singleton")

    assert names(tmp_path / "runtime") == OF_SINGLETON


@pytest.mark.parametrize("name", ["clock.py", "cache_size.py"])
def test_changed_files_are_neither_overwritten_nor_removed(tmp_path: Path, name: str) -> None:
    run(tmp_path, "--gateways", "singleton,cache")
    file = tmp_path / "runtime" / name
    file.write_text("# ours\n")
    said = refusal(run(tmp_path, "--gateways", "singleton"))

    assert said == f"runtime/{name}: not as an export has written it; --force overwrites"
    assert file.read_text() == "# ours\n"
    assert run(tmp_path, "--gateways", "singleton", "--force").code == 0
    assert run(tmp_path, "--check").code == 0


def test_files_of_others_are_not_overwritten(tmp_path: Path) -> None:
    package = tmp_path / "runtime"
    package.mkdir()
    (package / "errors.py").write_text("# theirs\n")
    (package / "clock.py").write_text("# theirs\n")
    said = refusal(run(tmp_path, "--gateways", "singleton"))

    assert said == "runtime/clock.py and 1 more: not as an export has written it; --force overwrites"
    assert sorted(file.name for file in package.iterdir()) == ["clock.py", "errors.py"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--gateways", "cach"], "--gateways: there is no `cach`; did you mean `cache`?"),
        (["--gateways", ","], "--gateways: names nothing; leave it out for all"),
        (["--package", "my-app"], "--package: `my-app` can't be imported; choose another name"),
        (["--package", "app.class"], "--package: `app.class` can't be imported; choose another name"),
        (["--package", "logging"], "--package: `logging` is a module of the standard library; choose another name"),
    ],
)
def test_refuses_what_can_not_be_done(tmp_path: Path, options: list[str], said: str) -> None:
    assert refusal(run(tmp_path, *options)) == said
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_folder_that_is_none_and_a_stamp_that_is_none(tmp_path: Path) -> None:
    gone = refusal(gwlint("runtime", "export", "gone", cwd=tmp_path))
    package = tmp_path / "runtime"
    package.mkdir()
    (package / STAMP).write_text("{")

    assert gone == "gone: is no folder; name the source tree of a function"
    assert refusal(run(tmp_path)) == f"runtime/{STAMP}: can't be understood; --force writes it anew"
    assert run(tmp_path, "--force", "--gateways", "metrics").code == 0


def test_a_stamp_leads_nowhere_else(tmp_path: Path) -> None:
    run(tmp_path, "--gateways", "singleton,cache")
    (tmp_path / "app.py").write_text("# older\n")
    outdate(tmp_path / "runtime", "../app.py")

    assert "can't be understood" in refusal(run(tmp_path, "--gateways", "singleton"))
    assert (tmp_path / "app.py").exists()


def test_the_same_is_written_each_time() -> None:
    assert exported(["cache", "metrics"]) == exported(["metrics", "cache", "cache"])
