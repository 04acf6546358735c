"""How grave a line is, by name and number, as in the standard library."""

from __future__ import annotations

DEBUG = 10
INFO = 20
WARNING = 30
ERROR = 40
CRITICAL = 50
AUDIT = 60

LEVELS = {"DEBUG": DEBUG, "INFO": INFO, "WARNING": WARNING, "ERROR": ERROR, "CRITICAL": CRITICAL, "AUDIT": AUDIT}
"""Every level; what is said as `AUDIT` is never filtered, sampled or shed."""

# TRACE, WARN and FATAL are Lambda's names.
_NUMBERS = {**LEVELS, "TRACE": DEBUG, "WARN": WARNING, "FATAL": CRITICAL, "NOTSET": 0}
_NAMES = {number: name for name, number in LEVELS.items()}


def number_of(level: str | int) -> int:
    """Return a level as a number. Raises ValueError for a name that there is not."""
    if isinstance(level, int):
        return level
    number = _NUMBERS.get(level.upper())
    if number is None:
        raise ValueError(f"a level is one of {', '.join(LEVELS)}, not {level!r}")
    return number


def name_of(level: int) -> str:
    """Return the name of a level; of one in between, the name of the next lower one."""
    return _NAMES.get(level) or _NAMES[min(max(level // 10 * 10, DEBUG), CRITICAL)]
