"""A call that is tried again where it fails, identifiers, and JSON."""

from collections.abc import Callable
from importlib import import_module

Timed = Callable[[], object]


def _nothing() -> int:
    return 1


def floor_retry_no_failure() -> Timed:
    """Return a call in a loop with `try`."""

    def call() -> object:
        for _ in range(3):
            try:
                return _nothing()
            except OSError:  # noqa: PERF203  that is what is measured
                continue
        return None

    return call


def ours_retry_no_failure() -> Timed:
    """Return a call."""
    from gwlint.runtime.utility import retry

    return retry()(_nothing)


def tenacity_retry_no_failure() -> Timed:
    """Return a call."""
    tenacity = import_module("tenacity")
    decorated: Timed = tenacity.retry(stop=tenacity.stop_after_attempt(3))(_nothing)
    return decorated


def backoff_retry_no_failure() -> Timed:
    """Return a call."""
    backoff = import_module("backoff")
    decorated: Timed = backoff.on_exception(backoff.expo, OSError, max_tries=3)(_nothing)
    return decorated


def floor_id() -> Timed:
    """Return what makes a random UUID."""
    from uuid import uuid4

    return lambda: str(uuid4())


def ours_id() -> Timed:
    """Return what makes an identifier that sorts by its time."""
    from gwlint.runtime.utility import new_id

    return new_id


_EVENT = {"id": 1, "name": "order", "lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}], "paid": True}


def floor_json() -> Timed:
    """Return what the standard library makes of an event."""
    import json

    return lambda: json.dumps(_EVENT)


def ours_json_strict() -> Timed:
    """Return what checks and writes an event."""
    from gwlint.runtime.utility import json_dumps

    return lambda: json_dumps(_EVENT)


def ours_json_safe() -> Timed:
    """Return what writes anything."""
    from gwlint.runtime.utility import json_dumps_safe

    return lambda: json_dumps_safe(_EVENT)
