"""The codebases that are analysed, and where they and the tools lie once fetched."""

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ENVIRONMENT = HERE / ".venv"


class Corpus(NamedTuple):
    """A distribution, pinned. `package` is the only folder of it that counts."""

    name: str
    package: str
    requirement: str
    download_options: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Return the folder that the package lies in, alone."""
        return HERE / ".corpora" / self.name


C7N = Corpus("c7n", "c7n", "c7n==0.9.53")
CORPORA = (
    C7N,
    Corpus("django", "django", "django==5.2.19"),
    Corpus(
        "homeassistant",
        "homeassistant",
        "homeassistant==2025.4.4",
        # It refuses older interpreters, but nobody is going to run it here.
        ("--python-version", "3.13", "--only-binary", ":all:"),
    ),
)


def sources(folder: Path) -> list[Path]:
    """Return all Python files in a folder, in the order of their paths."""
    return sorted(folder.rglob("*.py"))


def tool(name: str) -> str:
    """Return the path of a program among the fetched tools."""
    return str(ENVIRONMENT / "bin" / name)
