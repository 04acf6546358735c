"""What functions do again that the reference runtime has: reported where the runtime is what a project goes by."""

import inspect
import textwrap
from pathlib import Path

import pytest

from gwlint.clones.judge import Limits, counts, is_slight
from gwlint.contract import RUNTIME, contract
from gwlint.parse import functions
from gwlint.runtime import utility
from gwlint.runtime.cache_core import Cache
from tests.projects import gwlint, write
from tests.test_clones import WORK
from tests.test_duplication import said

PRESET = {"gwlint.toml": 'preset = "gateway"\n'}
MERGE = inspect.getsource(utility.deep_merge)
PARSE = inspect.getsource(utility.parse_duration)
LIMITS = Limits(3, 0.82)
LOAD = textwrap.dedent(inspect.getsource(Cache.get_or_load))


def renamed(source: str) -> str:
    return source.replace("def deep_merge", "def merged").replace("deep_merge(", "merged(").replace("base", "below")


def again(own: str, offered: str) -> str:
    return f"{own} does again what is in `{offered}` of the reference runtime; call that"


def test_a_copy_of_what_a_gateway_of_the_runtime_offers_is_reported(tmp_path: Path) -> None:
    assert said(tmp_path, {**PRESET, "app.py": PARSE}) == [
        again("app.py:1 GW304 `app.parse_duration`", "utility.parse_duration")
    ]


def test_other_names_and_methods_make_no_difference(tmp_path: Path) -> None:
    methods = f"class Memory:\n{textwrap.indent(LOAD.replace('get_or_load', 'fetch'), '    ')}"

    assert said(tmp_path, {**PRESET, "a.py": renamed(MERGE), "b.py": methods}) == [
        again("a.py:1 GW304 `a.merged`", "utility.deep_merge"),
        again("b.py:2 GW304 `b.Memory.fetch`", "cache.Cache.get_or_load"),
    ]


def test_a_copy_that_has_drifted_is_reported_with_its_likeness(tmp_path: Path) -> None:
    drifted = PARSE.replace("    return seconds\n", "    print(seconds)\n    return seconds\n")

    assert said(tmp_path, {**PRESET, "app.py": drifted}) == [
        again("app.py:1 GW304 `app.parse_duration`", "utility.parse_duration").replace(
            "does again what is in", "is 98% like"
        )
    ]


def test_copies_of_it_are_not_reported_as_copies_of_one_another(tmp_path: Path) -> None:
    files = {**PRESET, "a.py": MERGE, "b.py": MERGE, "c.py": WORK.format(name="work"), "d.py": WORK.format(name="work")}

    assert [one.split()[:2] for one in said(tmp_path, files)] == [
        ["a.py:1", "GW304"],
        ["b.py:1", "GW304"],
        ["c.py:1", "GW301"],
    ]


def test_whoever_imports_the_runtime_goes_by_it(tmp_path: Path) -> None:
    uses = "from gwlint.runtime import logging\n"

    assert [one.split()[1] for one in said(tmp_path, {"app.py": MERGE, "log.py": uses})] == ["GW304"]


def test_nobody_else_hears_of_it(tmp_path: Path) -> None:
    assert said(tmp_path, {"app.py": MERGE, "other.py": PARSE}) == []


def test_an_export_is_what_it_should_be(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "from gateways import utility\n", **PRESET})
    gwlint("runtime", "export", ".", "--package", "gateways", cwd=tmp_path)

    assert said(tmp_path, {}) == []


def test_a_gateway_of_its_own_may_be_written_like_the_one_of_the_runtime(tmp_path: Path) -> None:
    own = {"utility.py": "from utility_data import deep_merge\n", "utility_data.py": MERGE}

    assert said(tmp_path, {**PRESET, **own, "app.py": "import utility\n"}) == []


def test_a_copy_of_what_the_project_offers_is_called_by_its_own_name(tmp_path: Path) -> None:
    own = {"utility.py": "from utility_data import deep_merge\n", "utility_data.py": MERGE}

    assert said(tmp_path, {**PRESET, **own, "app.py": f"import utility\n\n\n{MERGE}"}) == [
        "app.py:4 GW304 `app.deep_merge` does again what is in `utility_data.deep_merge` of `utility`; call `utility.deep_merge`"  # noqa: E501
    ]


def test_tests_may_have_copies(tmp_path: Path) -> None:
    assert said(tmp_path, {**PRESET, "test_app.py": MERGE, "app.py": ""}) == []


def test_what_only_hands_on_is_no_copy(tmp_path: Path) -> None:
    handed_on = "from gateways import utility\n\n\ndef parse(*given):\n    return utility.parse_duration(*given)\n"

    assert said(tmp_path, {**PRESET, "app.py": handed_on}) == []


@pytest.mark.parametrize("gateway", sorted(contract().gateways))
def test_all_that_is_long_enough_to_be_compared_is_recognised(tmp_path: Path, gateway: str) -> None:
    known = contract().gateways[gateway]
    files = {f"own_{module}.py": (RUNTIME / f"{module}.py").read_text() for module in (gateway, *known.internals)}
    counted = {
        (path, one.name)
        for path, source in files.items()
        for one in functions(source.encode()).functions
        if one.name in known.names and counts(one, LIMITS) and not is_slight(one)
    }
    found = said(tmp_path, {**PRESET, **files}, infer=False)

    assert counted
    assert {
        (one.partition(":")[0], one.split("`")[1].partition(".")[2]) for one in found if "runtime;" in one
    } == counted
