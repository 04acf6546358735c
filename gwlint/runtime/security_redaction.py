"""Leaving out of data what is not for everybody: by the names of keys, by paths, and by what looks like it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .security_detectors import DETECTORS, hidden

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal

    Mode = Literal["mask", "drop", "pseudonym"]

SECRET_KEYS = frozenset(
    {
        "accesskey", "accesskeyid", "apikey", "auth", "authorization", "cardnumber", "connectionstring", "cookie",
        "credential", "creditcard", "cvc", "cvv", "iban", "mfacode", "otp", "passcode", "passphrase", "passwd",
        "password", "passwordhash", "pin", "privatekey", "pwd", "secret", "secretkey", "sessionid", "setcookie",
        "signature", "signingkey", "socialsecuritynumber", "ssn", "token", "xapikey",
    }
)  # fmt: skip
"""Names of keys, in lower case and without anything between the words, whose values are left out."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_MASK = "[redacted]"
_TOO_DEEP = "[too deep]"
_TOO_MUCH = "[too much]"
_FAILED = "[not shown]"
_MOST_NAMES = 4096
_LONGEST_NAME = 256
_MARGIN = 4096
_CUT = "[cut]"
# A list of settings may have the name of each beside its value.
_NAME_KEYS = frozenset({"Key", "Name", "key", "name"})
_VALUE_KEYS = frozenset({"Value", "value"})
_PLAIN = (bool, float, type(None))
_LARGEST_INT = 1 << 256


class Redactor:
    """What leaves things out of data. It makes a copy of plain data, and never raises.

    Left out are the values of `keys`, whose words end a name (`db_password`, `clientSecret`), those of `paths`
    (`user.address.*`, lists by number or `*`), and what the `detectors` find in texts. In the mode "mask" a word says
    so, "drop" leaves nothing, "pseudonym" puts a keyed hash there: the same for the same, as long as `key` is the same.
    What is more than `max_depth` levels deep, or beyond `max_items` values or `max_text` characters, is left out, too.
    Of objects that are no plain data only the type is named; of dataclasses and named tuples, the fields are taken.
    """

    __slots__ = (
        "_detectors",
        "_key",
        "_known",
        "_max_depth",
        "_max_items",
        "_max_text",
        "_mode",
        "_names",
        "_paths",
    )

    def __init__(
        self,
        *,
        keys: Iterable[str] = SECRET_KEYS,
        paths: Iterable[str] = (),
        detectors: Iterable[str] = DETECTORS,
        mode: Mode = "mask",
        key: bytes | None = None,
        max_depth: int = 32,
        max_items: int = 10_000,
        max_text: int = 64 * 1024,
    ) -> None:
        """Raise ValueError for detectors and modes that there are not, and pseudonyms without a key."""
        self._names = frozenset("".join(_words(name)) for name in keys)
        self._detectors = frozenset(detectors)
        if not self._detectors <= DETECTORS or mode not in ("mask", "drop", "pseudonym"):
            raise ValueError(f"detectors are some of {', '.join(sorted(DETECTORS))}, a mode is mask, drop or pseudonym")
        if mode == "pseudonym" and not key:
            raise ValueError("pseudonyms take a key")
        self._paths = tuple(tuple(path.split(".")) for path in paths)
        self._mode = mode
        self._key = key or b""
        self._max_depth = max_depth
        self._max_items = max_items
        self._max_text = max_text
        self._known: dict[str, bool] = {}

    def __call__(self, data: Any) -> Any:  # Any: whatever somebody wants to show
        """Return data without what is to be left out."""
        try:
            return self._value(data, 0, [self._max_items], self._paths)
        except Exception:
            return _FAILED

    def _value(
        self, data: Any, depth: int, left: list[int], paths: tuple[tuple[str, ...], ...]
    ) -> Any:  # Any: see above
        kind = type(data)
        if kind is str:
            return self._text(data)
        if kind in _PLAIN:
            return data
        if kind is int:
            return self._int(data)
        if depth >= self._max_depth:
            return _TOO_DEEP
        if kind is dict:
            return self._mapping(data.items(), depth, left, paths)
        if kind is list or kind is tuple:
            return self._sequence(data, depth, left, paths)
        return self._other(data, depth, left, paths)

    def _mapping(
        self, items: Iterable[tuple[Any, Any]], depth: int, left: list[int], paths: tuple[tuple[str, ...], ...]
    ) -> Any:  # Any: see above
        made: dict[Any, Any] = {}  # Any: see above
        secret_name = False
        known = self._known.get
        for key, value in items:
            left[0] -= 1
            if left[0] < 0:
                made[_TOO_MUCH] = _TOO_MUCH
                break
            is_secret = known(key) if type(key) is str else False
            if is_secret is None:
                is_secret, name = self._learn(key), self._name(key)
            else:
                # A name that is known has nothing in it that must not be shown.
                name = key if type(key) is str else self._name(key)
            within = paths
            if paths:
                within = _within(paths, key)
                is_secret = is_secret or () in within
            if name in made:
                name = _another(name, made)
            if name in _NAME_KEYS:
                secret_name = type(value) is str and self._learn(value)
            elif secret_name and name in _VALUE_KEYS:
                is_secret = True
            if not is_secret:
                made[name] = self._value(value, depth + 1, left, within)
            elif self._mode != "drop":
                made[name] = self._hidden_whole(value)
        return made

    def _sequence(
        self, data: Iterable[Any], depth: int, left: list[int], paths: tuple[tuple[str, ...], ...]
    ) -> Any:  # Any: see above
        made: list[Any] = []  # Any: see above
        for place, value in enumerate(data):
            left[0] -= 1
            if left[0] < 0:
                made.append(_TOO_MUCH)
                break
            within = _within(paths, place) if paths else paths
            is_pair = place == 1 and type(made[0]) is str and self._learn(made[0])
            if () in within or is_pair:
                made.append(self._hidden_whole(value))
            else:
                made.append(self._value(value, depth + 1, left, within))
        return made

    def _other(
        self, data: Any, depth: int, left: list[int], paths: tuple[tuple[str, ...], ...]
    ) -> Any:  # Any: see above
        """Return what can be shown of data that are not quite plain."""
        try:
            if isinstance(data, str):
                return self._text(str.__str__(data))
            if isinstance(data, int):
                return self._int(int.__int__(data))
            if isinstance(data, float):
                return float.__float__(data)
            fields = getattr(type(data), "_fields", None)
            if isinstance(data, tuple) and isinstance(fields, tuple):
                return self._mapping(zip(fields, data, strict=False), depth, left, paths)
            if isinstance(data, dict):
                return self._mapping(dict.items(data), depth, left, paths)
            if isinstance(data, Mapping):
                return self._mapping(((name, data[name]) for name in data), depth, left, paths)
            if isinstance(data, (list, tuple, set, frozenset)):
                return self._sequence(data, depth, left, paths)
            fields = getattr(type(data), "__dataclass_fields__", None)
            if isinstance(fields, dict):
                return self._mapping(((name, getattr(data, name)) for name in fields), depth, left, paths)
            if isinstance(data, BaseException):
                return f"{type(data).__name__}: {self._text(str(data))}"
            if type(data).__module__ in _SPOKEN:
                return self._text(str(data))
        except Exception:
            return _FAILED
        return f"<{type(data).__name__}>"

    def _name(self, key: Any) -> Any:  # Any: whatever a key is
        kind = type(key)
        if kind is str:
            return (
                self._text(key)
                if len(key) <= _LONGEST_NAME
                else self._text(key[: _LONGEST_NAME + _MARGIN])[:_LONGEST_NAME]
            )
        if kind is int:
            return self._int(key)
        if kind in _PLAIN:
            return key
        return self._name(str.__str__(key)) if isinstance(key, str) else f"<{kind.__name__}>"

    def _text(self, text: str) -> str:
        if len(text) <= self._max_text:
            return hidden(text, self._hidden, self._detectors)
        # What is cut in two must not be shown by half: it is looked for before the cut is made.
        whole = hidden(text[: self._max_text + _MARGIN], self._hidden, self._detectors)
        return whole[: self._max_text] + _CUT

    def _int(self, number: int) -> Any:  # Any: an int or text
        if -1_000_000_000_000 < number < 1_000_000_000_000:
            return number
        if not -_LARGEST_INT < number < _LARGEST_INT:
            return _TOO_MUCH
        text = str(number)
        shown = self._text(text)
        return number if shown == text else shown

    def _hidden(self, name: str, text: str) -> str:
        if self._mode == "mask":
            return f"[{name}]"
        return "" if self._mode == "drop" else pseudonymize(text, key=self._key)

    def _hidden_whole(self, value: Any) -> str:  # Any: see above
        if self._mode == "pseudonym" and type(value) in (str, int):
            return pseudonymize(str(value) if type(value) is str else hex(value), key=self._key)
        return "" if self._mode == "drop" else _MASK

    def _learn(self, name: str) -> bool:
        """Tell whether a name is one of those whose values are left out."""
        known = self._known.get(name)
        if known is None:
            words = _words(name[-_LONGEST_NAME:])
            singular = [*words[:-1], words[-1][:-1]] if words and words[-1].endswith("s") else words
            starts = range(len(words))
            known = any("".join(one[place:]) in self._names for one in (words, singular) for place in starts)
            if len(self._known) < _MOST_NAMES and len(name) <= _LONGEST_NAME and self._name(name) == name:
                self._known[name] = known
        return known


def redact(data: Any, **options: Any) -> Any:  # Any: whatever somebody wants to show; options as those of `Redactor`
    """Return a copy of data without secrets and personal data, as a `Redactor` makes it. Raises for options only."""
    return (_everyday if not options else Redactor(**options))(data)


def pseudonymize(value: str, *, key: bytes) -> str:
    """Return a name for a value: always the same with the same key, and no way back to the value without it."""
    from hmac import digest

    if not key:
        raise ValueError("pseudonyms take a key")
    return f"p:{digest(key, value.encode('utf-8', 'surrogatepass'), 'sha256').hex()[:32]}"


_SPOKEN = frozenset({"datetime", "decimal", "fractions", "ipaddress", "pathlib", "uuid"})
"""Modules of the standard library whose objects are what they are written as."""


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]


def _within(paths: tuple[tuple[str, ...], ...], key: object) -> tuple[tuple[str, ...], ...]:
    return tuple(path[1:] for path in paths if path and path[0] in ("*", str(key) if type(key) in (str, int) else ""))


def _another(name: Any, made: Mapping[Any, Any]) -> str:  # Any: whatever a key is
    number = 2
    while f"{name} {number}" in made:
        number += 1
    return f"{name} {number}"


_everyday = Redactor()
