"""Text that no XML parser refuses, whatever is in it."""

from html import escape

from gwlint.reporters.controls import harmless

_NO_CHARACTERS = {code: f"\\u{code:04x}" for code in (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF)}


def xml_text(text: str) -> str:
    """Return a line of text for an element or a quoted attribute, with what XML can't hold spelled out."""
    return escape(harmless(text).translate(_NO_CHARACTERS))
