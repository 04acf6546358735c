"""What packages take, by the files at hand."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.footprint import package_size
from gwlint.footprint.estimates import Amount
from gwlint.footprint.package_size import PackagePart, PackageSize, Shipped, shipped, size_of
from gwlint.footprint.requirements import Requirements, Target, Wanted, requirements_in
from gwlint.templates import FunctionTemplate, Setting, Tool
from tests.projects import write

TARGET = Target(12)
MIB = 1 << 20


def install(folder: Path, name: str, size: int, *requires: str, sources: int = 0, files: str = "") -> Path:
    """Write what an installer leaves of a distribution, but for its modules."""
    metadata = "".join(f"Requires-Dist: {one}\n" for one in requires)
    record = f"{name}/data,sha256=x,{size - sources}\n{name}/m.py,,{sources}\n{name}/m.pyc,,999999\n../bin/x,,9\n"
    info = f"{name}-1.0.dist-info"
    return write(
        folder,
        {
            f"{info}/METADATA": f"Name: {name}\n{metadata}\nRequires-Dist: not-a-header\n",
            f"{info}/RECORD": record + files,
        },
    )


def sized(project: Path, *site_packages: Path, tool: Tool = "sam", code: str = "src") -> PackageSize:
    return size_of(Shipped(project, project / code, tool=tool), site_packages, TARGET)


def estimates(found: PackageSize) -> dict[str, int]:
    return {part.name: part.estimate for part in found.parts}


def wanted(folder: Path, name: str, text: str) -> Requirements | None:
    write(folder, {name: text})
    return requirements_in(folder, TARGET)


def names(found: Requirements | None) -> list[str]:
    return [one.name for one in found.wanted] if found is not None else []


def test_a_package_is_its_code_and_the_closure_of_its_requirements(tmp_path: Path) -> None:
    project = write(tmp_path / "project", {"src/app.py": "x" * 1000, "src/requirements.txt": "One>=1 # first\n"})
    site = install(
        tmp_path / "site", "one", 10 * MIB, "two[fast]>2; python_version > '3.8'", "win; sys_platform=='win32'"
    )
    install(site, "two", MIB, "three; extra == 'fast'", "four; extra == 'slow'")
    install(site, "three", 1000)
    install(site, "unasked", 1000)

    found = sized(project, site)
    assert found == PackageSize(
        amount=Amount(10.122, 11.002, 11.882, 0.0, 0.0),
        parts=(
            PackagePart("one", "package", "record", 9646899, 10485760, 11324621),
            PackagePart("two", "package", "record", 964690, 1048576, 1132462),
            PackagePart(".", "code", "files", 1005, 1015, 1025),
            PackagePart("three", "package", "record", 920, 1000, 1080),
        ),
        notes=(),
        seen=tuple(
            sorted(
                str(path)
                for path in (
                    project / "src",
                    project / "src/app.py",
                    project / "src/requirements.txt",
                    site,
                    *(site / f"{name}-1.0.dist-info" for name in ("one", "two", "three")),
                )
            )
        ),
    )


def test_what_is_built_is_all_there_is(tmp_path: Path) -> None:
    write(tmp_path, {"src/app.py": "", "src/requirements.txt": "gone", "src/one-1.0.dist-info/RECORD": ""})
    write(tmp_path, {"src/one/m.py": "x" * 100, "src/one/__pycache__/m.pyc": "x" * 10})

    found = sized(tmp_path)
    assert (estimates(found), found.notes) == ({"one": 110, ".": 4, "one-1.0.dist-info": 0}, ())


def test_boto3_counts_where_somebody_asks_for_it_and_nowhere_else(tmp_path: Path) -> None:
    project = write(tmp_path / "project", {"src/app.py": "import boto3"})
    site = install(tmp_path / "site", "boto3", 1000, "botocore")
    install(site, "botocore", 2000)
    without = estimates(sized(project, site))
    write(project, {"src/requirements.txt": "boto3"})

    assert without == {".": 12}
    assert estimates(sized(project, site)) == {".": 17, "boto3": 1000, "botocore": 2000}


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("sam", (920, 1000, 1080)),
        ("serverless", (920, 1000, 1520)),
        ("terraform", (0, 1000, 1080)),
        ("gwlint", (920, 1000, 1080)),
    ],
)
def test_a_tool_that_installs_nothing_or_ships_byte_code_widens_the_bar(
    tmp_path: Path, tool: Tool, expected: tuple[int, int, int]
) -> None:
    project = write(tmp_path / "project", {"src/requirements.txt": "one"})
    site = install(tmp_path / "site", "one", 1000, sources=400)

    part = next(part for part in sized(project, site, tool=tool).parts if part.name == "one")
    assert (part.low, part.estimate, part.high) == expected


def test_what_is_not_at_hand_is_known_by_name_or_widens_the_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"src/requirements.txt": "known\nunknown\n./wheels/own.whl\n"})
    write(tmp_path / "tables", {"known.tsv": "# distribution: known\n# unzipped: 1000\nmodule\n"})
    monkeypatch.setattr(package_size, "_DATA", tmp_path / "tables")

    found = sized(tmp_path)
    assert found.parts[:2] == (
        PackagePart("unknown", "package", "unknown", 20_000, 1_000_000, 25_000_000),
        PackagePart("known", "package", "table", 700, 1000, 1300),
    )
    assert found.notes == (
        "`./wheels/own.whl` names no distribution that can be looked up",
        "not installed at hand: known, unknown",
    )


def test_a_distribution_for_another_system_may_be_quite_another_size(tmp_path: Path) -> None:
    project = write(tmp_path / "project", {"src/requirements.txt": "one"})
    site = install(tmp_path / "site", "one", 1000, files="one/x.cpython-312-darwin.so,,0\n")

    part = sized(project, site).parts[0]
    assert (part.low, part.high) == (600, 1400)


FILES = {
    "app.py": "x" * 10,
    "lib/x.py": "x" * 20,
    "lib/.mypy_cache/x": "x",
    "__pycache__/app.pyc": "x",
    "tests/test_app.py": "x" * 30,
    "env3/pyvenv.cfg": "x",
    "env3/lib/y.py": "x",
    "docs/tests/x.md": "x" * 40,
}


@pytest.mark.parametrize(
    ("tool", "patterns", "expected"),
    [
        ("serverless", (), {".": 10, "lib": 20, "tests": 30, "docs": 40}),
        ("serverless", ("!tests/**",), {".": 10, "lib": 20, "docs": 40}),
        ("serverless", ("!**", "lib/**"), {"lib": 20}),
        ("serverless", ("!**/tests/**", "tests/**"), {".": 10, "lib": 20, "tests": 30}),
        ("zappa", ("!tests",), {".": 10, "lib": 20}),
        ("terraform", ("!tests", "!docs"), {".": 10, "lib": 20}),
        ("chalice", ("!**", "app.py", "chalicelib/**"), {".": 10}),
    ],
)
def test_only_what_a_tool_packages_counts(
    tmp_path: Path, tool: Tool, patterns: tuple[str, ...], expected: dict[str, int]
) -> None:
    write(tmp_path / "src", FILES)
    (tmp_path / "src/link").symlink_to(tmp_path / "src/lib")

    what = Shipped(tmp_path, tmp_path / "src", tool=tool, patterns=patterns)
    assert estimates(size_of(what, (), TARGET)) == expected


def test_layers_count_and_those_elsewhere_are_a_guess(tmp_path: Path) -> None:
    write(tmp_path, {"src/app.py": "x", "layers/a/python/a.py": "x" * 100, "layers/b/requirements.txt": "one"})
    site = install(tmp_path / "site", "one", 1000)
    layers = (tmp_path / "layers/a", tmp_path / "layers/b")

    found = size_of(Shipped(tmp_path, tmp_path / "src", layers, elsewhere=2), [site], TARGET)
    assert estimates(found) == {
        "layer 1 elsewhere": 10_000_000,
        "layer 2 elsewhere": 10_000_000,
        "one": 1000,
        "layers/a/python": 100,
        "layers/b": 3,
        ".": 1,
    }
    assert found.notes == ("the size of 2 layers that lie elsewhere is a guess",)


def test_code_that_is_not_at_hand_has_no_size(tmp_path: Path) -> None:
    gone = PackageSize(None, (), ("the code is not at hand",), ())

    assert (sized(tmp_path), sized(tmp_path, code="src", tool="cdk")) == (gone, gone)


def test_a_template_says_what_is_shipped() -> None:
    function = FunctionTemplate("f", "template.yaml", 1, None, "src", ("layers/a",), None, "sam")
    function = msgspec.structs.replace(function, layer_count=Setting(3, 2), patterns=("!x",))
    image = msgspec.structs.replace(function, package=Setting("Image", 3), code=None, layer_count=Setting(None, 2))
    project = Path("/project")

    assert shipped(project, function) == Shipped(
        project, project / "src", (project / "layers/a",), 2, ("!x",), "sam", is_image=False
    )
    assert shipped(project, image) == Shipped(
        project, None, (project / "layers/a",), None, ("!x",), "sam", is_image=True
    )
    assert size_of(shipped(project, image), (), TARGET).amount is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("requirements.txt", "A.b[x]==1 --hash=sha256:0\n# c\n\n-i https://x\nc ; python_version<'3'\n", ["a-b"]),
        ("requirements.txt", "a \\\n  >= 1\n-c constraints.txt\n-r requirements.txt\n", ["a"]),
        ("requirements.txt", "a @ https://example.com/a.whl\n", ["a"]),
        (
            "Pipfile",
            "[packages]\na = '*'\nb = {markers = \"sys_platform == 'win32'\"}\n[dev-packages]\nc = '*'\n",
            ["a"],
        ),
        ("pyproject.toml", "[project]\ndependencies = ['a>1', 1, '!']\n", ["a"]),
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\npython = '^3.12'\na = {version = '1'}\nb = {optional = true}\n",
            ["a"],
        ),
        ("pyproject.toml", "[tool.other]\n", []),
        ("pyproject.toml", "broken = [", []),
    ],
)
def test_requirements_are_read_as_their_tools_do(tmp_path: Path, name: str, text: str, expected: list[str]) -> None:
    assert names(wanted(tmp_path, name, text)) == expected


def test_requirements_may_include_others(tmp_path: Path) -> None:
    write(tmp_path, {"common/more.txt": "-r ../requirements.txt\nb[x]\n"})

    assert wanted(tmp_path, "requirements.txt", "a\n-r common/more.txt\n-e ./own\n") == Requirements(
        (Wanted("a", frozenset()), Wanted("b", frozenset({"x"}))),
        (tmp_path / "requirements.txt", tmp_path / "common/more.txt"),
        ("-e ./own",),
    )


def test_requirements_further_up_count_for_tools_that_install_from_there(tmp_path: Path) -> None:
    project = write(tmp_path / "project", {"services/a/app.py": "x", "requirements.txt": "one"})
    write(tmp_path, {"requirements.txt": "two"})

    found = {tool: list(estimates(sized(project, tool=tool, code="services/a"))) for tool in ("sam", "serverless")}
    assert found == {"sam": ["."], "serverless": ["one", "."]}


@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_make_sizing_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    info = {f"one-1.0.dist-info/{name}": content for name in ("METADATA", "RECORD")}
    site = write(folder / "site", info)
    for name in ("requirements.txt", "Pipfile", "pyproject.toml"):
        project = write(folder / name, {f"src/{name}": content, "src/more/requirements.txt": b"one"})
        sized(project, site, tool="serverless")
        sized(project, site, tool="serverless", code="src/more")
