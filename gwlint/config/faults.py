"""What can be wrong with one string, said as the end of a sentence: `which` …; and what to do about it."""

import posixpath
import re
import stat
from collections.abc import Callable, Collection
from pathlib import Path, PureWindowsPath

from gwlint.config.files import mode
from gwlint.config.wording import nearest

Fault = Callable[[str], str | None]

_CODE = re.compile(r"GW\d{0,3}", re.ASCII)
_FAMILY = 3
_DRIVE = re.compile(r"[A-Za-z]:")
_NAME = re.compile(r"[\w-]+")
_DOTTED_NAME = re.compile(r"[\w-]+(\.[\w-]+)*")
_HANDLER = re.compile(r"[\w-]+([./][\w-]+)*\.\w+")
_RUNTIME = re.compile(r"python3\.[0-9]{1,2}")
_URL = re.compile(r"https?://[\w.-]+(:\d+)?([/?#]([\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9a-fA-F]{2})*)?", re.ASCII)
_SLASHES_BEFORE_PATH = 3
_PLACEHOLDER = re.compile(r"\{(code|name)\}")
_DOTTED_GLOB_PART = re.compile(r"(?:[\w*?-]|\[!?[\w-]+\])+")


def root_fault(project: Path) -> Fault:
    """Make a function that says why a path is no folder of a project."""

    def fault(root: str) -> str | None:
        folder = project / root
        if PureWindowsPath(root).anchor:
            return "is an absolute path; write it relative to the project"
        if posixpath.normpath(root).split("/")[0] == "..":
            return "leads outside the project; name a folder inside"
        if not mode(folder):
            return "does not exist; create it or correct the path"
        if not stat.S_ISDIR(mode(folder)):
            return "is a file; name the folder it is in"
        if not folder.resolve().is_relative_to(project.resolve()):
            return "is a link that leads outside the project; name a folder inside"
        return None

    return fault


def folder_fault(path: str) -> str | None:
    """Say why a path can't be that of a folder, wherever that is; it need not exist."""
    return None if path.isprintable() else "has characters that can't be printed; leave them out"


def file_fault(project: Path) -> Fault:
    """Make a function that says why a path can't be that of a file of a project, which need not exist."""

    def fault(path: str) -> str | None:
        if PureWindowsPath(path).anchor:
            return "is an absolute path; write it relative to the project"
        if posixpath.normpath(path).split("/")[0] == "..":
            return "leads outside the project; name a file inside"
        if stat.S_ISDIR(mode(project / path)):
            return "is a folder; name a file"
        return None if path.isprintable() else "has characters that can't be printed; leave them out"

    return fault


def glob_fault(project: Path) -> Fault:
    """Make a function that says why a glob would never match in a project, or not what it seems to.

    A leading `/` is fine, as in a `.gitignore`.
    """

    def fault(glob: str) -> str | None:
        parts = glob.removeprefix("!").rstrip().split("/")
        # Versions of Python differ in what they take for a drive; two backslashes stand for one here.
        if _DRIVE.match(glob) or glob.startswith(f"{project.as_posix()}/"):
            return "is an absolute path; write it relative to the project"
        if ".." in parts:
            return "leads outside the project; name what is inside"
        if "." in parts:
            return "has a part that is only a dot and matches nothing; leave that part out"
        if glob.startswith("#"):
            return r"is a comment and matches nothing; write '\#' for a '#'"
        if not any(parts):
            return "names nothing; write what it should match"
        if not all(map(_is_glob_part, parts)):
            return (
                r"is no valid glob: close and order every [a-z], and put '\' before a '[' or '\' that stands for itself"
            )
        return None

    return fault


def lone_glob_fault(project: Path) -> Fault:
    """Make the same function for a glob that stands alone: there is nothing it could take back."""
    common = glob_fault(project)

    def fault(glob: str) -> str | None:
        if not glob.strip():
            return "is empty; write what it should match"
        if glob.startswith("!"):
            return "takes back what nothing has named; name the files themselves"
        return common(glob)

    return fault


def code_fault(codes: Collection[str] | None) -> Fault:
    """Make a function that says why a string is neither the code of a rule nor the beginning of one.

    Without `codes`, it can only judge the form.
    """

    def fault(code: str) -> str | None:
        well_formed = _CODE.fullmatch(code) is not None
        if codes is None:
            return None if well_formed else "is no code of a rule; write it like 'GW101', or like 'GW1' for all of them"
        if well_formed and any(known.startswith(code) for known in codes):
            return None
        meant = code.strip().upper()
        family = {known[:_FAMILY] for known in codes if meant.startswith(known[:_FAMILY])}
        return f"is the code of no rule; {nearest(meant, {*codes, *family}, '`gwlint rule` lists them')}"

    return fault


def module_fault(name: str) -> str | None:
    """Say why this is no module name. Unlike an import statement, Lambda loads `my-app.handler` or `lambda`, too."""
    if _DOTTED_NAME.fullmatch(name) and not name.endswith(".py"):
        return None
    return "is no dotted module name; write it like 'app.handler', without folder, '.py' or function"


def handler_fault(handler: str) -> str | None:
    """Say why Lambda could not be told to call this."""
    if _HANDLER.fullmatch(handler):
        return None
    return "names no function of a module; write it like 'app.main' or 'src/app.main'"


def runtime_fault(runtime: str) -> str | None:
    """Say why this is no runtime for Python."""
    return None if _RUNTIME.fullmatch(runtime) else "is no runtime of Python; write it like 'python3.12'"


def module_glob_fault(glob: str) -> str | None:
    """Say why no name of a module could match."""
    if all(map(_is_dotted_glob_part, glob.split("."))) and not glob.endswith(".py"):
        return None
    return "is no glob of dotted module names; write it like 'app.cache_*', without folder or '.py'"


def part_fault(name: str) -> str | None:
    """Say why no folder or module could be called this."""
    return None if _NAME.fullmatch(name) else "is no name of a folder or module; write it like 'handlers'"


def choice_fault(*words: str) -> Fault:
    """Make a function that says why a string is none of some words."""

    def fault(word: str) -> str | None:
        return None if word in words else f"is no choice; choose from {', '.join(words)}"

    return fault


def title_fault(name: str) -> str | None:
    """Say why a thing should not be called this in messages."""
    if not name.strip():
        return "is empty; give it a name"
    if name != name.strip() or not name.isprintable():
        return "has white space around it or characters that can't be printed; leave them out"
    return None


def prose_fault(text: str) -> str | None:
    """Say why people could not read this."""
    if all(character.isprintable() or character.isspace() for character in text):
        return None
    return "has characters that can't be printed; leave them out"


def url_fault(url: str) -> str | None:
    """Say why this is no address of a page."""
    return None if _URL.fullmatch(url) else "is no address of a page; write it like 'https://example.com/issues'"


def docs_url_fault(url: str) -> str | None:
    """Say why this is no address of the pages of rules, `{code}` and `{name}` standing for those of a rule."""
    host, placeholder, _ = url.partition("{")
    if url_fault(_PLACEHOLDER.sub("", url)) or (placeholder and host.count("/") < _SLASHES_BEFORE_PATH):
        return "is no address of pages; write it like 'https://example.com/rules/{code}-{name}'"
    return None


def _is_glob_part(part: str) -> bool:
    """Whether every `[` is closed, every range runs upwards and no escape is left open between two slashes."""
    tokens = re.findall(r"\\.|\[(?:[!^](.[^\]]*)|([^!^][^\]]*))\]|([\[\\])", part, re.DOTALL)
    return not any(stray or _runs_backwards(excluded + included) for excluded, included, stray in tokens)


def _is_dotted_glob_part(part: str) -> bool:
    ranges = re.findall(r"\[!?([^\]]*)\]", part)
    return _DOTTED_GLOB_PART.fullmatch(part) is not None and not any(map(_runs_backwards, ranges))


def _runs_backwards(characters: str) -> bool:
    return any(first > last for first, last in re.findall(r"(.)-(.)", characters, re.DOTALL))
