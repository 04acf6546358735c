"""What JSON can hold of any object, however hostile; what is lost on the way is told."""

from __future__ import annotations

from collections.abc import Mapping

DEEPEST = 64
_MOST_NODES = 10_000
_MOST_BITS = 4096


def as_json(value: object) -> object:
    """Return something that JSON can hold, or hold parts of, in place of an object that it knows nothing of.

    Raises whatever the object raises when it is asked for its text.
    """
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat() if callable(isoformat) else value)


class Plain:
    """A copy of objects that consists of nothing but dictionaries, lists, texts and numbers, and is bounded.

    `problems` says what kinds of things could not be copied as they are.
    """

    __slots__ = ("_around", "_left", "problems")

    def __init__(self) -> None:
        self.problems: dict[str, None] = {}
        self._left = _MOST_NODES
        self._around: set[int] = set()

    def of(self, value: object, depth: int = 0) -> object:
        """Return a copy of an object. Never raises."""
        self._left -= 1
        if value is None or value is True or value is False:
            return value
        try:
            if isinstance(value, str):
                return str.__str__(value)
            if isinstance(value, (int, float)):
                return self._number(value)
            return self._composed(value, depth)
        except Exception as error:
            return self._lost(type(value).__name__, f"no text: {type(error).__name__}")

    def text(self, value: object) -> str:
        """Return an object as text. Never raises."""
        try:
            return str.__str__(value) if isinstance(value, str) else str(value)
        except Exception as error:
            return self._lost(type(value).__name__, f"no text: {type(error).__name__}")

    def _number(self, value: float) -> object:
        if isinstance(value, int):
            value = int(value)
            return value if value.bit_length() <= _MOST_BITS else self._lost("int", "number too large")
        value = float(value)
        if value - value != 0.0:
            self.problems["number not finite"] = None
            return None
        return value

    def _composed(self, value: object, depth: int) -> object:
        if id(value) in self._around:
            return self._lost(type(value).__name__, "circular reference")
        if depth > DEEPEST:
            return self._lost(type(value).__name__, "too deep")
        if not isinstance(value, (Mapping, list, tuple, set, frozenset)):
            # It may also be something that consists of other things.
            made = as_json(value)
            return made if isinstance(made, str) else self.of(made, depth + 1)
        self._around.add(id(value))
        try:
            if isinstance(value, Mapping):
                return self._members(value, depth)
            return [self.of(one, depth + 1) for one in self._first(value)]
        finally:
            self._around.discard(id(value))

    def _members(self, value: Mapping[object, object], depth: int) -> dict[str, object]:
        members: dict[str, object] = {}
        for key in self._first(value):
            called = self.text(key)
            while called in members:
                # 1 and "1" are two keys, but one name.
                called += "_"
            members[called] = self.of(value[key], depth + 1)
        return members

    def _first(self, value: object) -> list[object]:
        """Return as many parts as there is room for."""
        parts: list[object] = []
        for part in value:  # type: ignore[attr-defined]  # whoever asks has looked
            if self._left <= len(parts):
                self.problems["too many parts"] = None
                break
            parts.append(part)
        return parts

    def _lost(self, kind: str, problem: str) -> str:
        self.problems[problem] = None
        return f"<{kind}>"


def cut(members: dict[str, object], room: int, encode: Encode) -> dict[str, object]:
    """Return members of an object whose JSON takes no more than so many bytes: the smallest whole, others in part.

    Of what does not fit, the beginning is there as text. What has no room even for that is left out.
    """
    sized = sorted((_size(encode([name, value])), name) for name, value in members.items())
    kept: dict[str, object] = {}
    for place, (size, name) in enumerate(sized):
        share = room // (len(sized) - place)
        if size > share:
            value = members[name]
            text = value if isinstance(value, str) else encode(value)
            kept[name] = _beginning(text, share - _size(encode([name, ""])), encode)
            size = _size(encode([name, kept[name]]))
            if size > share:
                del kept[name]
                continue
        else:
            kept[name] = members[name]
        room -= size
    return {name: kept[name] for name in members if name in kept}


def _beginning(text: str, room: int, encode: Encode) -> str:
    """Return the beginning of a text whose JSON takes no more than so many bytes, but for its quotes."""
    text = text[: max(room, 0)]
    while text and (excess := _size(encode(text)) - 2 - room) > 0:
        # A character takes six bytes at most.
        text = text[: -max(excess // 6, 1)]
    return text


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Encode = Callable[[object], str]
