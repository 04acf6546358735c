"""Errors that go no further."""

from __future__ import annotations

from .context import current


def report(message: str, error: Exception) -> None:
    """Give an error to the standard library's logging, with its traceback."""
    import logging

    logging.getLogger("lambda").error("%s: request %s", message, current().request_id, exc_info=error)
