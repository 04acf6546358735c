"""How problems put it: values and keys on one line, and the nearest of the words that would have been right."""

import re
import reprlib
from collections.abc import Iterable

from gwlint.nearest import nearest as most_similar

_LONGEST = 80
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def shown(value: object) -> str:
    """Write a value on one line of bearable length."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = _LONGEST
    try:
        return short.repr(value)
    except ValueError:  # an integer with more digits than Python likes to print
        return "a huge number"


def quoted(text: str) -> str:
    r"""Write a string as TOML does: `"a\nb"`."""
    return f'"{"".join(map(_escaped, text))}"'


def joined(parent: str, key: str) -> str:
    """Write the path of a key below another one, or of one at the top."""
    name = key if _BARE_KEY.fullmatch(key) else quoted(key)
    return f"{parent}.{name}" if parent else name


def in_quotes(key: str) -> str:
    """Write the path of a key in a sentence, without its middle when it is too long to be read."""
    half = _LONGEST // 2
    return f"'{key}'" if len(key) <= _LONGEST else f"'{key[:half]}...{key[-half:]}'"


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the remedy for a word that is not known: the most similar one, else `otherwise`, else all of them."""
    choices = sorted(known)
    near = most_similar(word, choices)
    return f"did you mean '{near}'?" if near else otherwise or f"choose from {', '.join(choices)}"


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    short = {"\n": r"\n", "\t": r"\t", "\r": r"\r"}.get(character)
    return short or (f"\\u{ord(character):04x}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08x}")
