import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime import context
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import GatewayError
from gwlint.runtime.security import Audit, audit, verify_audit

KEY = b"k" * 32


def trail(events: int, key: bytes | None = None) -> tuple[list[str], Audit]:
    lines: list[str] = []
    made = Audit(lines.append, key=key, clock=FakeClock())
    for number in range(events):
        made.record("ann", "orders:read", on=f"orders/{number}", decision="allowed", rule="r")
    return lines, made


def test_an_event_says_who_what_on_what_and_why() -> None:
    lines: list[str] = []
    made = Audit(lines.append, clock=FakeClock(wall=5))
    with context.entered(context.Context(request_id="r-1")):
        made.record(
            "ann", "orders:read", on="orders/1", decision="denied", rule="sealed", reason="no", details={"n": 1}
        )
    event = json.loads(lines[0])["audit"]

    assert lines[0].endswith("}\n")
    assert event == {
        "who": "ann", "what": "orders:read", "on": "orders/1", "decision": "denied", "rule": "sealed", "reason": "no",
        "request_id": "r-1", "details": {"n": 1}, "time": 5, "trail": made.trail, "number": 0, "previous": "",
        "hash": made.head,
    }  # fmt: skip


def test_secrets_are_left_out_and_who_it_was_is_not() -> None:
    lines: list[str] = []
    Audit(lines.append).record(
        "10.0.0.1", "password:reset", decision="denied", reason="password=hunter2", on="eyJhbGciOiJIUzI1NiJ9.e30.x",
        details={"token": "hunter2", "mail": "ann@example.org"},
    )  # fmt: skip
    event = json.loads(lines[0])["audit"]

    assert ("hunter2" in lines[0], event["who"], event["what"], event["on"]) == (
        False, "10.0.0.1", "password:reset", "[jwt]",
    )  # fmt: skip


@pytest.mark.parametrize("key", [None, KEY])
def test_what_is_as_it_was_written_is_fine(key: bytes | None) -> None:
    lines, made = trail(5, key)
    verified = verify_audit(lines, key=key, heads={made.trail: made.head})

    assert (bool(verified), verified.problems, verified.heads) == (True, [], {made.trail: made.head})


@given(st.data(), st.integers(2, 8), st.sampled_from([None, KEY]))
def test_no_change_goes_unnoticed(data: st.DataObject, events: int, key: bytes | None) -> None:
    lines, made = trail(events, key)
    changed = list(lines)
    what = data.draw(st.sampled_from(["edit", "remove", "reorder", "repeat", "rewrite"]))
    place = data.draw(st.integers(0, events - 1))
    other = data.draw(st.integers(0, events - 1).filter(lambda one: one != place))
    if what == "edit":
        at = data.draw(st.integers(0, len(lines[place]) - 2))
        char = data.draw(st.characters(codec="ascii").filter(lambda one: one != lines[place][at]))
        changed[place] = lines[place][:at] + char + lines[place][at + 1 :]
    elif what == "remove":
        del changed[place]
    elif what == "reorder":
        changed[place], changed[other] = changed[other], changed[place]
    elif what == "repeat":
        changed.insert(other, lines[place])
    else:
        event = json.loads(lines[place])
        event["audit"]["decision"] = "denied"
        changed[place] = json.dumps(event)

    assert not verify_audit(changed, key=key, heads={made.trail: made.head})


def test_a_missing_end_shows_only_to_who_knows_it() -> None:
    lines, made = trail(3)

    assert (bool(verify_audit(lines[:2])), verify_audit(lines[:2], heads={made.trail: made.head}).problems) == (
        True, [f"trail {made.trail}: the last event is not the one that is expected"],
    )  # fmt: skip


def test_a_made_up_trail_is_none_to_who_has_the_key() -> None:
    lines, _ = trail(2, b"another")

    assert verify_audit(lines, key=KEY).problems == ["line 1: changed", "line 2: changed"]


def test_says_what_is_wrong_where() -> None:
    lines, made = trail(3)

    assert verify_audit(["oops", lines[0], lines[2]]).problems == [
        "line 1: no event", f"line 3: event 2 of trail {made.trail} where 1 is expected",
    ]  # fmt: skip


def test_trails_of_several_environments_may_be_mixed() -> None:
    (one, _), (other, _) = trail(3), trail(3)

    assert verify_audit([line for pair in zip(one, other, strict=True) for line in pair])


def test_a_restart_begins_another_trail() -> None:
    lines, made = trail(1)
    first = made.trail
    made.restart()
    made.record("ann", "x", decision="allowed")

    assert (made.trail != first, bool(verify_audit(lines))) == (True, True)


def test_keeps_the_order_of_sixteen_threads_and_holds_no_lock_while_writing() -> None:
    lines: list[str] = []

    def write(line: str) -> None:
        lines.append(line)
        if len(lines) == 1:
            made.record("me", "again", decision="allowed")

    def record() -> None:
        for _ in range(50):
            made.record("ann", "x", decision="allowed")

    made = Audit(write)
    threads = [threading.Thread(target=record) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(lines), bool(verify_audit(lines, heads={made.trail: made.head}))) == (801, True)


def test_a_line_that_cannot_be_written_waits() -> None:
    lines: list[str] = []
    broken = [True]

    def write(line: str) -> None:
        if broken[0]:
            raise OSError("secret path")
        lines.append(line)

    made = Audit(write)
    with pytest.raises(GatewayError, match=r"^the audit trail can't be written: OSError$"):
        made.record("ann", "x", decision="denied")
    broken[0] = False
    made.record("ann", "y", decision="denied")

    assert (len(lines), bool(verify_audit(lines, heads={made.trail: made.head}))) == (2, True)


def test_what_waits_is_bounded() -> None:
    def write(line: str) -> None:
        raise OSError

    made, messages = Audit(write), set()
    for _ in range(1100):
        with pytest.raises(GatewayError) as caught:
            made.record("ann", "x", decision="denied")
        messages.add(str(caught.value))

    assert messages == {
        "the audit trail can't be written: OSError", "the audit trail can't be written, and too much is waiting for it",
    }  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_process_has_a_trail_of_its_own() -> None:
    lines, made = trail(2)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        made.record("child", "x", decision="allowed")
        os.write(writer, lines[-1].encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reader, 10_000).decode()
    os.close(reader)
    os.close(writer)

    assert (json.loads(theirs)["audit"]["trail"] != made.trail, bool(verify_audit([*lines, theirs]))) == (True, True)


def test_the_trail_of_this_environment_is_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    audit("ann", "x", decision="allowed")

    assert json.loads(capsys.readouterr().out)["audit"]["who"] == "ann"
