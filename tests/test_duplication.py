"""What the rules about copies say of small projects."""

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gwlint.cache import Cache
from gwlint.check import check
from gwlint.config import Config, Duplicates, load, overriding
from gwlint.finding import Finding
from tests.projects import edit, write
from tests.test_clones import WORK

WORKED = WORK.format(name="work")
TWICE = {"a.py": WORKED, "b.py": WORKED}


def findings(folder: Path, cache: Cache | None = None, **fields: Any) -> list[Finding]:  # Any: whatever `Config` takes
    config: Config = overriding(load(folder), "--imagined", select=("GW3",), **fields)
    with closing(cache or Cache(None)) as used:
        return list(check(config, used, 1, lambda _done, _total: None, today=date(2026, 6, 1)).findings)


def said(folder: Path, files: dict[str, str], **fields: Any) -> list[str]:  # Any: whatever `Config` takes
    return [f"{one.path}:{one.at.line} {one.rule} {one.message}" for one in findings(write(folder, files), **fields)]


def test_every_member_is_a_related_place_with_its_lines(tmp_path: Path) -> None:
    (found,) = findings(write(tmp_path, {**TWICE, "c.py": f"\n\n{WORK.format(name='other')}"}))

    assert found.message == "`a.work` is the same function as `b.work` (and 1 more); keep one of them"
    assert [(one.path, one.at.line, one.at.end_line, one.message) for one in found.related] == [
        ("a.py", 1, 10, "`a.work`, 10 lines"),
        ("b.py", 1, 10, "`b.work`, 10 lines"),
        ("c.py", 3, 12, "`c.other`, 10 lines"),
    ]


def test_a_message_lists_the_values_that_differ(tmp_path: Path) -> None:
    work = WORK.replace("row.age > limit", "row.age > limit * {n}")

    assert said(tmp_path, {"a.py": work.format(name="a", n=24), "b.py": work.format(name="b", n=168)}) == [
        "a.py:1 GW302 `a.a` is `b.b` but for `24` for `168`; make that a parameter of one function"
    ]


def test_a_message_says_where_statements_differ(tmp_path: Path) -> None:
    more = WORKED.replace("        table.put", "        row.tag(limit)\n        table.put")
    (found,) = findings(write(tmp_path, {"a.py": more, "b.py": WORKED}))

    assert found.message == (
        "`a.work` is 95% like `b.work`: 1 of 10 statements differs (line 7); give what they share a function of its own"
    )


def test_copies_that_are_alike_are_a_note_unless_some_are_equal(tmp_path: Path) -> None:
    near = WORKED.replace("table.flush(len(kept))", "table.flush(len(kept), True)")
    alike = findings(write(tmp_path, {"a.py": WORKED, "b.py": near}))
    equal = findings(write(tmp_path, {"c.py": WORKED}))

    assert [(one.rule, one.severity) for one in (*alike, *equal)] == [("GW303", "note"), ("GW303", "warning")]


def test_tests_are_never_where_copies_are_reported_unless_they_are_included(tmp_path: Path) -> None:
    files = {"a/test_a.py": WORKED, "a/test_b.py": WORKED}

    assert said(tmp_path, files) == []
    assert [one.path for one in findings(tmp_path, include_tests=True)] == ["a/test_a.py"]
    assert [(one.path, len(one.related)) for one in findings(write(tmp_path, {"z.py": WORKED}))] == [("z.py", 3)]


@pytest.mark.parametrize("path", ["a/migrations/b.py", "b_pb2.py"])
def test_what_nobody_wrote_by_hand_is_left_alone(tmp_path: Path, path: str) -> None:
    assert said(tmp_path, {"a.py": WORKED, path: WORKED}) == []


@pytest.mark.parametrize(
    "settings", [Duplicates(exclude=("b.py",)), Duplicates(kinds=("renamed", "near")), Duplicates(min_statements=30)]
)
def test_settings_keep_copies_from_being_reported(tmp_path: Path, settings: Duplicates) -> None:
    assert said(tmp_path, TWICE, duplicates=settings) == []


COMPONENT = {
    "cache_core.py": WORKED,
    "app.py": WORK.format(name="own"),
    "gwlint.toml": '[components.cache]\ngateway = "cache"\ninternals = ["cache_core"]\n',
}
GATEWAYS = {
    "import cache_core\n\ndef put(a, b, c):\n    return cache_core.work(a, b, c)\n": "call `cache.put`",
    "from cache_core import work as _w\n\ndef put(*given):\n    return _w(*given)\n": "call `cache.put`",
    "from cache_core import work\n": "call `cache.work`",
    "from cache_core import work as put_all\n": "call `cache.put_all`",
    "import cache_core\n": "let `cache` offer it, and call that",
}


@pytest.mark.parametrize(("gateway", "remedy"), GATEWAYS.items())
def test_what_a_gateway_offers_is_named(tmp_path: Path, gateway: str, remedy: str) -> None:
    assert said(tmp_path, {**COMPONENT, "cache.py": gateway}) == [
        f"app.py:1 GW304 `app.own` does again what is in `cache_core.work` of `cache`; {remedy}"
    ]


def test_copies_inside_of_a_component_are_copies(tmp_path: Path) -> None:
    files = {**COMPONENT, "cache.py": "import cache_core\n", "app.py": "", "cache_more.py": WORKED}
    files["gwlint.toml"] = files["gwlint.toml"].replace("cache_core", "cache_*")

    assert [one.rule for one in findings(write(tmp_path, files))] == ["GW301"]


def test_a_copy_of_a_private_function_of_a_package_is_a_copy(tmp_path: Path) -> None:
    files = {
        "lib/__init__.py": "from lib._core import offered\n",
        "lib/_core.py": f"offered = 1\n\n\n{WORKED}",
        "a.py": WORKED,
    }

    assert [(one.path, one.rule) for one in findings(write(tmp_path, files))] == [("a.py", "GW301")]


def test_a_run_over_a_cache_says_what_one_without_says(tmp_path: Path) -> None:
    write(tmp_path, {**TWICE, "c.py": WORK.format(name="c")})
    kept = tmp_path / ".gwlint_cache"
    first = findings(tmp_path, Cache(kept))
    edit(tmp_path, {"b.py": WORKED.replace("deleted", "gone").replace("limit", "most")})
    second = findings(tmp_path, Cache(kept))

    assert [len(one.related) for one in first] == [3]
    assert second == findings(tmp_path)
    assert [(one.rule, one.path) for one in second] == [("GW303", "a.py")]


def test_lines_that_move_leave_the_fingerprint(tmp_path: Path) -> None:
    before = [one.fingerprint for one in findings(write(tmp_path, TWICE))]
    after = [one.fingerprint for one in findings(write(tmp_path, {"b.py": f"x = 1\n\n\n{WORKED}"}))]

    assert before == after
