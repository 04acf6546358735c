import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime import initialization, utility
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import ComponentError
from gwlint.runtime.initialization import Components


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def components(clock: FakeClock) -> Components:
    return Components(env={"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}, clock=clock)


def say(said: list[str], name: str) -> str:
    said.append(name)
    return name


def states(components: Components) -> dict[str, str]:
    return {one.name: one.state for one in components.status().components}


def test_starts_each_after_what_it_needs_and_closes_the_last_first(components: Components) -> None:
    said: list[str] = []
    for name, needs in {"api": ["db", "config"], "db": ["config"], "config": [], "log": []}.items():
        starts = components.component(name, needs=needs, close=lambda value: said.append(f"-{value}"))
        starts(partial(say, said, name))
    before = components.status().state
    started = components.initialize().state, components.initialize().state, components.get("db")
    components.shutdown()
    components.shutdown()

    assert said == ["config", "db", "api", "log", "-log", "-api", "-db", "-config"]
    assert (before, started, components.status().state) == ("pending", ("ready", "ready", "db"), "pending")
    with pytest.raises(ComponentError, match=r"^db is not started$"):
        components.get("db")


@given(st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=3)))
def test_any_needs_are_met_in_order_or_refused(needs: dict[int, list[int]]) -> None:
    components, said = Components(), list[int]()
    for name, its in needs.items():
        # Those that need only smaller ones that there are can't form a circle.
        known = [str(need) for need in its if need in needs and need < name]
        components.component(str(name), needs=known)(partial(said.append, name))
    components.initialize()

    places = {name: place for place, name in enumerate(said)}
    assert sorted(said) == sorted(needs)
    assert all(
        places[need] < places[name] for name, its in needs.items() for need in its if need in needs and need < name
    )


@pytest.mark.parametrize(
    ("needs", "message"),
    [
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, "components need one another: b -> c -> b"),
        ({"a": ["a"]}, "components need one another: a -> a"),
        ({"a": ["x"]}, "a needs x, which is no component"),
    ],
)
def test_needs_that_can_not_be_met_are_told(components: Components, needs: dict[str, list[str]], message: str) -> None:
    for name, its in needs.items():
        components.component(name, needs=its)(pytest.fail)

    with pytest.raises(ComponentError, match=f"^{message}$"):
        components.initialize()


def test_long_chains_are_no_deeper_than_short_ones(components: Components) -> None:
    for number in range(3000):
        components.component(str(number), needs=[str(number + 1)] if number < 2999 else [])(list)

    assert components.initialize().state == "ready"


def test_a_name_is_taken_once(components: Components) -> None:
    components.component("a")(list)

    with pytest.raises(ComponentError, match=r"^a is a component already$"):
        components.component("a")(list)


def fail() -> None:
    raise OSError("down")


def test_goes_on_without_what_is_optional(components: Components) -> None:
    components.component("cache", optional=True)(fail)
    components.component("warm", needs=["cache"], optional=True)(pytest.fail)
    components.component("db")(list)
    status = components.initialize()

    assert (status.state, states(components)) == ("degraded", {"cache": "failed", "warm": "skipped", "db": "ready"})
    assert [one.error for one in status.components] == ["down", "cache is not started", ""]


def test_what_is_not_optional_has_to_start_and_is_tried_again(components: Components) -> None:
    errors = [OSError("down")]

    def start() -> str:
        if errors:
            raise errors.pop()
        return "up"

    components.component("db")(start)
    components.component("api", needs=["db"])(list)
    with pytest.raises(ComponentError, match=r"^db could not be started: down$"):
        components.initialize()
    failed = components.status().state, states(components)

    assert failed == ("failed", {"db": "failed", "api": "pending"})
    assert (components.initialize().state, components.get("db")) == ("ready", "up")


def test_what_needs_an_optional_one_fails_with_it(components: Components) -> None:
    components.component("cache", optional=True)(fail)
    components.component("api", needs=["cache"])(list)

    with pytest.raises(ComponentError, match=r"^api could not be started: cache is not started$"):
        components.initialize()


def test_what_takes_too_long_has_failed(components: Components) -> None:
    hang = threading.Event()
    components.component("slow", timeout=0.01, optional=True)(hang.wait)
    components.component("quick", timeout=10)(lambda: threading.current_thread())
    status = components.initialize()
    hang.set()

    assert (status.state, status.components[0].error) == ("degraded", "Event.wait took longer than 0.01 seconds")
    assert components.get("quick") is not threading.current_thread()


def test_reports_what_each_has_taken(components: Components, clock: FakeClock) -> None:
    components.component("a")(lambda: clock.advance(2))
    components.component("b")(lambda: clock.freeze(3))
    status = components.initialize()

    assert status.as_dict() == {
        "state": "ready",
        "seconds": 5.0,
        "initialization_type": "snap-start",
        "epoch": 0,
        "components": [
            {"name": name, "optional": False, "state": "ready", "seconds": seconds, "memory_bytes": grown, "error": ""}
            for name, seconds, grown in [
                ("a", 2.0, status.components[0].memory_bytes),
                ("b", 3.0, status.components[1].memory_bytes),
            ]
        ],
    }


def test_threads_that_initialize_at_once_start_each_once(components: Components) -> None:
    start, times = threading.Barrier(8), []
    components.component("db")(lambda: times.append(1))

    def work(_: int) -> str:
        start.wait()
        return components.initialize().state

    with ThreadPoolExecutor(8) as pool:
        assert (list(pool.map(work, range(8))), len(times)) == (["ready"] * 8, 1)


def test_a_component_that_initializes_all_is_told_so(components: Components) -> None:
    components.component("a")(components.initialize)

    with pytest.raises(ComponentError, match="can't initialize all of them while it is started"):
        components.initialize()


def test_all_are_closed_whatever_some_do(components: Components) -> None:
    closed: list[object] = []
    closers: dict[str, Callable[[object], object]] = {"a": closed.append, "b": lambda _: fail(), "c": closed.append}
    for name, close in closers.items():
        components.component(name, close=close)(partial(str, name))
    components.initialize()

    with pytest.raises(ComponentError, match=r"^could not be closed: b: down$"):
        components.shutdown(seconds=5)
    assert closed == ["c", "a"]


def test_closing_takes_no_longer_than_there_is_time(components: Components) -> None:
    hang = threading.Event()
    components.component("a", close=lambda _: hang.wait())(list)
    components.initialize()

    with pytest.raises(ComponentError, match="took longer than"):
        components.shutdown(seconds=0.01)
    hang.set()


def test_is_a_cold_start_once_and_only_where_somebody_waits() -> None:
    kinds = ["on-demand", "snap-start", "provisioned-concurrency", "lambda-managed-instances"]
    environments = [Components(env={"AWS_LAMBDA_INITIALIZATION_TYPE": kind}) for kind in kinds]

    assert [one.cold_start() for one in environments] == [True, True, False, False]
    assert [one.cold_start() for one in environments] == [False] * 4


def test_preloads_modules_and_reports_those_that_are_not_there(components: Components) -> None:
    found, missing = components.preload("json", "no_such_module_at_all")

    assert (found.name, found.error, missing.error) == ("json", "", "No module named 'no_such_module_at_all'")


def test_connections_are_renewed_around_a_snapshot(components: Components) -> None:
    made: list[str] = []
    components.component("config")(lambda: made.append("config"))
    components.component("db", needs=["config"], renew=True, close=lambda _: made.append("-db"))(
        lambda: made.append("db")
    )
    components.snapshots.before_snapshot(lambda: made.append("hook"))
    components.initialize()
    components.snapshots.run_before_snapshot()
    between = states(components)
    components.snapshots.run_after_restore()

    assert made == ["config", "db", "hook", "-db", "db"]
    assert (between, states(components)) == ({"config": "ready", "db": "closed"}, {"config": "ready", "db": "ready"})
    assert components.status().epoch == 1


def test_copies_of_a_snapshot_do_not_draw_the_same(components: Components) -> None:
    drawn = []
    state = random.getstate()
    for _ in range(2):
        random.setstate(state)
        components.snapshots.run_after_restore()
        drawn.append((random.random(), utility.new_id()[24:]))

    assert drawn[0][0] != drawn[1][0]
    assert drawn[0][1] != drawn[1][1]


def test_all_hooks_run_whatever_some_do(components: Components) -> None:
    said: list[int] = []
    components.snapshots.after_restore(fail)
    components.snapshots.after_restore(lambda: said.append(1))

    with pytest.raises(ComponentError, match=r"^hooks have failed: fail: down$"):
        components.snapshots.run_after_restore()
    assert said == [1]


def test_the_runtime_is_given_the_hooks_once(components: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, given_hooks = ModuleType("snapshot_restore_py"), list[object]()
    runtime.register_before_snapshot = given_hooks.append  # type: ignore[attr-defined]  # as in Lambda
    runtime.register_after_restore = given_hooks.append  # type: ignore[attr-defined]  # as in Lambda
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", runtime)
    components.component("a", optional=True)(fail)
    components.initialize()
    components.initialize()

    assert given_hooks == [components.snapshots.run_before_snapshot, components.snapshots.run_after_restore]


@pytest.fixture
def restored_sigterm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("restored_sigterm")
def test_closes_when_the_environment_ends(components: Components) -> None:
    closed: list[object] = []
    components.component("a", close=closed.append)(lambda: "a")
    components.initialize()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    components.close_on_sigterm()

    with pytest.raises(SystemExit):
        signal.raise_signal(signal.SIGTERM)
    assert closed == ["a"]


@pytest.mark.usefixtures("restored_sigterm")
def test_what_was_to_be_done_in_the_end_still_is(components: Components) -> None:
    said: list[object] = []
    components.component("a", close=said.append)(lambda: "a")
    components.initialize()
    signal.signal(signal.SIGTERM, lambda number, _: said.append(number))
    components.close_on_sigterm()
    signal.raise_signal(signal.SIGTERM)

    assert said == ["a", signal.SIGTERM]


def test_there_is_one_for_the_environment() -> None:
    initialization.component("a")(lambda: 1)
    started = initialization.initialize().state, initialization.get("a"), initialization.status().state
    initialization.reset()

    assert (started, initialization.status().components) == (("ready", 1, "ready"), ())
