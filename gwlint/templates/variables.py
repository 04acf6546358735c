"""The variables of the Serverless Framework, as far as the files of a service say what they come to."""

import re
from collections.abc import Callable, Iterator

from gwlint.templates.literals import file_in, literal, mapping
from gwlint.templates.parse_yaml import parse
from gwlint.templates.values import NULL, Mapping, Scalar, Sequence, Value

_STEPS = 20_000
_DEPTH = 30
_ROUNDS = 30
_FILES = 64
_LONGEST = 8192
_LISTED = 1000
"""More than services need: what refers to itself comes to nothing."""

_VARIABLE = re.compile(r"\$\{([^${}]*)\}")
_FILE = re.compile(r"file\(([^)]*)\)(?::(.*))?")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?|true|false")
_DEFAULT_STAGE = "dev"


class Service:
    """What the file of a service, and those it includes, say of its own values."""

    def __init__(self, path: str, root: Mapping, others: Callable[[str], bytes]) -> None:
        """Look at nothing yet. `others` reads other files of the project."""
        self._path = path
        self._root = root
        self._others = others
        self._files: dict[str, Value | None] = {}
        self._left = _STEPS

    def resolve(self, value: Value, depth: int = 0) -> Value:
        """Return what a value comes to: itself where it is literal, or nobody can tell; `NULL` for no value at all."""
        if not isinstance(value, Scalar) or "${" not in value.text:
            return value
        found = self._substituted(value.text, depth)
        return value if found is None else found

    def _substituted(self, text: str, depth: int) -> Value | None:
        for _ in range(_ROUNDS):
            self._left -= 1
            variable = _VARIABLE.search(text)
            if variable is None or depth > _DEPTH or self._left < 0 or len(text) > _LONGEST:
                return None
            found = self._looked_up(variable[1], depth + 1)
            if found is None or variable[0] == text:
                return found
            said = literal(found)
            if said is None:
                return None
            text = text[: variable.start()] + said + text[variable.end() :]
            if "${" not in text:
                return Scalar(text)
        return None

    def _looked_up(self, address: str, depth: int) -> Value | None:
        """Return what the first of several alternatives comes to that is there."""
        for alternative in _alternatives(address):
            known, value = self._one(alternative, depth)
            if value is not None:
                resolved = self.resolve(value, depth)
                return None if _is_variable(resolved) else resolved
            if not known:
                return None
        return None

    def _one(self, address: str, depth: int) -> tuple[bool, Value | None]:
        """Return whether it is known what is at an address, and the value that is there, None where there is none."""
        if address[:1] in ("'", '"'):
            return True, Scalar(address[1:-1])
        if address == "null":
            return True, NULL
        if _PLAIN.fullmatch(address):
            return True, Scalar(address, plain=True)
        if file := _FILE.fullmatch(address):
            return self._in_file(file[1], file[2] or "", depth)
        source, _, name = address.partition(":")
        if source == "self":
            return True, self._at(self._root, name, depth)
        if address == "sls:stage":
            return True, self._at(self._root, "provider.stage", depth) or Scalar(_DEFAULT_STAGE)
        if source == "param":
            return True, self._at(self._root, f"params.default.{name}", depth)
        # What is given on the command line or by the environment is not there unless somebody gives it.
        return source in ("opt", "env"), None

    def _in_file(self, name: str, key: str, depth: int) -> tuple[bool, Value | None]:
        path = file_in(self._path, Scalar(name.strip()))
        if path is None or not path.endswith((".yml", ".yaml", ".json")):
            return False, None
        root = self._file(path)
        return True, None if root is None else self._at(root, key, depth)

    def _file(self, path: str) -> Value | None:
        if path not in self._files and len(self._files) < _FILES:
            content = self._others(path)
            self._files[path] = parse(content, path).root if content else None
        return self._files.get(path)

    def _at(self, value: Value, path: str, depth: int) -> Value | None:
        """Return what is at a path of keys."""
        found: Value | None = value
        for key in path.split(".") if path else ():
            found = None if found is None else self.resolve(found, depth)
            if isinstance(found, Sequence):
                found = (
                    found.items[int(key)] if key.isascii() and key.isdigit() and int(key) < len(found.items) else None
                )
            else:
                found = mapping(found).get(key)
        return found


def _alternatives(address: str) -> Iterator[str]:
    """Yield what stands between the commas, those in quotes and brackets apart."""
    start, quote, depth = 0, "", 0
    for at, character in enumerate(address):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and depth <= 0:
            yield address[start:at].strip()
            start = at + 1
    yield address[start:].strip()


def _is_variable(value: Value) -> bool:
    return isinstance(value, Scalar) and "${" in value.text
