import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from gwlint.runtime import singleton
from gwlint.runtime.context import Context, entered
from gwlint.runtime.errors import ComponentError
from gwlint.runtime.singleton import Registry


class Table:
    pass


class Counted:
    """A factory of tables that counts them."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Table:
        self.times += 1
        return Table()


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    singleton.reset()


def test_makes_a_registered_thing_once(registry: Registry) -> None:
    factory = Counted()
    registry.register("table", factory)

    first, second = registry.get("table"), registry.get("table")

    assert (first is second, factory.times) == (True, 1)


def test_makes_by_the_factory_that_is_given_and_by_a_class_itself(registry: Registry) -> None:
    by_factory = registry.get("rates", lambda: [1, 2])
    by_class = registry.get(Table)

    assert (by_factory, registry.get("rates"), registry.get(Table)) == ([1, 2], by_factory, by_class)
    assert isinstance(by_class, Table)


def test_keeps_none_like_anything_else(registry: Registry) -> None:
    calls: list[int] = []
    registry.register("nothing", lambda: calls.append(1))

    assert (registry.get("nothing"), registry.get("nothing"), calls) == (None, None, [1])


def test_refuses_what_nothing_is_known_of(registry: Registry) -> None:
    with pytest.raises(ComponentError, match=r"^nothing is registered as 'gone'; register it, or give a factory$"):
        registry.get("gone")


def test_refuses_to_register_twice_and_a_scope_there_is_not(registry: Registry) -> None:
    registry.register(Table, Table)

    with pytest.raises(ComponentError, match=r"^Table is registered already; reset first, or use override in a test$"):
        registry.register(Table, Table)
    with pytest.raises(ComponentError, match=r"^a scope is one of environment, invocation, thread, not 'request'$"):
        registry.register("x", Table, scope="request")  # type: ignore[arg-type]  # what is refused


def test_tries_again_after_a_failure(registry: Registry) -> None:
    answers = iter([ValueError("not yet"), None])

    def factory() -> Table:
        failure = next(answers)
        if failure:
            raise failure
        return Table()

    registry.register("table", factory)

    with pytest.raises(ValueError, match="not yet"):
        registry.get("table")
    assert isinstance(registry.get("table"), Table)


def test_sixteen_threads_make_one() -> None:
    registry, made, barrier = Registry(), [], threading.Barrier(16)

    def factory() -> Table:
        made.append(1)
        barrier_of_waiters.wait(0.05)
        return Table()

    barrier_of_waiters = threading.Event()

    def ask() -> object:
        barrier.wait()
        return registry.get("table", factory)

    with ThreadPoolExecutor(16) as pool:
        got = [one.result() for one in [pool.submit(ask) for _ in range(16)]]

    assert (len(made), len(set(map(id, got)))) == (1, 1)


def test_other_keys_are_made_meanwhile() -> None:
    registry, other_is_made = Registry(), threading.Event()

    def slow() -> bool:
        return other_is_made.wait(5)

    def quick() -> None:
        other_is_made.set()

    with ThreadPoolExecutor(2) as pool:
        slow_one = pool.submit(registry.get, "slow", slow)
        pool.submit(registry.get, "quick", quick).result(5)

        assert slow_one.result(5) is True


def test_a_circle_is_told_with_its_path(registry: Registry) -> None:
    registry.register("a", lambda: registry.get("b"))
    registry.register("b", lambda: registry.get("c"))
    registry.register("c", lambda: registry.get("b"))

    with pytest.raises(ComponentError, match=r"^making 'b' takes itself: 'b' -> 'c' -> 'b'$"):
        registry.get("a")


def test_a_circle_through_two_threads_is_told_to_both() -> None:
    registry, both = Registry(), threading.Barrier(2)

    def needing(other: str) -> object:
        both.wait(5)
        return registry.get(other)

    registry.register("a", lambda: needing("b"))
    registry.register("b", lambda: needing("a"))
    with ThreadPoolExecutor(2) as pool:
        told = {str(one.exception(5)) for one in [pool.submit(registry.get, key) for key in "ab"]}

    # It is told to the one who closes it, and by that to the other one.
    assert told in ({"making 'b' takes itself: 'b' -> 'a' -> 'b'"}, {"making 'a' takes itself: 'a' -> 'b' -> 'a'"})


def test_each_thread_has_its_own() -> None:
    registry = Registry()
    registry.register("table", Table, scope="thread")

    def twice() -> tuple[object, object]:
        return registry.get("table"), registry.get("table")

    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(twice).result()
    mine = twice()

    assert (theirs[0] is theirs[1], mine[0] is mine[1], theirs[0] is mine[0]) == (True, True, False)


def test_each_invocation_has_its_own_which_is_closed_at_its_end(registry: Registry) -> None:
    closed: list[object] = []
    registry.register("table", Table, scope="invocation", close=closed.append)

    with entered(Context(request_id="1")) as context:
        first = registry.get("table")
        with entered(context.having(principal="ada")):
            again = registry.get("table")
        registry.release()
    with entered(Context(request_id="2")):
        second = registry.get("table")

    assert (first is again, first is second, closed) == (True, False, [first])


def test_overrides_in_every_scope_and_only_inside_of_the_with(registry: Registry) -> None:
    registry.register("rates", lambda: "real", scope="invocation")
    registry.register("zones", lambda: "real")
    registry.get("zones")

    with registry.override("rates", "fake"), registry.override("zones", "fake") as given:
        inside = registry.get("rates"), registry.get("zones"), given

    assert (inside, registry.get("rates"), registry.get("zones")) == (("fake",) * 3, "real", "real")


def test_closes_the_last_first_once_and_all_of_them(registry: Registry) -> None:
    closed: list[str] = []

    def fail(_: object) -> None:
        closed.append("b")
        raise OSError("it is gone")

    registry.register("a", Table, close=lambda _: closed.append("a"))
    registry.register("b", Table, close=fail)
    registry.register("c", Table, close=lambda _: closed.append("c"))
    registry.register("never asked for", Table, close=lambda _: closed.append("never asked for"))
    for key in "abc":
        registry.get(key)

    with pytest.raises(ComponentError, match=r"^could not be closed: 'b': it is gone$"):
        registry.close_all()
    registry.close_all()

    assert closed == ["c", "b", "a"]


def test_is_made_anew_after_closing_and_forgotten_after_a_reset(registry: Registry) -> None:
    registry.register("table", Table)
    first = registry.get("table")
    registry.close_all()
    second = registry.get("table")
    registry.reset()

    assert first is not second
    with pytest.raises(ComponentError):
        registry.get("table")


def test_registries_share_nothing(registry: Registry) -> None:
    singleton.register("table", lambda: "of the module")
    registry.register("table", lambda: "of the registry")

    assert (singleton.get("table"), registry.get("table")) == ("of the module", "of the registry")


def test_lazy_is_made_when_asked_for() -> None:
    factory = Counted()
    table = singleton.lazy(factory)
    before = factory.times

    assert (table() is table(), before, factory.times) == (True, 0, 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # forking with threads is what this is about
def test_a_child_process_does_not_wait_for_threads_it_has_not() -> None:
    registry, is_making, finish = Registry(), threading.Event(), threading.Event()

    def slow() -> str:
        is_making.set()
        finish.wait(5)
        return "made"

    thread = threading.Thread(target=registry.get, args=("table", slow))
    thread.start()
    is_making.wait(5)
    child = os.fork()
    if child == 0:
        os._exit(0 if registry.get("table", lambda: "made by the child") == "made by the child" else 1)
    _, status = os.waitpid(child, 0)
    finish.set()
    thread.join()

    assert (status, registry.get("table")) == (0, "made")
