import pytest

from gwlint.runtime.clock import FakeClock
from gwlint.runtime.security import Threat, secure_headers


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_blocks_who_keeps_trying_and_not_for_ever(clock: FakeClock) -> None:
    blocked: list[tuple[str, float]] = []
    threat = Threat(
        threshold=5, block_for=60, on_block=lambda who, seconds: blocked.append((who, seconds)), clock=clock
    )
    tries = [threat.add("mallory") for _ in range(7)]
    during = threat.blocked_for("mallory")
    clock.advance(60)

    assert (tries, blocked, during) == ([False] * 4 + [True, False, False], [("mallory", 60)], 60)
    assert (threat.blocked_for("mallory"), threat.score("mallory")) == (0, 2.5)


@pytest.mark.parametrize("passes", ["advance", "freeze"])
def test_a_score_halves_by_either_clock(clock: FakeClock, passes: str) -> None:
    threat = Threat(half_life=100, clock=clock)
    threat.add("ann", 4)
    getattr(clock, passes)(200)

    assert threat.score("ann") == 1


def test_slow_mistakes_never_lead_to_a_block(clock: FakeClock) -> None:
    threat = Threat(threshold=5, half_life=60, clock=clock)
    blocks = 0
    for _ in range(10_000):
        blocks += threat.add("ann")
        clock.advance(60)

    assert (blocks, threat.score("ann") < 2) == (0, True)


def test_some_are_never_blocked(clock: FakeClock) -> None:
    threat = Threat(threshold=1, allow=["probe"], clock=clock)

    assert (threat.add("probe", 100), threat.blocked_for("probe")) == (False, 0)


def test_crowds_do_not_free_who_is_blocked(clock: FakeClock) -> None:
    threat = Threat(threshold=2, most=4, clock=clock)
    threat.add("mallory", 2)
    for number in range(100):
        threat.add(f"crowd {number}")

    assert (threat.blocked_for("mallory") > 0, threat.score("crowd 0")) == (True, 0)


def test_where_all_are_blocked_others_are_only_counted(clock: FakeClock) -> None:
    threat = Threat(threshold=1, most=2, clock=clock)

    assert ([threat.add(who) for who in "abc"], threat.overflowed) == ([True, True, False], 1)


def test_refuses_what_makes_no_sense(clock: FakeClock) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        Threat(half_life=0)
    with pytest.raises(ValueError, match="points are at least 0"):
        Threat(clock=clock).add("ann", -1)


def test_headers_that_make_browsers_careful() -> None:
    assert secure_headers(cache_control="private") == {
        "Cache-Control": "private",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    with pytest.raises(ValueError, match="one line of printable text"):
        secure_headers(cache_control="x\r\nSet-Cookie: a=b")
