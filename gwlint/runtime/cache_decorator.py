"""The results of a function, kept by its arguments."""

from __future__ import annotations

from functools import wraps

from .cache_core import Cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from typing import Any, TypeVar

    Function = TypeVar("Function", bound=Callable[..., Any])  # Any: whatever it takes and returns


def cached(
    *,
    ttl: float | None = None,
    cache: Cache | None = None,
    key: Callable[..., Hashable] | None = None,
    negative_ttl: float | None = None,
    stale_while_revalidate: float = 0.0,
    stale_if_error: float = 0.0,
    tags: Iterable[str] = (),
) -> Callable[[Function], Function]:
    """Return a decorator for functions whose results are to be kept, in a cache of their own unless one is given.

    `key` is called with the arguments, and returns what to keep a result under; by default these have to be hashable.
    The other options are those of `Cache.get_or_load`. The function gets an attribute `cache`.
    """
    kept_in = Cache() if cache is None else cache
    given_tags = tuple(tags)

    def decorate(function: Function) -> Function:
        name = f"{function.__module__}.{function.__qualname__}"

        @wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:  # Any: those of the function
            own = key(*args, **kwargs) if key else (args, tuple(sorted(kwargs.items())))
            return kept_in.get_or_load(
                (name, own),
                lambda: function(*args, **kwargs),
                ttl=ttl,
                negative_ttl=negative_ttl,
                stale_while_revalidate=stale_while_revalidate,
                stale_if_error=stale_if_error,
                tags=given_tags,
            )

        wrapped.cache = kept_in  # type: ignore[attr-defined]  # what the docstring promises
        return wrapped  # type: ignore[return-value]  # as it is called like the function

    return decorate
