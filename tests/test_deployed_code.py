from pathlib import Path

import msgspec
import pytest

from gwlint.footprint.deployed_code import handler_file, import_roots
from gwlint.templates import FunctionTemplate
from tests.projects import write

FUNCTION = FunctionTemplate("f", "template.yaml", 1, "app.main", "src", (), None)
FILES = (
    "src/app.py",
    "src/pkg/__init__.py",
    "src/inner/app.py",
    "layers/a/python/x.py",
    "layers/a/python/lib/python3.12/site-packages/y.py",
    "layers/b/z.py",
)


@pytest.mark.parametrize(
    ("handler", "file"),
    [
        ("app.main", "src/app.py"),
        ("pkg.main", "src/pkg/__init__.py"),
        ("inner.app.main", "src/inner/app.py"),
        ("inner/app.main", "src/inner/app.py"),
        ("gone.main", None),
        ("../src/app.main", None),
        (None, None),
    ],
)
def test_finds_the_file_of_a_handler(tmp_path: Path, handler: str | None, file: str | None) -> None:
    write(tmp_path, dict.fromkeys(FILES, ""))
    found = handler_file(tmp_path, msgspec.structs.replace(FUNCTION, handler=handler))

    assert found == (None if file is None else tmp_path / file)


def test_finds_what_is_on_the_path(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(FILES, ""))
    function = msgspec.structs.replace(FUNCTION, layers=("layers/a", "layers/b", "layers/gone"))

    assert import_roots(tmp_path, function) == (
        tmp_path / "src",
        tmp_path / "layers/a/python",
        tmp_path / "layers/a/python/lib/python3.12/site-packages",
        tmp_path / "layers/b",
    )


def test_a_function_whose_code_is_not_here_has_none(tmp_path: Path) -> None:
    function = msgspec.structs.replace(FUNCTION, code=None)

    assert (import_roots(tmp_path, function), handler_file(tmp_path, function)) == ((), None)
