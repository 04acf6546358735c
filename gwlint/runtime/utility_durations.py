"""Lengths of time as people write them."""

from __future__ import annotations

import re
from math import isfinite

from .errors import Invalid

_UNITS = {
    "ms": 0.001,
    "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0,
    "m": 60.0, "min": 60.0, "minute": 60.0, "minutes": 60.0,
    "h": 3600.0, "hour": 3600.0, "hours": 3600.0,
    "d": 86400.0, "day": 86400.0, "days": 86400.0,
    "w": 604800.0, "week": 604800.0, "weeks": 604800.0,
}  # fmt: skip
_LONGEST = 64
_NUMBER = r"(\d+(?:\.\d+)?)"
_PART = rf"\s*{_NUMBER}\s*([a-z]+)\s*,?"
_ISO = rf"P(?=.)(?:{_NUMBER}W)?(?:{_NUMBER}D)?(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
_ISO_UNITS = (604800.0, 86400.0, 3600.0, 60.0, 1.0)


def parse_duration(text: str | float) -> float:
    """Return the seconds of `1h 30m`, `250ms`, `2 days`, `PT1H30M`, or of a number of them.

    Raises `Invalid` for anything else: less than nothing, without end, or with a month, which has no length.
    """
    if isinstance(text, str):
        seconds = _parsed(text.strip()) if len(text) <= _LONGEST else None
    else:
        seconds = None if isinstance(text, bool) else float(text)
    if seconds is None or not isfinite(seconds) or seconds < 0:
        shown = text[:_LONGEST] if isinstance(text, str) else text
        raise Invalid(f"{shown!r} is no length of time: write it like 90, 250ms, 1h 30m or PT1H30M", "", "duration")
    return seconds


def _parsed(text: str) -> float | None:
    if re.fullmatch(_NUMBER, text, re.ASCII):
        return float(text)
    iso = re.fullmatch(_ISO, text, re.ASCII)
    if iso:
        return sum(float(number) * unit for number, unit in zip(iso.groups(), _ISO_UNITS, strict=True) if number)
    if not re.fullmatch(f"(?:{_PART})+", text.lower(), re.ASCII):
        return None
    total, smallest = 0.0, float("inf")
    for number, name in re.findall(_PART, text.lower(), re.ASCII):
        unit = _UNITS.get(name)
        # From the largest to the smallest, each once.
        if unit is None or unit >= smallest:
            return None
        total, smallest = total + float(number) * unit, unit
    return total
