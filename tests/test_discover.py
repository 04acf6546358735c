import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gwlint.discover.files import SourceFile, Stat
from gwlint.discover.tree import Folder, Tree
from gwlint.discover.walk import walk

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names and files")


def make(root: Path, *paths: str) -> Path:
    for path in paths:
        write(root / path)
    return root


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def link(path: Path, target: str | Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def paths(files: Iterable[SourceFile]) -> list[str]:
    return [file.path for file in files]


def folder(tree: Tree, path: str) -> Folder:
    found = tree.top.at(path)
    assert found
    return found


class TestFiles:
    def test_are_sorted_by_path_and_carry_their_state(self, tmp_path: Path) -> None:
        make(tmp_path, "b.py", "a/c.py", "a.py")
        write(tmp_path / "a/c.py", "x = 1\n")

        tree = walk(tmp_path)
        assert paths(tree.files) == ["a.py", "a/c.py", "b.py"]
        found = (tmp_path / "a/c.py").stat()
        assert tree.files[1].stat == Stat(6, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    def test_need_no_name_that_an_import_can_use(self, tmp_path: Path) -> None:
        make(tmp_path, "foo.bar.py", ".py", ".hidden.py", "my-script.py", "lambda.py", "__init__.py")

        tree = walk(tmp_path)
        assert paths(tree.files) == [".hidden.py", ".py", "__init__.py", "foo.bar.py", "lambda.py", "my-script.py"]
        assert tree.top.modules == {"__init__": "__init__.py", "lambda": "lambda.py", "my-script": "my-script.py"}

    def test_have_the_suffix_in_lower_case_and_no_other(self, tmp_path: Path) -> None:
        make(tmp_path, "X.PY", "window.pyw", "old.py.bak", "py", "a.py")

        tree = walk(tmp_path)
        assert paths(tree.files) == ["a.py"]
        assert tree.top.modules == {"a": "a.py"}
        assert tree.top.opaque == set()

    def test_may_lie_in_a_folder_that_is_named_like_one(self, tmp_path: Path) -> None:
        make(tmp_path, "foo.py/a.py")

        tree = walk(tmp_path)
        assert paths(tree.files) == ["foo.py/a.py"]
        assert tree.found == 1
        assert folder(tree, "foo.py").modules == {"a": "foo.py/a.py"}

    def test_come_in_the_same_order_from_every_file_system(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(tmp_path, "b/b.py", "b/a.py", "a/a.py", "c.py", "a.py", "t.yaml", "s.yaml", "x/setup.py", "setup.py")
        link(tmp_path / "z", "a")
        link(tmp_path / "y", "b")
        forwards = outline(walk(tmp_path))

        scandir = os.scandir
        monkeypatch.setattr(os, "scandir", lambda location: reversed_entries(scandir(location)))
        assert outline(walk(tmp_path)) == forwards


@contextmanager
def reversed_entries(entries: Iterator[os.DirEntry[str]]) -> Iterator[list[os.DirEntry[str]]]:
    yield sorted(entries, key=lambda entry: entry.name, reverse=True)


def outline(tree: Tree) -> list[object]:
    folders = [(f.path, list(f.folders), list(f.modules)) for f in (tree.top, *tree.top.folders.values())]
    return [folders, tree.files, tree.template_candidates, tree.metadata]


class TestFolders:
    def test_say_what_an_import_can_see(self, tmp_path: Path) -> None:
        make(tmp_path, "app/__init__.py", "app/cache/core.py", "empty/README")

        top = walk(tmp_path).top
        assert (top.path, list(top.folders), top.modules) == (".", ["app", "empty"], {})
        assert top.folders["app"].modules == {"__init__": "app/__init__.py"}
        assert top.folders["app"].folders["cache"].path == "app/cache"

    def test_are_found_by_their_paths(self, tmp_path: Path) -> None:
        top = walk(make(tmp_path, "a/b/c.py")).top

        assert top.at(".") is top
        assert top.at("a/b") is top.folders["a"].folders["b"]
        assert top.at("a/x/b") is None

    def test_name_what_exists_without_a_source(self, tmp_path: Path) -> None:
        make(tmp_path, "fast.cpython-311-x86_64-linux-gnu.so", "abi.abi3.so", "plain.so", "win.cp311-win_amd64.pyd")
        make(tmp_path, "cython.pyx", "stub.pyi", "sourceless.pyc", "__pycache__/cached.pyc", "foo.bar.pyi", "x.pxd")

        tree = walk(tmp_path)
        assert tree.top.opaque == {"fast", "abi", "plain", "win", "cython", "stub", "sourceless"}
        assert tree.found == 0

    def test_prefer_a_source_to_its_stub_and_its_compiled_twin(self, tmp_path: Path) -> None:
        tree = walk(make(tmp_path, "a.py", "a.pyi", "a.cpython-311-x86_64-linux-gnu.so"))

        assert tree.top.modules == {"a": "a.py"}
        assert tree.top.opaque == set()


class TestWhatIsLeftOutByDefault:
    @pytest.mark.parametrize("name", ["node_modules", "site-packages", "build", "dist", "venv", "_build"])
    def test_is_not_entered_and_counts_for_nothing(self, tmp_path: Path, name: str) -> None:
        tree = walk(make(tmp_path, f"{name}/pkg/a.py", "b.py"))

        assert (paths(tree.files), tree.excluded, tree.found) == (["b.py"], (), 1)
        assert tree.top.opaque == {name}
        assert tree.top.folders == {}

    @pytest.mark.parametrize(
        "name", [".git", ".venv", ".aws-sam", ".serverless", "cdk.out", "__pycache__", "a.egg-info"]
    )
    def test_may_have_a_name_that_no_import_can_use(self, tmp_path: Path, name: str) -> None:
        tree = walk(make(tmp_path, f"{name}/a.py"))

        assert tree.found == 0
        assert tree.top.opaque == set()

    @pytest.mark.parametrize("name", ["build", "dist", "venv"])
    def test_is_no_package_of_the_project(self, tmp_path: Path, name: str) -> None:
        make(tmp_path, f"src/{name}/__init__.py", f"pkg/{name}/__init__.py", "pkg/__init__.py")

        tree = walk(tmp_path)
        assert paths(tree.files) == ["pkg/__init__.py", f"pkg/{name}/__init__.py", f"src/{name}/__init__.py"]

    @pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta/history"])
    def test_includes_environments_of_any_name(self, tmp_path: Path, mark: str) -> None:
        tree = walk(make(tmp_path, f"tools/{mark}", "tools/lib/a.py", "a.py"))

        assert paths(tree.files) == ["a.py"]
        assert tree.top.opaque == {"tools"}
        assert tree.top.folders == {}

    @pytest.mark.parametrize("project", ["build", "lib/site-packages/django", ".venv"])
    def test_is_walked_when_it_is_the_project(self, tmp_path: Path, project: str) -> None:
        make(tmp_path, f"{project}/pyvenv.cfg", f"{project}/a.py")

        assert paths(walk(tmp_path / project).files) == ["a.py"]

    def test_includes_the_twins_that_editors_and_systems_leave(self, tmp_path: Path) -> None:
        make(tmp_path, "a.py", "._a.py")
        link(tmp_path / ".#a.py", "me@host.4242")

        tree = walk(tmp_path)
        assert (paths(tree.files), tree.excluded, tree.unreadable) == (["a.py"], (".#a.py", "._a.py"), ())


class TestIgnoredFiles:
    def test_count_as_excluded_and_stay_visible(self, tmp_path: Path) -> None:
        make(tmp_path, "app/_version.py", "app/main.py")
        write(tmp_path / ".gitignore", "_version.py\n")

        tree = walk(tmp_path)
        assert (paths(tree.files), tree.excluded, tree.found) == (["app/main.py"], ("app/_version.py",), 2)
        assert folder(tree, "app").opaque == {"_version"}

    def test_count_for_nothing_in_an_ignored_folder(self, tmp_path: Path) -> None:
        make(tmp_path, "gen/a.py", "a.py")
        write(tmp_path / ".gitignore", "gen/\n!gen/a.py\n")

        tree = walk(tmp_path)
        assert (paths(tree.files), tree.excluded) == (["a.py"], ())
        assert tree.top.opaque == {"gen"}

    def test_are_named_from_above_too(self, tmp_path: Path) -> None:
        make(tmp_path, ".git/HEAD", "a/project/x.py", "a/project/y.py", "a/project/z.py")
        write(tmp_path / ".gitignore", "/a/project/x.py\ny.py\n")
        write(tmp_path / "a/.gitignore", "!y.py\n")
        write(tmp_path / ".git/info/exclude", "z.py\n")

        tree = walk(tmp_path / "a/project")
        assert (paths(tree.files), tree.excluded) == (["y.py"], ("x.py", "z.py"))
        read = [tmp_path / name for name in (".git/info/exclude", ".gitignore", "a/.gitignore")]
        assert paths(tree.consulted) == [path.as_posix() for path in read]

    def test_include_no_project_that_was_asked_for(self, tmp_path: Path) -> None:
        make(tmp_path, ".git/HEAD", "env/project/a.py", "env/project/b.py")
        write(tmp_path / "env/.gitignore", "*\n")
        write(tmp_path / "env/project/.gitignore", "b.py\n")

        tree = walk(tmp_path / "env/project")
        assert (paths(tree.files), tree.excluded) == (["a.py"], ("b.py",))

    def test_are_no_templates(self, tmp_path: Path) -> None:
        make(tmp_path, "template.yaml", "packaged.yaml")
        write(tmp_path / ".gitignore", "packaged.*\n")

        tree = walk(tmp_path)
        assert paths(tree.template_candidates) == ["template.yaml"]
        assert paths(tree.consulted) == [".gitignore"]

    def test_are_named_by_regular_files_alone(self, tmp_path: Path) -> None:
        make(tmp_path, "a.py", "sub/b.py")
        write(tmp_path / "patterns", "*.py")
        link(tmp_path / ".gitignore", "patterns")
        os.mkfifo(tmp_path / "sub/.gitignore")

        assert paths(walk(tmp_path).files) == ["a.py", "sub/b.py"]


class TestExclude:
    def test_leaves_out_files_and_folders(self, tmp_path: Path) -> None:
        make(tmp_path, "a.py", "legacy/b.py", "x/generated/c.py", "y/generated/deep/d.py")

        tree = walk(tmp_path, ["/legacy/", "**/generated/**"])
        assert (paths(tree.files), tree.excluded) == (["a.py"], ("x/generated/c.py",))
        assert (tree.top.opaque, folder(tree, "y/generated").opaque) == ({"legacy"}, {"deep"})

    def test_says_which_patterns_meant_nothing(self, tmp_path: Path) -> None:
        make(tmp_path, "a_pb2.py", "stub.pyi", "build/lib/x.py", "t.yaml")

        tree = walk(tmp_path, ["*_pb2.py", "a*.py", "b.py", "build/", "*.pyi", "t.yaml", "# a.py"])
        assert tree.unmatched_excludes == ("b.py", "# a.py")

    def test_has_the_last_word(self, tmp_path: Path) -> None:
        make(tmp_path, "tools/build/a.py", "ignored/a.py", "ignored/b.py")
        write(tmp_path / ".gitignore", "ignored/\nb.py\n")

        tree = walk(tmp_path, ["!build/", "!ignored/"])
        assert (paths(tree.files), tree.excluded) == (["ignored/a.py", "tools/build/a.py"], ("ignored/b.py",))

    def test_is_relative_to_the_project_and_not_to_the_repository(self, tmp_path: Path) -> None:
        make(tmp_path, ".git/HEAD", "project/a.py", "project/b/a.py")

        tree = walk(tmp_path / "project", ["/a.py"])
        assert (paths(tree.files), tree.excluded) == (["b/a.py"], ("a.py",))


class TestThirdPartyPackages:
    def test_are_what_an_installer_recorded(self, tmp_path: Path) -> None:
        make(tmp_path, "requests/__init__.py", "requests/api.py", "six.py", "_cffi.abi3.so", "app.py", "own/a.py")
        record = "requests/__init__.py,,\nrequests/api.py,sha256=x,1\nsix.py,,\n_cffi.abi3.so,,\n../../bin/own,,\n"
        write(tmp_path / "requests-2.0.dist-info/RECORD", record)
        write(tmp_path / "requests-2.0.dist-info/INSTALLER", "pip\n")

        tree = walk(tmp_path)
        assert (paths(tree.files), tree.excluded) == (["app.py", "own/a.py"], ("six.py",))
        assert tree.top.third_party == {"requests", "six", "_cffi"}
        assert (list(tree.top.folders), tree.top.opaque) == (["own"], set())
        assert paths(tree.consulted) == ["requests-2.0.dist-info/INSTALLER", "requests-2.0.dist-info/RECORD"]

    def test_may_share_a_namespace_with_the_project(self, tmp_path: Path) -> None:
        make(tmp_path, "corp/common/__init__.py", "corp/tool.py", "corp/orders/a.py")
        write(tmp_path / "corp_common-1.dist-info/RECORD", 'corp/common/__init__.py,,\n"corp/tool.py",,\n')
        write(tmp_path / "corp_common-1.dist-info/INSTALLER", "uv")

        tree = walk(tmp_path)
        assert (paths(tree.files), tree.excluded) == (["corp/orders/a.py"], ("corp/tool.py",))
        assert folder(tree, "corp").third_party == {"common", "tool"}

    @pytest.mark.parametrize(
        ("names", "third_party"), [("six\nyaml\n", {"six", "yaml"}), ("", {"my_dist"})], ids=["named", "unnamed"]
    )
    def test_are_guessed_when_the_record_is_gone(self, tmp_path: Path, names: str, third_party: set[str]) -> None:
        make(tmp_path, "six.py", "yaml/__init__.py", "my_dist/__init__.py", "app.py")
        write(tmp_path / "my_dist-1.0.dist-info/INSTALLER", "pip\n")
        write(tmp_path / "my_dist-1.0.dist-info/top_level.txt", names)

        assert walk(tmp_path).top.third_party == third_party

    def test_were_recorded_elsewhere_by_an_old_pip(self, tmp_path: Path) -> None:
        make(tmp_path, "six.py", "app.py")
        write(tmp_path / "six-1.9-py3.6.egg-info/installed-files.txt", "../six.py\nPKG-INFO\n../../../bin/app.py\n")

        tree = walk(tmp_path)
        assert (paths(tree.files), tree.excluded) == (["app.py"], ("six.py",))

    def test_are_not_what_the_project_says_about_itself(self, tmp_path: Path) -> None:
        make(tmp_path, "src/foo/__init__.py", "bar/__init__.py")
        write(tmp_path / "src/foo.egg-info/SOURCES.txt", "src/foo/__init__.py\n")
        write(tmp_path / "src/foo.egg-info/top_level.txt", "foo\n")
        write(tmp_path / "bar-1.0.dist-info/RECORD", "bar/__init__.py,,\n")

        tree = walk(tmp_path)
        assert paths(tree.files) == ["bar/__init__.py", "src/foo/__init__.py"]
        assert (tree.top.third_party, folder(tree, "src").third_party) == (set(), set())

    def test_can_be_asked_back(self, tmp_path: Path) -> None:
        make(tmp_path, "mine/__init__.py", "mine/a.py")
        write(tmp_path / "mine-1.0.dist-info/RECORD", "mine/__init__.py,,\nmine/a.py,,\n")
        write(tmp_path / "mine-1.0.dist-info/INSTALLER", "pip")

        assert paths(walk(tmp_path, ["!mine/"]).files) == ["mine/__init__.py", "mine/a.py"]

    def test_are_nothing_special_when_they_are_the_project(self, tmp_path: Path) -> None:
        make(tmp_path, "site-packages/six/__init__.py")
        write(tmp_path / "site-packages/six-1.dist-info/RECORD", "six/__init__.py,,\n")
        write(tmp_path / "site-packages/six-1.dist-info/INSTALLER", "pip")

        assert paths(walk(tmp_path / "site-packages/six").files) == ["__init__.py"]


class TestLinks:
    def test_give_folders_and_files_another_name(self, tmp_path: Path) -> None:
        make(tmp_path, "layers/common/log.py", "functions/a/app.py")
        link(tmp_path / "functions/a/common", "../../layers/common")
        link(tmp_path / "functions/a/log.py", "../../layers/common/log.py")

        tree = walk(tmp_path)
        function = folder(tree, "functions/a")
        assert paths(tree.files) == ["functions/a/app.py", "layers/common/log.py"]
        assert function.modules == {"app": "functions/a/app.py", "log": "layers/common/log.py"}
        assert function.folders["common"] is folder(tree, "layers/common")
        assert tree.found == 2

    def test_may_lead_through_others(self, tmp_path: Path) -> None:
        make(tmp_path, "real/a.py")
        link(tmp_path / "one", "real")
        link(tmp_path / "two/three", "../one")
        link(tmp_path / "two/b.py", "three/a.py")

        tree = walk(tmp_path)
        assert folder(tree, "two/three") is folder(tree, "real")
        assert folder(tree, "two").modules == {"b": "real/a.py"}

    def test_may_lead_in_circles(self, tmp_path: Path) -> None:
        make(tmp_path, "a/b.py")
        link(tmp_path / "a/top", "..")
        link(tmp_path / "a/self", ".")
        link(tmp_path / "a/round", "round")
        link(tmp_path / "a/round.py", "round.py")

        tree = walk(tmp_path)
        assert paths(tree.files) == ["a/b.py"]
        assert folder(tree, "a/top") is tree.top
        assert folder(tree, "a/self/top/a") is folder(tree, "a")
        assert tree.unreadable == (("a/round.py", "a broken link"),)

    def test_out_of_the_project_are_not_followed(self, tmp_path: Path) -> None:
        make(tmp_path, "outside/a.py", "project/b.py", "LICENSE")
        link(tmp_path / "project/a.py", tmp_path / "outside/a.py")
        link(tmp_path / "project/outside", "../outside")
        link(tmp_path / "project/above", "..")
        link(tmp_path / "project/zero.py", "/dev/zero")
        link(tmp_path / "project/LICENSE", "../LICENSE")
        link(tmp_path / "project/fast.abi3.so", "../LICENSE")

        tree = walk(tmp_path / "project")
        assert (paths(tree.files), tree.excluded) == (["b.py"], ("a.py", "zero.py"))
        assert tree.top.opaque == {"a", "outside", "above", "zero", "fast"}
        assert tree.top.folders == {}

    def test_to_what_is_left_out_lead_nowhere(self, tmp_path: Path) -> None:
        make(tmp_path, "node_modules/lib/a.py", "skipped.py", "gone.py")
        write(tmp_path / ".gitignore", "skipped.py\nignored*\n")
        link(tmp_path / "lib", "node_modules/lib")
        link(tmp_path / "alias.py", "skipped.py")
        link(tmp_path / "ignored.py", "gone.py")
        link(tmp_path / "ignored_too", ".")

        tree = walk(tmp_path)
        assert (paths(tree.files), tree.excluded) == (["gone.py"], ("alias.py", "ignored.py", "skipped.py"))
        assert tree.top.opaque == {"node_modules", "lib", "alias", "skipped", "ignored", "ignored_too"}

    def test_that_can_be_no_source_are_reported(self, tmp_path: Path) -> None:
        make(tmp_path, "text.txt")
        link(tmp_path / "a.py", "text.txt")
        link(tmp_path / "b.py", "missing.py")

        tree = walk(tmp_path)
        reasons = (("a.py", "a link to something that is no .py file"), ("b.py", "a broken link"))
        assert (tree.unreadable, tree.found, tree.top.opaque) == (reasons, 2, {"a", "b"})

    def test_on_the_way_to_the_project_change_nothing(self, tmp_path: Path) -> None:
        make(tmp_path, "real/a.py")
        link(tmp_path / "real/b.py", "a.py")
        link(tmp_path / "project", "real")

        assert walk(tmp_path / "project").top.modules == {"a": "a.py", "b": "a.py"}


class TestWhatCannotBeRead:
    def test_is_never_opened(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo.py")
        os.mkfifo(tmp_path / "template.yaml")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(os.path.relpath(tmp_path / "socket.py"))

        tree = walk(tmp_path)
        assert (tree.unreadable, tree.found) == ((("fifo.py", "a FIFO"), ("socket.py", "a socket")), 2)
        assert (tree.top.modules, tree.top.opaque) == ({}, {"fifo", "socket"})
        assert tree.template_candidates == ()

    @on_linux
    def test_has_a_printable_name(self, tmp_path: Path) -> None:
        raw = os.fsencode(tmp_path)
        Path(os.fsdecode(raw + b"/\xff")).mkdir()
        os.close(os.open(raw + b"/\xe9.py", os.O_CREAT))
        os.close(os.open(raw + b"/\xe9.txt", os.O_CREAT))
        make(tmp_path, "é.py")

        tree = walk(tmp_path)
        assert tree.unreadable == (("\\udce9.py", "its name is not UTF-8"),)
        assert tree.unopened == (("\\udcff", "its name is not UTF-8"),)
        assert tree.top.modules == {"é": "é.py"}

    def test_may_be_a_folder(self, unprivileged: Path) -> None:
        make(unprivileged, "a/b.py", "locked/c.py", "sealed/d.py", "sealed/.gitignore")
        (unprivileged / "sealed/.gitignore").chmod(0)
        (unprivileged / "locked").chmod(0)

        tree = walk(unprivileged)
        assert paths(tree.files) == ["a/b.py", "sealed/d.py"]
        assert tree.unopened == (("locked", "Permission denied"), ("sealed/.gitignore", "Permission denied"))
        assert tree.top.opaque == {"locked"}

    def test_may_not_be_the_project(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            walk(tmp_path / "missing")

    def test_may_lie_too_deep_for_the_system(self, abyss: Path) -> None:
        nest(abyss, "d" * 200, depth=25)
        make(abyss, "a.py")

        tree = walk(abyss)
        assert paths(tree.files) == ["a.py"]
        assert [reason for _, reason in tree.unopened] == ["File name too long"]

    def test_does_not_lie_too_deep_for_python(self, abyss: Path) -> None:
        nest(abyss, "d", depth=1500)
        deepest = "/".join("d" * 1500)
        write(abyss / deepest / "a.py")

        assert folder(walk(abyss), deepest).modules == {"a": f"{deepest}/a.py"}


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """Give a folder in which permissions mean something, even when root runs the tests."""
    root = Path(tempfile.mkdtemp())
    user, nobody = os.geteuid(), 65534
    if user == 0:
        os.chown(root, nobody, nobody)
        os.seteuid(nobody)
    yield root
    os.seteuid(user)
    subprocess.run(["chmod", "-R", "u+rwx", root], check=True)
    shutil.rmtree(root)


@pytest.fixture
def abyss(tmp_path: Path) -> Iterator[Path]:
    """Give a folder that can be removed however deep it has become."""
    root = tmp_path / "abyss"
    root.mkdir()
    yield root
    subprocess.run(["rm", "-r", root], check=True)


def nest(root: Path, name: str, depth: int) -> None:
    """Make folders in folders, the path of which may be longer than the system can name."""
    folder = os.open(root, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=folder)
        inner = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)


class TestDocuments:
    def test_may_be_templates_by_their_names(self, tmp_path: Path) -> None:
        make(tmp_path, "serverless.yml", "infra/stack.yaml", "infra/api.json", "a.template", "README.md", "x.YAML")

        tree = walk(tmp_path)
        assert paths(tree.template_candidates) == ["a.template", "infra/api.json", "infra/stack.yaml", "serverless.yml"]
        assert tree.template_candidates[0].stat.mtime_ns == (tmp_path / "a.template").stat().st_mtime_ns

    def test_are_data_when_they_are_json_inside_a_package(self, tmp_path: Path) -> None:
        make(tmp_path, "app/__init__.py", "app/own.json", "app/i18n/de.json", "app/i18n/template.json")
        make(tmp_path, "app/i18n/x.template.json", "app/i18n/services.yaml", "app/i18n/serverless.json")

        candidates = paths(walk(tmp_path).template_candidates)
        names = ["serverless.json", "services.yaml", "template.json", "x.template.json"]
        assert candidates == [*(f"app/i18n/{name}" for name in names), "app/own.json"]

    def test_are_no_data_because_the_project_is_flat(self, tmp_path: Path) -> None:
        make(tmp_path, "__init__.py", "stack.json", "infra/stack.json")

        assert paths(walk(tmp_path).template_candidates) == ["infra/stack.json", "stack.json"]

    def test_may_be_written_for_other_tools(self, tmp_path: Path) -> None:
        make(tmp_path, "infra/main.tf", "infra/x.tf.json", "zappa_settings.toml", "other.toml", ".chalice/config.json")

        candidates = paths(walk(tmp_path).template_candidates)
        assert candidates == [".chalice/config.json", "infra/main.tf", "infra/x.tf.json", "zappa_settings.toml"]

    def test_are_all_that_counts_of_what_the_cdk_has_synthesised(self, tmp_path: Path) -> None:
        make(tmp_path, "app/cdk.out/A.template.json", "app/cdk.out/assembly-x/B.template.json", "app/x.py")
        make(tmp_path, "app/cdk.out/asset.1/x.py", "app/cdk.out/asset.1/C.template.json", "app/cdk.out/manifest.json")
        write(tmp_path / ".gitignore", "cdk.out\n")

        tree = walk(tmp_path)
        synthesised = ["app/cdk.out/A.template.json", "app/cdk.out/assembly-x/B.template.json"]
        assert (paths(tree.template_candidates), paths(tree.files)) == (synthesised, ["app/x.py"])
        assert walk(tmp_path, ["cdk.out"]).template_candidates == ()

    def test_may_be_metadata(self, tmp_path: Path) -> None:
        make(tmp_path, "pyproject.toml", "libs/a/setup.py", "libs/b/setup.cfg", "other.toml", "skipped/setup.py")

        tree = walk(tmp_path, ["/skipped/setup.py"])
        assert paths(tree.metadata) == ["libs/a/setup.py", "libs/b/setup.cfg", "pyproject.toml"]
        assert (paths(tree.files), tree.excluded) == (["libs/a/setup.py"], ("skipped/setup.py",))
