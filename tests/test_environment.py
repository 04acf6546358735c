"""Where modules are found, and what shows that they still are."""

import os
from pathlib import Path

import pytest

from gwlint.footprint.environment import (
    Environment,
    Found,
    Installed,
    SearchFolder,
    Target,
    detect,
    is_unchanged,
)
from tests.loading_trees import environment, write


def found(one: Found | None, root: Path) -> tuple[str, str] | None:
    """Return the kind of a module and its file, relative to a folder."""
    return None if one is None else (one.kind, os.path.relpath(one.file, root) if one.file else "")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["m.py"], ("source", "m.py")),
        (["m.py", "m/__init__.py"], ("source", "m/__init__.py")),
        (["m.py", "m/x.py"], ("source", "m.py")),
        (["m/x.py"], ("namespace", "")),
        (["m.py", "m.so"], ("extension", "m.so")),
        (["m.pyc"], ("bytecode", "m.pyc")),
        (["m.abi3.so"], ("extension", "m.abi3.so")),
        (["m.cpython-312-x86_64-linux-gnu.so", "m.cpython-311-x86_64-linux-gnu.so"],
         ("extension", "m.cpython-312-x86_64-linux-gnu.so")),
        (["m.cp312-win_amd64.pyd"], ("extension", "m.cp312-win_amd64.pyd")),
        (["m.cpython-39-darwin.so"], ("extension", "m.cpython-39-darwin.so")),
        (["m.cpython-39-darwin.so", "m.py"], ("source", "m.py")),
        (["m.txt", "M.py", "mm.py", "libm.so.6"], None),
    ],
)  # fmt: skip
def test_what_is_imported_first(tmp_path: Path, files: list[str], expected: tuple[str, str] | None) -> None:
    write(tmp_path, dict.fromkeys(files, ""))

    assert found(environment(tmp_path).find("m"), tmp_path) == expected


def test_the_order_of_the_search(tmp_path: Path) -> None:
    project = write(tmp_path / "src", {"json.py": "", "queue.py": "", "both.py": ""})
    site = write(tmp_path / "site", {"dataclasses.py": "", "both.py": "", "tomllib.py": "", "winreg.py": ""})
    old, new = environment(project, site, (3, 10)), environment(project, site, (3, 12))

    kinds = {name: found(new.find(name), tmp_path) for name in ("json", "queue", "dataclasses", "both", "winreg")}

    assert kinds == {
        "json": ("standard", ""),  # it is loaded before any handler is
        "queue": ("source", "src/queue.py"),
        "dataclasses": ("standard", ""),
        "both": ("source", "src/both.py"),
        "winreg": ("source", "site/winreg.py"),
    }
    assert found(old.find("tomllib"), tmp_path) == ("source", "site/tomllib.py")
    assert found(new.find("tomllib"), tmp_path) == ("standard", "")


def test_a_namespace_has_all_its_portions(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a", {"n/x.py": ""}), write(tmp_path / "b", {"n/y.py": ""})
    here = environment(one, other)
    package = here.find("n")

    assert package is not None
    assert package.locations == (f"{one}/n", f"{other}/n")
    assert found(here.find("n.y", package.locations), tmp_path) == ("source", "b/n/y.py")


def test_path_files_add_folders_and_run_nothing(tmp_path: Path) -> None:
    project = write(tmp_path / "project", {"src/app.py": ""})
    site = write(
        tmp_path / "site",
        {"e.pth": f"# comment\nimport os; os.abort()\n{project}/src\n../plain\n/nowhere\n\0\n", "x.py": ""},
    )
    write(tmp_path / "plain", {"y.py": ""})
    here = environment(project, site)

    assert here.folders == (
        SearchFolder(str(project), "project", "", True),
        SearchFolder(str(site), "package"),
        SearchFolder(f"{project}/src", "project", "src"),
        SearchFolder(str(tmp_path / "plain"), "package"),
    )


def test_a_vendored_distribution_is_a_package(tmp_path: Path) -> None:
    files = ["app.py", "requests/__init__.py", "six.py"]
    write(tmp_path, dict.fromkeys(files, ""))
    write(
        tmp_path,
        {
            "requests-2.0.dist-info/RECORD": "requests/__init__.py,,\n",
            "six-1.0-py3.12.egg-info/top_level.txt": "six\n",
        },
    )
    here = environment(tmp_path)
    kinds = {
        name: (here.origin(one), here.owner(one)) for name in ("app", "requests", "six") if (one := here.find(name))
    }

    assert kinds == {
        "app": ("project", None),
        "requests": ("package", ("requests", "2.0")),
        "six": ("package", ("six", "1.0")),
    }


def test_a_shared_package_has_several_owners(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "g/a.py": "",
            "g/b.py": "",
            "G_A-1.dist-info/RECORD": "g/a.py,sha256=x,0\n",
            "g.b-2.dist-info/RECORD": '"g/b.py",sha256=x,0\r\n',
        },
    )
    here = environment(write(tmp_path / "src", {}), tmp_path)
    locations = (f"{tmp_path}/g",)
    owners = [here.owner(one) for name in ("g.a", "g.b") if (one := here.find(name, locations))]

    assert owners == [("g-a", "1"), ("g-b", "2")]


def test_what_was_looked_at_is_checked_again(tmp_path: Path) -> None:
    write(tmp_path, {"p/__init__.py": ""})
    here = environment(tmp_path)
    package = here.find("p")
    here.find("p.x", (f"{tmp_path}/p",))
    here.find("q")
    here.note(f"{tmp_path}/p/__init__.py")
    here.note(f"{tmp_path}/data.json")
    seen = here.seen()

    assert package is not None
    assert is_unchanged(seen)
    write(tmp_path, {"data.json": "{}"})
    assert not is_unchanged(seen)


def test_what_was_not_looked_at_makes_no_difference(tmp_path: Path) -> None:
    write(tmp_path, {"p/__init__.py": "", "other/x.py": ""})
    here = environment(tmp_path)
    here.find("p")
    seen = here.seen()
    write(tmp_path, {"other/y.py": ""})

    assert is_unchanged(seen)


VENV = {".venv/pyvenv.cfg": "home = /usr\nversion = 3.11.4\n", ".venv/lib/python3.11/site-packages/x.py": ""}


def test_the_environment_of_the_project_is_found_first(tmp_path: Path) -> None:
    write(tmp_path, VENV)
    write(tmp_path / "other", {name.removeprefix(".venv/"): text for name, text in VENV.items()})
    variables = {"VIRTUAL_ENV": str(tmp_path / "other")}
    own = Installed(f"{tmp_path}/.venv/lib/python3.11/site-packages", (3, 11))
    active = Installed(f"{tmp_path}/other/lib/python3.11/site-packages", (3, 11))

    assert detect(tmp_path, "", variables) == own
    assert detect(tmp_path / "other", "", variables) == active
    assert detect(tmp_path / "other", "", variables | {"PRE_COMMIT": "1"}) is None
    assert detect(tmp_path, "other", {}) == active
    assert detect(tmp_path, "other/lib/python3.11/site-packages", {}) == active
    assert detect(tmp_path, "other/lib", {}) == Installed(f"{tmp_path}/other/lib", None)


def test_hostile_folders_do_no_harm(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "odd-1.dist-info").write_text("a file")
    here = Environment([SearchFolder(str(tmp_path), "package"), SearchFolder("/nowhere", "package")], Target())

    assert here.find("loop") is None
    assert here.find("pipe") is not None
