"""Threads of which one runs at a time, in every order there is: at each lock that is taken or freed others may go on.

Put `ScheduledLock` in place of `Lock` in the modules under test, and build what they make within `explore`.
"""

from collections.abc import Callable, Iterator, Sequence
from threading import Semaphore, Thread, get_ident
from types import TracebackType
from typing import Any

Work = Callable[[], object]


class DeadlockError(AssertionError):
    """Nobody can go on."""


class _Stop(BaseException):
    """Ends a thread whose run has come to nothing."""


class _Worker:
    def __init__(self, run: "_Run", work: Work) -> None:
        self.run = run
        self.work = work
        self.go = Semaphore(0)
        self.wants: ScheduledLock | None = None
        self.is_done = False
        self.error: BaseException | None = None
        self.thread = Thread(target=self._live, daemon=True)

    def can_go_on(self) -> bool:
        return not self.is_done and (self.wants is None or not self.wants.is_taken)

    def pause(self, wants: "ScheduledLock | None" = None) -> None:
        self.wants = wants
        self.run.turn.release()
        self.go.acquire()
        self.wants = None
        if self.run.is_over:
            raise _Stop

    def _live(self) -> None:
        _workers[get_ident()] = self
        try:
            self.go.acquire()
            if not self.run.is_over:
                self.work()
        except BaseException as error:
            self.error = error
        finally:
            del _workers[get_ident()]
            self.is_done = True
            self.run.turn.release()


class ScheduledLock:
    """A lock whose every use lets the others go on. Where no run is going on it is a plain one."""

    def __init__(self) -> None:
        self.is_taken = False

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        worker = _workers.get(get_ident())
        if worker is not None:
            worker.pause(self if blocking else None)
        if self.is_taken:
            assert not blocking, "outside of a run nobody will ever free it"
            return False
        self.is_taken = True
        return True

    def release(self) -> None:
        assert self.is_taken
        self.is_taken = False
        worker = _workers.get(get_ident())
        if worker is not None and not worker.run.is_over:
            worker.pause()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def pause() -> None:
    """Let others go on here."""
    worker = _workers.get(get_ident())
    if worker is not None:
        worker.pause()


class _Run:
    """One order: at each step the one of a number is chosen, as given, or else the first, who goes on if they can."""

    def __init__(self, works: Sequence[Work], chosen: list[int]) -> None:
        self.turn = Semaphore(0)
        self.is_over = False
        self.workers = [_Worker(self, work) for work in works]
        self.chosen = chosen
        self.steps: list[tuple[int, bool]] = []
        """How many could go on at each step, and whether the one who had gone last was one of them."""

    def finish(self) -> None:
        for worker in self.workers:
            worker.thread.start()
        last = None
        while not all(worker.is_done for worker in self.workers):
            last = self._step(last)
        for worker in self.workers:
            worker.thread.join()
            if worker.error is not None:
                raise worker.error

    def _step(self, last: _Worker | None) -> _Worker:
        able = [worker for worker in self.workers if worker.can_go_on()]
        if not able:
            self._stop()
            raise DeadlockError(f"after {self.chosen}")
        if last in able:
            able.remove(last)
            able.insert(0, last)
        place = len(self.steps)
        if place == len(self.chosen):
            self.chosen.append(0)
        self.steps.append((len(able), last is able[0]))
        worker = able[self.chosen[place]]
        worker.go.release()
        self.turn.acquire()
        return worker

    def _stop(self) -> None:
        self.is_over = True
        for worker in self.workers:
            worker.go.release()


def explore(build: Callable[[], Sequence[Work]], *, preemptions: int | None = None) -> Iterator[list[int]]:
    """Run what is built anew each time in every order, and yield after each, with the choices that it is made of.

    With `preemptions`, only those orders in which somebody who could go on has to wait so many times at most.
    """
    chosen: list[int] | None = []
    while chosen is not None:
        run = _Run(build(), chosen)
        try:
            run.finish()
        except Exception as error:
            error.args = (f"{error} (choices {run.chosen})",)
            raise
        yield list(run.chosen)
        chosen = _next(run, preemptions)


def _next(run: _Run, most: int | None) -> list[int] | None:
    """Return the choices that come after those of a run, the last ones first."""
    for place in reversed(range(len(run.steps))):
        options, _ = run.steps[place]
        if run.chosen[place] + 1 < options:
            following = [*run.chosen[:place], run.chosen[place] + 1]
            if most is None or _preemptions(run, following) <= most:
                return following
    return None


def _preemptions(run: _Run, chosen: list[int]) -> int:
    return sum(could and choice > 0 for choice, (_, could) in zip(chosen, run.steps, strict=False))


# Histories.

Call = tuple[str, tuple[Any, ...], Any, int, int]
"""What was called, with what, what came of it, and when it began and ended."""


class History:
    """What threads have called, and in which order, as far as there was one."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._now = 0

    def call(self, function: Callable[..., object], *args: object) -> object:
        pause()
        begin = self._tick()
        result = function(*args)
        self.calls.append((getattr(function, "__name__", "?"), args, result, begin, self._tick()))
        return result

    def _tick(self) -> int:
        self._now += 1
        return self._now


Model = Callable[[Any, str, tuple[Any, ...]], tuple[Any, Any]]
"""What a state, a name and arguments lead to: the next state and the result. States can be keys of a dictionary."""


def is_linearizable(calls: Sequence[Call], model: Model, state: object) -> bool:
    """Tell whether the calls could have been made one after the other, each between its begin and its end.

    The search of Wing and Gong (1993), which remembers where it has failed.
    """
    failed: set[tuple[frozenset[int], object]] = set()

    def search(left: frozenset[int], state: object) -> bool:
        if not left:
            return True
        if (left, state) in failed:
            return False
        # Whoever began after another had ended can't come before that one.
        first_end = min(calls[place][4] for place in left)
        for place in left:
            name, args, result, begin, _ = calls[place]
            if begin < first_end:
                following, expected = model(state, name, args)
                if expected == result and search(left - {place}, following):
                    return True
        failed.add((left, state))
        return False

    return search(frozenset(range(len(calls))), state)


_workers: dict[int, _Worker] = {}
