"""What the names and sources of a project hold can't break a line, nor command or turn around a terminal."""

_BREAKS = (*range(32), *range(127, 160), 0x2028, 0x2029)
_TURNS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SPELLED = {code: f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" for code in (*_BREAKS, *_TURNS)}


def harmless(text: str) -> str:
    """Return a text with its control characters spelled out."""
    return text.translate(_SPELLED)
