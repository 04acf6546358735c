"""Components that are started before the first invocation, each after what it needs, and closed in the end."""

from __future__ import annotations

import os

from .clock import CLOCK, Clock, Since, Until
from .errors import ComponentError
from .flight import NOTHING, Circle, Flights
from .initialization_order import ordered
from .initialization_snapshot import Snapshots
from .initialization_status import ComponentStatus, Preloaded, Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeVar

    Start = TypeVar("Start", bound=Callable[[], Any])  # Any: whatever a component is

_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE"
# Nobody waits for these to be initialized.
_AHEAD = ("provisioned-concurrency", "lambda-managed-instances")


class Components:
    """Components by name. They are started one after the other, by one thread, whoever else wants it meanwhile."""

    def __init__(self, *, env: Mapping[str, str] | None = None, clock: Clock = CLOCK) -> None:
        self._env = os.environ if env is None else env
        self._clock = clock
        self._components: dict[str, _Component] = {}
        self._started: list[_Component] = []
        self._flights = Flights()
        self._is_first = True
        self.snapshots = Snapshots()
        self.snapshots.before_snapshot(self._close_renewed)
        self.snapshots.after_restore(self._start_renewed)

    def component(
        self,
        name: str,
        *,
        needs: Iterable[str] = (),
        timeout: float | None = None,
        optional: bool = False,
        close: Callable[[Any], object] | None = None,  # Any: whatever the component is
        renew: bool = False,
    ) -> Callable[[Start], Start]:
        """Return a decorator for the function that starts a component, and returns it.

        It has `timeout` seconds, in a thread of its own, or any time, in the one that initializes. Without an
        `optional` one things go on, degraded. `close` is given what was started. What is to `renew` is closed before a
        snapshot, and started again after it was restored, as connections have to be. Raises `ComponentError` for a
        name that is taken.
        """

        def decorate(start: Start) -> Start:
            component = _Component(name, start, tuple(needs), timeout, optional, close, renew)
            if self._components.setdefault(name, component) is not component:
                raise ComponentError(f"{name} is a component already")
            return start

        return decorate

    def initialize(self) -> Status:
        """Start what is not, and return how all are.

        Raises `ComponentError` where components need one another, or what there is not, and where one fails that is
        not optional; it is tried again the next time.
        """
        try:
            return self._once(lambda _: self._initialize())
        except Circle:
            raise ComponentError("a component can't initialize all of them while it is started") from None

    def get(self, name: str) -> Any:  # Any: whatever the component is
        """Return a component that was started. Raises `ComponentError` for one that was not."""
        component = self._components.get(name)
        if component is None or component.status.state != "ready":
            raise ComponentError(f"{name} is not started")
        return component.value

    def shutdown(self, *, seconds: float | None = None) -> None:
        """Close what was started, the last first: all of it, within some seconds if these are given.

        Raises `ComponentError` afterwards where some could not be closed.
        """
        _close(self._started, seconds, self._clock)

    def status(self) -> Status:
        """Return how components are."""
        return Status(
            tuple(one.status for one in self._components.values()), self._env.get(_TYPE, ""), self.snapshots.epoch
        )

    def preload(self, *names: str) -> tuple[Preloaded, ...]:
        """Load modules ahead of their use, and return what each has cost. One that can't be loaded is only reported."""
        return tuple(self._preload(name) for name in names)

    def cold_start(self) -> bool:
        """Tell whether somebody has waited for this environment: the first time, unless it was made ahead of that."""
        is_first, self._is_first = self._is_first, False
        return is_first and self._env.get(_TYPE) not in _AHEAD

    def reset(self) -> None:
        """Close what was started, and forget all components."""
        try:
            self.shutdown()
        finally:
            self._components.clear()

    def close_on_sigterm(self, *, seconds: float = 0.5) -> None:
        """Close what was started when the environment ends, and then do what was to be done before.

        Lambda tells a function so only where an extension is registered, and leaves it half a second.
        """
        import signal

        before = signal.getsignal(signal.SIGTERM)

        def close(number: int, frame: Any) -> None:  # Any: as signal says
            try:
                self.shutdown(seconds=seconds)
            finally:
                if callable(before):
                    before(number, frame)
                elif before != signal.SIG_IGN:
                    raise SystemExit(0)

        signal.signal(signal.SIGTERM, close)

    # One at a time.

    def _once(self, make: Callable[[object], Status]) -> Status:
        def find() -> Any:  # Any: as Flights says
            is_done = all(one.status.state == "ready" for one in self._components.values())
            return self.status() if is_done else NOTHING

        status: Status = self._flights.run("initialize", find, make)
        return status

    def _initialize(self) -> Status:
        order = ordered({name: one.needs for name, one in self._components.items()})
        self.snapshots.register()
        for name in order:
            component = self._components[name]
            if component.status.state != "ready":
                self._start(component)
        return self.status()

    def _start(self, component: _Component) -> None:
        from . import utility

        status = component.status
        missing = [need for need in component.needs if self._components[need].status.state != "ready"]
        before, since = utility.memory().used, Since(self._clock)
        try:
            if missing:
                status.state, status.error = "skipped", f"{', '.join(missing)} is not started"
                raise ComponentError(status.error)
            component.value = _within(component.timeout, component.start)
        except Exception as error:
            if not missing:
                status.state, status.error = "failed", str(error) or type(error).__name__
            if not component.optional:
                raise ComponentError(f"{component.name} could not be started: {status.error}") from error
        else:
            status.state, status.error = "ready", ""
            self._started.append(component)
        finally:
            status.seconds, status.memory_bytes = since.elapsed(), utility.memory().used - before

    def _preload(self, name: str) -> Preloaded:
        from importlib import import_module

        from . import utility

        before, since, failure = utility.memory().used, Since(self._clock), ""
        try:
            import_module(name)  # gwlint: ignore[GW112] whatever the caller names
        except Exception as error:
            failure = str(error) or type(error).__name__
        return Preloaded(name, since.elapsed(), utility.memory().used - before, failure)

    # Around a snapshot.

    def _close_renewed(self) -> None:
        renewed = [one for one in self._started if one.renew]
        self._started[:] = [one for one in self._started if not one.renew]
        _close(renewed, None, self._clock)

    def _start_renewed(self) -> None:
        if any(one.renew and one.status.state == "closed" for one in self._components.values()):
            self.initialize()


class _Component:
    __slots__ = ("close", "name", "needs", "optional", "renew", "start", "status", "timeout", "value")

    def __init__(
        self,
        name: str,
        start: Callable[[], Any],  # Any: whatever it is
        needs: tuple[str, ...],
        timeout: float | None,
        optional: bool,
        close: Callable[[Any], object] | None,
        renew: bool,
    ) -> None:
        self.name = name
        self.start = start
        self.needs = needs
        self.timeout = timeout
        self.optional = optional
        self.close = close
        self.renew = renew
        self.status = ComponentStatus(name, optional)
        self.value: Any = None  # Any: whatever it is


def _close(started: list[_Component], seconds: float | None, clock: Clock) -> None:
    until = None if seconds is None else Until(clock, seconds)
    failed = []
    while started:
        component = started.pop()
        close, value = component.close, component.value
        component.status.state, component.value = "closed", None
        if close is not None:
            try:
                _within(None if until is None else until.remaining(), close, value)
            except Exception as error:
                failed.append(f"{component.name}: {error or type(error).__name__}")
    if failed:
        raise ComponentError(f"could not be closed: {'; '.join(failed)}")


def _within(seconds: float | None, function: Callable[..., Any], *args: object) -> Any:  # Any: those of the function
    if seconds is None:
        return function(*args)
    from . import utility

    return utility.run_with_deadline(function, *args, seconds=seconds)


COMPONENTS = Components()
component = COMPONENTS.component
initialize = COMPONENTS.initialize
get = COMPONENTS.get
shutdown = COMPONENTS.shutdown
status = COMPONENTS.status
preload = COMPONENTS.preload
cold_start = COMPONENTS.cold_start
reset = COMPONENTS.reset
close_on_sigterm = COMPONENTS.close_on_sigterm
before_snapshot = COMPONENTS.snapshots.before_snapshot
after_restore = COMPONENTS.snapshots.after_restore
run_before_snapshot = COMPONENTS.snapshots.run_before_snapshot
run_after_restore = COMPONENTS.snapshots.run_after_restore
