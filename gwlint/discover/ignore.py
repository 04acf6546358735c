"""Git's ignore patterns: what one line means, what one file says, and which files speak for a folder.

They are asked level by level, as git asks them: an entry is judged by the lines that mean the entry itself, and
what lies in an ignored folder is never looked at. A library that judges the whole path of a file, like pathspec,
can't say whether a folder may be skipped: after the lines `*` and `!*/` it takes every folder for ignored.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gwlint.discover.files import Reader

_WILD = re.compile(r"[*?\[\\]")
_TOKEN = re.compile(
    r"(?P<folders>(?:\A|(?<=/))\*{2,}/)|(?P<rest>(?:\A|(?<=/))\*{2,}(?=\Z|\\/))|(?P<stars>\*+)"
    r"|(?P<one>\?)|(?P<set>\[)|(?P<literal>\\.|[^\\])",
    re.DOTALL,
)
_WILDCARDS = {"rest": ".*", "one": "[^/]"}
# Python 3.10 has no atomic groups. The same matches without them, only a malicious glob may take long.
_ONCE = "(?>" if sys.version_info >= (3, 11) else "(?:"
_MEMBER = re.compile(
    r"\[:(?P<class>[^\]]*):\]|(?P<low>\\.|[^\\])-(?P<high>\\.|[^\]\\])|(?P<literal>\\.|[^\\])", re.DOTALL
)
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


class _MalformedError(ValueError):
    """A glob that git lets match nothing."""


class Pattern(NamedTuple):
    """One line. `regex` has to match the whole name, or, when `anchored`, the whole path from the file's folder."""

    regex: str
    anchored: bool
    negated: bool
    folders_only: bool

    def means(self, path: str, name: str, is_folder: bool) -> bool:
        """Say whether the line speaks of this very entry."""
        if self.folders_only and not is_folder:
            return False
        return re.fullmatch(self.regex, path if self.anchored else name, re.DOTALL) is not None


def parse(line: str) -> Pattern | None:
    """Return what a line, without its line end, means: nothing for a comment, a blank or a malformed glob."""
    text = _without_trailing_spaces(line)
    negated = text.startswith("!")
    glob = text[negated:].removesuffix("/")
    anchored = "/" in glob
    try:
        regex = _regex(glob.removeprefix("/"))
    except _MalformedError:
        return None
    if line.startswith("#") or not regex:
        return None
    return Pattern(regex, anchored, negated, text.endswith("/"))


class Patterns:
    """The lines of one file, or of one setting, in their order."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        self._patterns = [(index, pattern) for index, pattern in enumerate(map(parse, lines)) if pattern]
        self._names = _any_of(pattern.regex for _, pattern in self._patterns if not pattern.anchored)
        self._paths = _any_of(pattern.regex for _, pattern in self._patterns if pattern.anchored)
        self._known_names: dict[str, bool] = {}

    def meaning(self, path: str, name: str, is_folder: bool) -> list[int]:
        """Return the indices, ascending, of the lines that mean an entry: the last one decides."""
        # Nearly always no line does, and the same names come again and again.
        named = self._known_names.get(name)
        if named is None:
            named = self._known_names[name] = self._names.fullmatch(name) is not None
        if not named and not self._paths.fullmatch(path):
            return []
        return [index for index, pattern in self._patterns if pattern.means(path, name, is_folder)]

    def cover(self, path: str) -> bool:
        """Tell whether a file, or the outermost folder around it that a line speaks of, is meant."""
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            meaning = self.meaning("/".join(parts[:length]), parts[length - 1], length < len(parts))
            if meaning:
                return self.ignores(meaning[-1])
        return False

    def ignores(self, index: int) -> bool:
        """Say whether a line ignores what it means, rather than asking it back."""
        return not self.lines[index].startswith("!")


class Scope(NamedTuple):
    """The patterns of one file, and how many characters of a path lead to the folder that they speak for."""

    patterns: Patterns
    skipped: int


Scopes = tuple[Scope, ...]
"""The files that speak for what a folder holds, the innermost first."""


class Surroundings(NamedTuple):
    """What git says about a project from outside of it.

    `lead` is the path from the root of the repository to the project, with a slash at its end, or empty. The
    paths that the scopes are asked about start at that root.
    """

    lead: str
    scopes: Scopes


def is_ignored(scopes: Scopes, path: str, name: str, is_folder: bool) -> bool:
    """Say whether an entry, none of whose parents is ignored, is. The first scope with a line that means it decides."""
    for patterns, skipped in scopes:
        meaning = patterns.meaning(path[skipped:], name, is_folder)
        if meaning:
            return patterns.ignores(meaning[-1])
    return False


def narrowed(scopes: Scopes, content: bytes, folder: str) -> Scopes:
    """Return the scopes that hold in a folder with this .gitignore. `folder` ends in a slash, or is empty."""
    if not content:
        return scopes
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    patterns = Patterns([line.removesuffix("\r") for line in text.split("\n")])
    return (Scope(patterns, len(folder)), *scopes)


def surroundings(project: str, reader: Reader) -> Surroundings:
    """Read the .gitignore files above a project, up to the root of its repository, and that one's `info/exclude`.

    `project` is an absolute path free of links. Outside a repository nothing speaks. Nothing does either when the
    project is itself ignored, like a virtual environment that ignores all it holds: it was asked for by name.
    The ignore file in the user's home is not read: a check says the same on every machine.
    """
    root = _repository(project)
    if root is None:
        return Surroundings("", ())
    scopes = narrowed((), reader.content(_own_excludes(root, reader)), "")
    location, lead = root, ""
    for name in _names_between(root, project):
        scopes = narrowed(scopes, reader.content(f"{location}/.gitignore"), lead)
        if is_ignored(scopes, lead + name, name, is_folder=True):
            return Surroundings("", ())
        location, lead = f"{location}/{name}", f"{lead}{name}/"
    return Surroundings(lead, scopes)


def _repository(project: str) -> str | None:
    """Return the folder with `.git` that is nearest to a project, upwards."""
    candidates = (project, *map(str, Path(project).parents))
    return next((folder for folder in candidates if os.path.lexists(f"{folder}/.git")), None)


def _names_between(root: str, project: str) -> tuple[str, ...]:
    """Return the names of the folders from a repository's root down to a project, itself included."""
    return Path(project).relative_to(root).parts


def _own_excludes(root: str, reader: Reader) -> str:
    """Return where a repository keeps the patterns it doesn't share. `.git` may be a file that says where it is."""
    git = Path(root, ".git")
    own = Path(root, _line(reader, git).removeprefix("gitdir: ") or git)
    shared = own / _line(reader, own / "commondir")
    return os.path.normpath(shared / "info" / "exclude")


def _line(reader: Reader, location: Path) -> str:
    """Return the only line of a small file, nothing when it is missing."""
    return os.fsdecode(reader.content(str(location))).rstrip("\n")


def _without_trailing_spaces(line: str) -> str:
    """Return the line up to its trailing spaces, of which a backslash keeps one."""
    bare = line.rstrip(" ")
    escapes = len(bare) - len(bare.rstrip("\\"))
    return line[: len(bare) + escapes % 2]


def _regex(glob: str) -> str:
    """Return the regular expression of a glob without its outer slashes."""
    wild = _WILD.search(glob)
    # Git compares what stands before the first wildcard as text, then reads the rest as a glob of its own.
    start = wild.start() if wild else len(glob)
    blocks = [[re.escape(glob[:start])]]
    for kind, regex in _tokens(glob[start:]):
        if kind == "folders":
            blocks.append([""])
        elif kind == "stars":
            blocks[-1].append("")
        else:
            blocks[-1][-1] += regex
    return _spaced((_spaced(chunks, "[^/]*?") for chunks in blocks), "(?:.*?/)??")


def _spaced(chunks: Iterable[str], gap: str) -> str:
    """Join regular expressions by gaps.

    What a gap leaves over, the next one can take. So the first place where a chunk fits will do, unless it is the
    last chunk; and without going back to try others, no glob takes exponential time.
    """
    first, *others = chunks
    *middle, last = others or [""]
    return first + "".join(f"{_ONCE}{gap}{chunk})" for chunk in middle) + (gap + last if others else "")


def _tokens(glob: str) -> Iterator[tuple[str, str]]:
    """Yield the kind of each token of a glob, and its regular expression unless the kind is one of gap."""
    at = 0
    while at < len(glob):
        token = _TOKEN.match(glob, at)
        if token is None:
            raise _MalformedError(glob)
        at = token.end()
        regex = _WILDCARDS.get(str(token.lastgroup), re.escape(token[0][-1]))
        if token["set"]:
            regex, at = _set(glob, at)
        yield str(token.lastgroup), regex


def _set(glob: str, at: int) -> tuple[str, int]:
    """Return the regular expression of a set of characters whose `[` has been read, and where the glob goes on."""
    negated = glob[at : at + 1] in {"!", "^"}
    first = at = at + negated
    members = []
    while at == first or glob[at : at + 1] != "]":
        member = _MEMBER.match(glob, at)
        if member is None:
            raise _MalformedError(glob)
        members.append(_members(member))
        at = member.end()
    return f"(?!/)[{'^' * negated}{''.join(members)}]", at + 1


def _members(member: re.Match[str]) -> str:
    """Return what one class, range or character adds to a set."""
    if member["class"] is not None:
        if member["class"] not in _CLASSES:
            raise _MalformedError(member.string)
        return _CLASSES[member["class"]]
    if member["literal"]:
        return re.escape(member["literal"][-1])
    low, high = member["low"][-1], member["high"][-1]
    # Git takes the low end for a member of its own, so that it counts even in a reversed range.
    return re.escape(low) + (f"{re.escape(low)}-{re.escape(high)}" if low <= high else "")


def _any_of(regexes: Iterable[str]) -> re.Pattern[str]:
    """Return what matches wherever one of some regular expressions does: with none of them, nothing."""
    return re.compile("|".join(f"(?:{regex})" for regex in regexes) or r"(?!)", re.DOTALL)
