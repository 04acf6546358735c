"""One contract, and every store under it; the one in memory is the model of the others."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import StoreError
from gwlint.runtime.store import ANY
from gwlint.runtime.store_dynamodb import DynamoDBStore
from gwlint.runtime.store_file import FileStore
from gwlint.runtime.store_file_records import Record, opened, sealed
from gwlint.runtime.store_memory import MemoryStore
from gwlint.runtime.store_redis import RedisStore

from .servers import free_port, redis_server


class Backend:
    """Makes stores that share their state, and lets time pass for them."""

    examples = 40

    def __init__(self) -> None:
        self.clock = FakeClock()

    def store(self) -> Any:
        raise NotImplementedError

    def fresh(self) -> "Backend":
        """Return one whose state is empty."""
        raise NotImplementedError

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)


class Memory(Backend):
    def __init__(self) -> None:
        super().__init__()
        self.kept = MemoryStore(clock=self.clock)

    def store(self) -> MemoryStore:
        return self.kept

    def fresh(self) -> Backend:
        return Memory()


class Files(Backend):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def store(self) -> FileStore:
        return FileStore(str(self.folder), timeout=1e6, clock=self.clock)

    def fresh(self) -> Backend:
        return Files(self.folder.parent / f"{next(numbers)}")


class Redis(Backend):
    """A server whose time is its own: time passes for it by what it keeps ending the sooner."""

    def __init__(self, client: Any) -> None:
        super().__init__()
        self.client = client

    def store(self) -> RedisStore:
        return RedisStore(self.client)

    def fresh(self) -> Backend:
        self.client.flushdb()
        return self

    def pass_time(self, seconds: float) -> None:
        for key in self.client.scan_iter():
            left = self.client.pttl(key)
            if left >= 0:
                self.client.pexpire(key, left - int(seconds * 1000))


class DynamoDB(Backend):
    examples = 25

    def __init__(self, client: Any) -> None:
        super().__init__()
        self.client = client
        self.prefix = f"{next(numbers)}:"

    def store(self) -> DynamoDBStore:
        return DynamoDBStore("gateway", client=self.client, prefix=self.prefix, clock=self.clock)

    def fresh(self) -> Backend:
        return DynamoDB(self.client)


numbers = count()


@pytest.fixture(scope="session")
def redis_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    redis = pytest.importorskip("redis", reason="the package redis is not installed")
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server")
    with redis_server(tmp_path_factory.mktemp("redis")) as port, redis.Redis(port=port) as client:
        yield client


@pytest.fixture(scope="session")
def dynamodb_client() -> Iterator[Any]:
    boto3 = pytest.importorskip("boto3", reason="the package boto3 is not installed")
    moto = pytest.importorskip("moto.server", reason="the package moto[server,dynamodb] is not installed")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "dynamodb",
        endpoint_url=f"http://{host}:{port}",
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_table(
        TableName="gateway",
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    server.stop()


@pytest.fixture(params=["memory", "files", "redis", "dynamodb"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    makers: dict[str, Callable[[], Backend]] = {
        "memory": Memory,
        "files": lambda: Files(tmp_path / "store"),
        "redis": lambda: Redis(request.getfixturevalue("redis_client")).fresh(),
        "dynamodb": lambda: DynamoDB(request.getfixturevalue("dynamodb_client")),
    }
    return makers[request.param]()


def test_keeps_what_is_put_for_all_who_share_it(backend: Backend) -> None:
    one, other = backend.store(), backend.store()
    version = one.put_if("a", b"\x00\xff", None)

    assert (other.get("a"), other.get("b")) == ((b"\x00\xff", version), None)


def test_puts_in_place_of_nothing_of_a_version_and_of_anything(backend: Backend) -> None:
    store = backend.store()
    first = store.put_if("a", b"1", None)
    refused = store.put_if("a", b"2", None), store.put_if("b", b"2", first)
    second = store.put_if("a", b"2", first)
    outdated = store.put_if("a", b"3", first)
    third = store.put_if("a", b"", ANY)

    assert (refused, outdated, len({first, second, third} - {None})) == ((None, None), None, 3)
    assert (store.get("a"), store.put_if("b", b"1", ANY) is not None) == ((b"", third), True)


def test_a_version_does_not_come_again(backend: Backend) -> None:
    store = backend.store()
    first = store.put_if("a", b"1", None)
    store.delete("a")
    store.put_if("a", b"1", None)

    assert store.put_if("a", b"2", first) is None


def test_counts_and_gives_the_digits(backend: Backend) -> None:
    store = backend.store()
    counted = [store.incr("a"), store.incr("a", 41), store.incr("a", -2), store.incr("b", 2**62), store.incr("c", 0)]
    value, version = store.get("a")

    assert (counted, value) == ([1, 42, 40, 2**62, 0], b"40")
    assert store.put_if("a", b"x", version) is not None


def test_a_number_that_is_counted_has_another_version(backend: Backend) -> None:
    store = backend.store()
    store.incr("a")
    version = store.get("a")[1]
    store.incr("a")

    assert store.put_if("a", b"x", version) is None


def test_what_is_no_number_or_too_large_a_one_is_left_as_it_is(backend: Backend) -> None:
    store = backend.store()
    store.put_if("a", b"5", None)
    store.incr("b", 2**63 - 1)

    with pytest.raises(StoreError, match=r"^'a' is not a number$"):
        store.incr("a")
    with pytest.raises(StoreError):
        store.incr("b")
    with pytest.raises(StoreError):
        store.incr("c", 2**63)
    assert (store.get("a")[0], store.get("b")[0], store.get("c")) == (b"5", b"9223372036854775807", None)


def test_what_has_outlived_its_time_is_not_there(backend: Backend) -> None:
    store = backend.store()
    store.put_if("a", b"1", None, ttl=60)
    store.incr("b", ttl=60)
    store.incr("b", ttl=600)
    backend.pass_time(50)
    before = store.get("a")[0], store.incr("b")
    backend.pass_time(10)

    assert (before, store.get("a"), store.get("b"), store.incr("b")) == ((b"1", 3), None, None, 1)
    assert store.put_if("a", b"2", None) is not None


def test_a_time_that_is_none_ends_at_once_and_a_century_never(backend: Backend) -> None:
    store = backend.store()
    store.put_if("a", b"1", None, ttl=0)
    store.put_if("b", b"1", None, ttl=-5)
    store.put_if("c", b"1", None, ttl=float("inf"))
    store.put_if("d", b"1", None, ttl=1e300)

    assert [store.get(key) is not None for key in "abcd"] == [False, False, True, True]
    with pytest.raises(ValueError, match="a time to live is a number"):
        store.put_if("a", b"1", ANY, ttl=float("nan"))


def test_another_value_has_another_time(backend: Backend) -> None:
    store = backend.store()
    store.put_if("a", b"1", None, ttl=60)
    store.put_if("a", b"2", ANY)
    backend.pass_time(60)

    assert store.get("a")[0] == b"2"


def test_deletes_what_is_there_and_nothing_else(backend: Backend) -> None:
    store = backend.store()
    store.put_if("a", b"1", None)
    store.put_if("b", b"1", None)
    store.delete("a")
    store.delete("a")

    assert (store.get("a"), store.get("b")[0]) == (None, b"1")


@pytest.mark.parametrize("key", ["", "x" * 513, "ä" * 257, "\ud800"])
def test_keys_that_some_store_could_not_keep_are_refused_by_all(backend: Backend, key: str) -> None:
    store = backend.store()

    for call in (store.get, store.incr, store.delete, lambda key: store.put_if(key, b"", None)):
        with pytest.raises(ValueError, match=r"."):
            call(key)


def test_keys_may_be_any_text(backend: Backend) -> None:
    store, keys = backend.store(), ["x" * 512, "ä" * 256, "../a", "a\x00b", "a b:{c}\n#e", "*"]
    for key in keys:
        store.put_if(key, key.encode(), None)

    assert [store.get(key)[0] for key in keys] == [key.encode() for key in keys]


def test_the_time_is_that_of_now(backend: Backend) -> None:
    assert isinstance(backend.store().now(), float)


def test_one_of_eight_gets_in_and_no_count_is_lost(backend: Backend) -> None:
    start = threading.Barrier(8)

    def work(number: int) -> bool:
        store = backend.store()
        start.wait()
        for _ in range(5):
            store.incr("count")
        return store.put_if("lease", b"%d" % number, None) is not None

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(work, range(8)))

    assert (sum(got), backend.store().incr("count", 0)) == (1, 40)


class Contract(RuleBasedStateMachine):
    """A store beside the one in memory."""

    backend: Backend
    keys = st.sampled_from(["a", "b", "c"])
    ttls = st.sampled_from([None, 100, 1000])

    def __init__(self) -> None:
        super().__init__()
        self.own = self.backend.fresh()
        self.store = self.own.store()
        self.clock = FakeClock()
        self.model = MemoryStore(clock=self.clock)
        self.versions: list[tuple[Any, Any]] = [(None, None), (ANY, ANY)]

    @rule(key=keys, value=st.binary(max_size=3), which=st.integers(0, 9), ttl=ttls)
    def put_if(self, key: str, value: bytes, which: int, ttl: float | None) -> None:
        of_store, of_model = self.versions[which % len(self.versions)]
        got = self.store.put_if(key, value, of_store, ttl), self.model.put_if(key, value, of_model, ttl)
        self._compare(got)

    @rule(key=keys)
    def put_in_place(self, key: str) -> None:
        found, expected = self.store.get(key), self.model.get(key)
        got = (
            self.store.put_if(key, b"new", found and found[1]),
            self.model.put_if(key, b"new", expected and expected[1]),
        )
        self._compare(got)

    @rule(key=keys, n=st.integers(-5, 5), ttl=ttls)
    def incr(self, key: str, n: int, ttl: float | None) -> None:
        assert self._counted(self.store, key, n, ttl) == self._counted(self.model, key, n, ttl)

    @rule(key=keys)
    def delete(self, key: str) -> None:
        self.store.delete(key)
        self.model.delete(key)

    @rule(key=keys)
    def get(self, key: str) -> None:
        found, expected = self.store.get(key), self.model.get(key)
        assert (found and found[0]) == (expected and expected[0])
        if found and expected:
            self.versions.append((found[1], expected[1]))

    @rule(seconds=st.sampled_from([50, 100, 500]))
    def pass_time(self, seconds: float) -> None:
        self.own.pass_time(seconds)
        self.clock.advance(seconds)

    def _compare(self, got: tuple[Any, Any]) -> None:
        assert (got[0] is None) == (got[1] is None)
        self.versions.append(got)

    @staticmethod
    def _counted(store: Any, key: str, n: int, ttl: float | None) -> object:
        try:
            return store.incr(key, n, ttl)
        except StoreError:
            return "not a number"


def test_does_as_the_one_in_memory(backend: Backend) -> None:
    run_state_machine_as_test(
        type("Run", (Contract,), {"backend": backend}),
        settings=settings(
            max_examples=backend.examples,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


# Memory.


def test_memory_is_bounded_and_gives_up_nothing_that_is_alive() -> None:
    clock = FakeClock()
    store = MemoryStore(max_entries=2, clock=clock)
    store.put_if("a", b"1", None, ttl=60)
    store.put_if("b", b"1", None)

    with pytest.raises(StoreError, match=r"^the store is full: it holds 2 entries of 806 bytes$"):
        store.incr("c")
    store.put_if("b", b"2", ANY)
    clock.freeze(60)
    assert (store.incr("c"), store.get("b") is not None, len(store)) == (1, True, 2)


def test_memory_is_bounded_in_bytes() -> None:
    store = MemoryStore(max_bytes=2000)
    store.put_if("a", b"x" * 1000, None)

    with pytest.raises(StoreError, match="full"):
        store.put_if("b", b"x" * 1000, None)
    assert store.put_if("a", b"x" * 1500, ANY) is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_process_finds_no_lock_that_is_taken() -> None:
    store, stop = MemoryStore(), threading.Event()

    def work() -> None:
        while not stop.is_set():
            store.incr("a")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work)
        codes = [_forked(lambda: store.incr("a")) for _ in range(20)]
        stop.set()

    assert codes == [0] * 20


def _forked(work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.001)
    os.kill(child, 9)
    return os.waitpid(child, 0)[1]


# Files.


@pytest.mark.parametrize("passes", ["advance", "freeze"])
def test_files_are_over_when_either_clock_says_so(tmp_path: Path, passes: str) -> None:
    clock = FakeClock()
    store = FileStore(str(tmp_path), clock=clock)
    store.put_if("a", b"1", None, ttl=60)
    clock.step(-3600 if passes == "advance" else 0)
    getattr(clock, passes)(60)

    assert store.get("a") is None


@given(st.binary(min_size=1, max_size=3), st.integers(0, 120))
def test_any_change_to_a_file_is_noticed(noise: bytes, at: int) -> None:
    content = sealed([Record("a", b"value", "version", False, None, 1.5)])
    changed = content[:at] + noise + content[at + len(noise) :]

    assert len(opened(changed)) == (changed == content)


def test_keys_of_one_checksum_are_kept_beside_one_another(tmp_path: Path) -> None:
    store, keys = FileStore(str(tmp_path)), ["plumless", "buckeroo"]
    for key in keys:
        store.put_if(key, key.encode(), None)
    files = len(list(tmp_path.glob("*.kept")))
    store.delete("plumless")

    assert (files, store.get("plumless"), store.get("buckeroo")[0]) == (1, None, b"buckeroo")  # type: ignore[index]  # there


def test_files_are_bounded_and_what_is_over_makes_room(tmp_path: Path) -> None:
    clock = FakeClock()
    store = FileStore(str(tmp_path), max_bytes=3000, clock=clock)
    store.put_if("a", b"x" * 1000, None, ttl=60)
    (tmp_path / "00000000.kept.1.1").write_bytes(b"a draft of a process that has died")
    with pytest.raises(StoreError, match=r"^.*: the store is full$"):
        store.put_if("b", b"x" * 1500, None)
    clock.advance(60)
    store.put_if("b", b"x" * 1500, None)

    assert sorted(path.suffix for path in tmp_path.iterdir()) == ["", ".kept"]


@pytest.mark.parametrize("said", [b"", b"nonsense", b"\xff"])
def test_what_the_lock_says_may_be_broken(tmp_path: Path, said: bytes) -> None:
    store = FileStore(str(tmp_path))
    store.put_if("a", b"1", None)
    (tmp_path / "lock").write_bytes(said)

    assert (store.incr("b"), store.get("a") is not None) == (1, True)


def test_who_does_not_get_the_lock_is_told_so(tmp_path: Path) -> None:
    import fcntl

    clock = FakeClock()
    store = FileStore(str(tmp_path), clock=clock)
    with (tmp_path / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match=r"^.*lock: others have had it for 2 seconds$"):
            store.incr("a")

    assert (store.incr("a"), sum(clock.slept) < 2.1) == (1, True)


def test_processes_share_files(tmp_path: Path) -> None:
    work = (
        "import sys; from gwlint.runtime.store_file import FileStore; s = FileStore(sys.argv[1], timeout=30)\n"
        "for _ in range(100): s.incr('count')\n"
        "print(s.put_if('lease', b'', None) is not None)"
    )
    command = [sys.executable, "-c", work, str(tmp_path)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [child.communicate(timeout=60)[0] for child in children]

    assert (sorted(said), FileStore(str(tmp_path)).incr("count", 0)) == (["False\n"] * 3 + ["True\n"], 400)


def test_a_folder_that_can_not_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"^.*: Not a directory$"):
        FileStore(str(tmp_path / "file" / "store"))


# Servers.


def test_redis_ends_by_its_own_clock(redis_client: Any) -> None:
    redis_client.flushdb()
    store = RedisStore(redis_client)
    store.put_if("a", b"1", None, ttl=0.05)
    before = store.get("a") is not None
    time.sleep(0.06)

    assert (before, store.get("a"), abs(store.now() - time.time()) < 60) == (True, None, True)


def test_redis_must_leave_answers_as_they_are(redis_client: Any) -> None:
    redis = pytest.importorskip("redis")
    options = redis_client.connection_pool.connection_kwargs
    with redis.Redis(port=options["port"], decode_responses=True) as client:
        store = RedisStore(client)
        store.put_if("text", b"x", ANY)

        with pytest.raises(StoreError, match="make it with decode_responses=False"):
            store.get("text")


def test_redis_is_connected_to_by_its_url(redis_client: Any) -> None:
    port = redis_client.connection_pool.connection_kwargs["port"]
    store = RedisStore(url=f"redis://127.0.0.1:{port}/1", prefix="x:")

    assert store.incr("by-url") == 1


def test_what_was_sent_twice_is_done_once(redis_client: Any, dynamodb_client: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("gwlint.runtime.store_redis.new_version", lambda: "same")
    monkeypatch.setattr("gwlint.runtime.store_dynamodb.new_version", lambda: "same")
    for backend in (Redis(redis_client).fresh(), DynamoDB(dynamodb_client)):
        store = backend.store()
        done = [store.put_if("a", b"1", None), store.put_if("a", b"1", None), store.incr("n"), store.incr("n")]

        assert done == ["same", "same", 1, 1]


def test_dynamodb_is_told_when_to_remove_what_is_over(dynamodb_client: Any) -> None:
    backend = DynamoDB(dynamodb_client)
    backend.store().put_if("a", b"1", None, ttl=60.5)
    backend.store().put_if("b", b"1", None)
    items = [
        dynamodb_client.get_item(TableName="gateway", Key={"key": {"S": backend.prefix + key}})["Item"] for key in "ab"
    ]

    assert [item.get("expires") for item in items] == [{"N": "1700000061"}, None]


def test_what_is_down_is_told() -> None:
    redis = pytest.importorskip("redis", reason="the package redis is not installed")
    store = RedisStore(redis.Redis(port=free_port(), retry=None))

    for call in (store.get, store.incr, store.delete, lambda key: store.put_if(key, b"", None)):
        with pytest.raises(StoreError, match=r"^Redis: "):
            call("a")
    with pytest.raises(StoreError, match=r"^Redis: "):
        store.now()


def test_a_table_that_is_down_or_not_there_is_told(dynamodb_client: Any) -> None:
    boto3 = pytest.importorskip("boto3")
    options: dict[str, Any] = {"region_name": "eu-west-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    config = pytest.importorskip("botocore.config").Config(connect_timeout=0.2, retries={"total_max_attempts": 1})
    client = boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{free_port()}", config=config, **options)

    for store in (DynamoDBStore("gateway", client=client), DynamoDBStore("other", client=dynamodb_client)):
        with pytest.raises(StoreError, match=r"^DynamoDB: "):
            store.get("a")
        with pytest.raises(StoreError, match=r"^DynamoDB: "):
            store.put_if("a", b"", None)


@pytest.mark.parametrize(
    ("make", "missing"), [(RedisStore, ["redis", "valkey"]), (lambda: DynamoDBStore("t"), ["boto3"])]
)
def test_a_client_that_is_not_installed_is_told(
    make: Callable[[], object], missing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(StoreError, match="installed"):
        make()
