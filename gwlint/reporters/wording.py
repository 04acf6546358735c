"""Numbers as reports write them."""

from __future__ import annotations

_FINE = 10
_FINEST = 0.1
_GROSS_USD = 100


def number(value: float) -> str:
    """Return a number with as many digits as say something: one after the point where it is small."""
    if 0 < value < _FINEST / 2:
        return f"<{_FINEST}"
    return f"{value:.1f}" if 0 < round(value, 1) < _FINE else f"{value:,.0f}"


def dollars(usd: float) -> str:
    """Return an amount of money, in cents where it is small."""
    if 0 < usd < 0.01:
        return "<$0.01"
    return f"${usd:,.2f}" if usd < _GROSS_USD else f"${usd:,.0f}"


def percent(part: float, whole: float) -> str:
    """Return how much of a whole a part is."""
    return f"{part / whole * 100:.0f} %" if whole > 0 else ""


def counted(count: int, noun: str) -> str:
    """Return a number of things."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
