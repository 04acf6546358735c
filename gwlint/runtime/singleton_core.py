"""Things that are made once, when they are first asked for, and closed in the end."""

from __future__ import annotations

from threading import get_ident, local

from .context import current
from .errors import ComponentError
from .flight import NOTHING, Circle, Flight, Flights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, MutableMapping
    from types import TracebackType
    from typing import Any, Literal, TypeVar

    Scope = Literal["environment", "invocation", "thread"]
    Made = TypeVar("Made")

_SCOPES = ("environment", "invocation", "thread")


class Registry:
    """What is made once. Whoever asks for what is being made waits for it; no lock is held meanwhile.

    A key is a name, a class, or anything else that can be a key of a dictionary. Two registries share nothing.
    """

    __slots__ = ("_closers", "_flights", "_made", "_of_thread", "_registered")

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}  # Any: whatever a factory returns
        self._registered: dict[Hashable, _Registered] = {}
        self._flights = Flights()
        self._closers: list[tuple[Hashable, Callable[[], object]]] = []
        self._of_thread = local()

    def register(
        self,
        key: Hashable,
        factory: Callable[[], Any],  # Any: whatever it makes
        *,
        scope: Scope = "environment",
        close: Callable[[Any], object] | None = None,
    ) -> None:
        """Say how to make what a key stands for, for whom it is made anew, and how to close it.

        `environment`: once. `invocation`: once for each, to be closed by `release`. `thread`: once in each thread.
        Raises `ComponentError` for a key that is registered, or another scope.
        """
        if scope not in _SCOPES:
            raise ComponentError(f"a scope is one of {', '.join(_SCOPES)}, not {scope!r}")
        registered = _Registered(factory, scope, close)
        # In one step, as two threads may do so at once.
        if self._registered.setdefault(key, registered) is not registered:
            raise ComponentError(f"{_called(key)} is registered already; reset first, or use override in a test")

    def get(self, key: Hashable, factory: Callable[[], Any] | None = None) -> Any:  # Any: as the factory says
        """Return what a key stands for, and make it first where there is none.

        It is made as registered, or else by the factory given here, or by the key itself if that is a class. Raises
        `ComponentError` where there is nothing to make it by, or where making it takes itself; whatever else a
        factory raises goes to all who wait for it, and is tried again for the next one.
        """
        # The way of nearly every call. What is overridden is found here in every scope.
        found = self._made.get(key, NOTHING)
        return self._of_scope(key, factory) if found is NOTHING else found

    def override(self, key: Hashable, value: object) -> Override:
        """Let a key stand for something else inside of a `with`, for everybody."""
        return Override(self._made, key, value)

    def release(self) -> None:
        """Close what was made for the invocation that is going on, the last first."""
        kept = current().kept.pop(self, None)
        if isinstance(kept, _Kept):
            _close(kept.closers)

    def close_all(self) -> None:
        """Close what was made, the last first, and forget it: it is made anew when it is asked for again.

        All closers are called, once. Raises `ComponentError` afterwards where some have failed.
        """
        self.release()
        self._made.clear()
        self._of_thread = local()
        _close(self._closers)

    def reset(self) -> None:
        """Close what was made, and forget what is registered, too."""
        self._registered.clear()
        self.close_all()

    def _of_scope(self, key: Hashable, factory: Callable[[], Any] | None) -> Any:  # Any: as the factory says
        registered = self._registered.get(key) or _unregistered(key, factory)
        if registered.scope == "environment":
            return self._once(_Kept(self._made, self._closers), 0, key, registered)
        if registered.scope == "thread":
            kept = _kept(self._of_thread.__dict__, self)
            return self._once(_Kept(kept.made, self._closers), get_ident(), key, registered)
        context = current()
        return self._once(_kept(context.kept, self), id(context.kept), key, registered)

    def _once(self, kept: _Kept, whose: int, key: Hashable, registered: _Registered) -> Any:  # Any: as it is made
        def make(_: Flight) -> Any:  # Any: as the factory says
            value = registered.factory()
            if registered.close is not None:
                kept.closers.append((key, _Closing(registered.close, value)))
            kept.made[key] = value
            return value

        try:
            return self._flights.run((whose, key), lambda: kept.made.get(key, NOTHING), make)
        except Circle as circle:
            path = [_called(one[1]) for one in circle.path if isinstance(one, tuple)]
            raise ComponentError(f"making {path[0]} takes itself: {' -> '.join(path)}") from None


class Lazy:
    """A value that is made when it is first asked for, by calling this; once, whoever asks."""

    __slots__ = ("_factory", "_registry")

    def __init__(self, factory: Callable[[], Any]) -> None:  # Any: whatever it makes
        self._factory = factory
        self._registry = Registry()

    def __call__(self) -> Any:  # Any: as the factory says
        """Return the value. Raises what its factory raises, and tries again the next time."""
        return self._registry.get(0, self._factory)


class Override:
    """Something that a key stands for inside of a `with`."""

    __slots__ = ("_before", "_key", "_made", "_value")

    def __init__(self, made: dict[Hashable, Any], key: Hashable, value: object) -> None:  # Any: of a registry
        self._made = made
        self._key = key
        self._value = value
        self._before: object = NOTHING

    def __enter__(self) -> object:
        self._before = self._made.get(self._key, NOTHING)
        self._made[self._key] = self._value
        return self._value

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is NOTHING:
            self._made.pop(self._key, None)
        else:
            self._made[self._key] = self._before


class _Registered:
    __slots__ = ("close", "factory", "scope")

    def __init__(self, factory: Callable[[], Any], scope: Scope, close: Callable[[Any], object] | None) -> None:
        self.factory = factory
        self.scope = scope
        self.close = close


class _Kept:
    """What is made for somebody, and what closes it."""

    __slots__ = ("closers", "made")

    def __init__(
        self,
        made: dict[Hashable, Any],  # Any: whatever a factory returns
        closers: list[tuple[Hashable, Callable[[], object]]],
    ) -> None:
        self.made = made
        self.closers = closers


class _Closing:
    __slots__ = ("_close", "_value")

    def __init__(self, close: Callable[[Any], object], value: object) -> None:
        self._close = close
        self._value = value

    def __call__(self) -> object:
        return self._close(self._value)


def lazy(factory: Callable[[], Made]) -> Callable[[], Made]:
    """Return a function that returns what a factory makes, which is called once at most unless it fails."""
    return Lazy(factory)


def _unregistered(key: Hashable, factory: Callable[[], Any] | None) -> _Registered:
    if factory is not None:
        return _Registered(factory, "environment", None)
    if isinstance(key, type):
        return _Registered(key, "environment", None)
    raise ComponentError(f"nothing is registered as {_called(key)}; register it, or give a factory")


def _kept(where: MutableMapping[Any, object], registry: Registry) -> _Kept:
    kept = where.get(registry)
    if not isinstance(kept, _Kept):
        kept = where[registry] = _Kept({}, [])
    return kept


def _close(closers: list[tuple[Hashable, Callable[[], object]]]) -> None:
    failed = []
    while closers:
        key, close = closers.pop()
        try:
            close()
        except Exception as error:
            failed.append(f"{_called(key)}: {error or type(error).__name__}")
    if failed:
        raise ComponentError(f"could not be closed: {'; '.join(failed)}")


def _called(key: Hashable) -> str:
    return key.__qualname__ if isinstance(key, type) else repr(key)


_REGISTRY = Registry()
register = _REGISTRY.register
get = _REGISTRY.get
override = _REGISTRY.override
release = _REGISTRY.release
close_all = _REGISTRY.close_all
reset = _REGISTRY.reset
