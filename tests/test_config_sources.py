"""Which settings count: a file that is named, none at all, options that go before them; and how they are shown."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from gwlint import access
from gwlint.config import (
    BudgetSettings,
    Config,
    ConfigError,
    DeclaredComponent,
    DeclaredFunction,
    Duplicates,
    LayersContract,
    defaults,
    load,
    option_codes,
    overridden,
    overriding,
)
from gwlint.config.show import lines, settings

CODES = ("GW001", "GW101", "GW102", "GW105", "GW201")


def refused(project: Path, file: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as error:
        load(project, file)
    return error.value.problems


def test_a_file_that_is_named_counts_alone_and_speaks_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project/src").mkdir(parents=True)
    (tmp_path / "project/gwlint.toml").write_text("layout = 'flat'")
    (tmp_path / "strict.toml").write_text("roots = ['src']")
    monkeypatch.chdir(tmp_path)

    assert load(Path("project"), Path("strict.toml")) == Config(
        tmp_path / "project", source="strict.toml", roots=("src",)
    )


def test_a_pyproject_toml_can_be_named_wherever_it_is(tmp_path: Path) -> None:
    file = tmp_path / "ci/pyproject.toml"
    file.parent.mkdir()
    file.write_text("[tool.gwlint]\ninfer = false")

    assert load(tmp_path, file) == Config(tmp_path, str(file), infer=False)


@pytest.mark.parametrize("text", ["", "[project]\nname = 'gwlint'", "[tool.other]"])
def test_a_pyproject_toml_that_is_named_has_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    monkeypatch.chdir(tmp_path)

    assert refused(tmp_path, Path("pyproject.toml")) == (
        "pyproject.toml: has no [tool.gwlint]; add it or name another file",
    )


def test_a_file_that_is_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gwlint.toml").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)

    assert [refused(tmp_path, Path(name)) for name in ("gone.toml", "folder", "pipe")] == [
        ("gone.toml: can't be read: No such file or directory; name a file with settings",),
        ("folder: is no regular file; name a file with settings",),
        ("pipe: is no regular file; name a file with settings",),
    ]


def test_problems_name_the_file_as_it_was_named_on_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci/new\nline.toml").write_text("infer = 1\nlayout = 1")
    monkeypatch.chdir(tmp_path)

    assert refused(tmp_path, Path("ci/new\nline.toml")) == (
        "ci/new?line.toml: 'infer' must be true or false, not 1; write one of them, without quotes",
        "ci/new?line.toml: 'layout' can't be 1; choose from auto, package, flat",
    )


def test_defaults_look_at_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gwlint.toml").write_text("broken")
    monkeypatch.chdir(tmp_path)

    assert defaults(Path()) == Config(tmp_path)


@pytest.mark.parametrize(
    ("own", "shared", "expected"),
    [
        ("", "[tool.gwlint]", ("pyproject.toml",)),
        ("", "[tool.gwlint", ("pyproject.toml",)),
        ("", "[project]\ndependencies = ['gwlint']", ()),
        ("", "[project]", ()),
    ],
)
def test_settings_that_do_not_count_beside_others_are_known(
    tmp_path: Path, own: str, shared: str, expected: tuple[str, ...]
) -> None:
    (tmp_path / "gwlint.toml").write_text(own)
    (tmp_path / "pyproject.toml").write_text(shared)

    assert overridden(load(tmp_path)) == expected


def test_settings_that_do_not_count_at_all_are_known(tmp_path: Path) -> None:
    (tmp_path / "gwlint.toml").touch()
    (tmp_path / "pyproject.toml").write_text("[tool.gwlint]")
    (tmp_path / "strict.toml").touch()

    assert overridden(defaults(tmp_path)) == ("gwlint.toml", "pyproject.toml")
    assert overridden(load(tmp_path, tmp_path / "strict.toml")) == ("gwlint.toml", "pyproject.toml")


def test_nothing_is_overridden_where_one_file_counts_or_none_is(tmp_path: Path) -> None:
    alone = overridden(load(tmp_path))
    (tmp_path / "pyproject.toml").write_text("[tool.gwlint]")

    assert (alone, overridden(load(tmp_path))) == ((), ())


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (["GW1,GW201"], ("GW1", "GW201")),
        ([" GW1 , GW201 ", "GW"], ("GW1", "GW201", "GW")),
        (["GW1", "GW1"], ("GW1",)),
    ],
)
def test_an_option_names_codes_and_beginnings_of_codes(given: list[str], codes: tuple[str, ...]) -> None:
    assert option_codes("--select", given, CODES) == codes


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        (
            ["GW109,GW1,E5"],
            [
                "--ignore holds 'GW109', which is the code of no rule; did you mean 'GW105'?",
                "--ignore holds 'E5', which is the code of no rule; `gwlint rule` lists them",
            ],
        ),
        ([""], ["--ignore holds an empty string; name codes like 'GW101', separated by commas"]),
        (["GW1,,GW2"], ["--ignore holds an empty string; name codes like 'GW101', separated by commas"]),
        ([], ["--ignore holds an empty string; name codes like 'GW101', separated by commas"]),
    ],
)
def test_an_option_is_refused_in_the_words_of_a_file(given: list[str], problems: list[str]) -> None:
    with pytest.raises(ConfigError) as error:
        option_codes("--ignore", given, CODES)

    assert list(error.value.problems) == problems


def test_an_option_replaces_what_a_file_says_and_is_its_source(tmp_path: Path) -> None:
    (tmp_path / "gwlint.toml").write_text("select = ['GW1']\nignore = ['GW101']")
    config = overriding(load(tmp_path), "--select", select=("GW2",))

    assert config == Config(tmp_path, "gwlint.toml", select=("GW2",), ignore=("GW101",))
    assert config.sources == (("ignore", "gwlint.toml"), ("select", "--select"))


def test_settings_are_shown_with_their_sources(tmp_path: Path) -> None:
    (tmp_path / "gwlint.toml").write_text(SHOWN)
    config = overriding(load(tmp_path, codes=CODES), "--fail-on", fail_on="never")

    assert list(lines(config))[:-19] == EXPECTED.splitlines()


def test_what_is_not_in_force_has_no_value(tmp_path: Path) -> None:
    shown = {setting.key: setting for setting in settings(Config(tmp_path))}

    assert [key for key, setting in shown.items() if setting.text is None] == [
        "preset",
        "layers",
        "budgets.site-packages",
        "docs-url",
        "issues-url",
    ]
    assert {setting.source for setting in shown.values()} == {"default"}


def test_the_whole_matrix_is_at_the_end_of_what_is_shown(tmp_path: Path) -> None:
    cells = access.table({})

    assert [setting[:2] for setting in settings(Config(tmp_path))[-len(cells) :]] == [
        (f"access.{cell}", f'"{verdict}"') for cell, verdict in cells.items()
    ]


SHOWN = """\
include-tests = true
tests = ["checks/**"]
preset = "layers"
layers = ["api", "a | b"]
[functions.orders]
memory-mb = 256
layers = []
handler = "app.main"
[severity]
GW101 = "off"
[per-file-ignores]
'a\\b"' = ["GW1"]
[components."http client"]
gateway = "app.http"
[extensions]
x = ["x.*"]
[[contracts]]
name = "onion"
type = "layers"
layers = ["a|b", "c"]
guidance = "ask"
[access]
component-to-external = "allow"
gateway-to-external = "deny"
"""
EXPECTED = """\
roots = []  # default
layout = "auto"  # default
exclude = []  # default
tests = ["checks/**"]  # from gwlint.toml
entry-points = []  # default
preset = "layers"  # from gwlint.toml
infer = true  # default
include-tests = true  # from gwlint.toml
config = []  # default
layers = ["api", "a|b"]  # from gwlint.toml
components."http client".gateway = "app.http"  # from gwlint.toml
components."http client".internals = []  # from gwlint.toml
extensions.x = ["x.*"]  # from gwlint.toml
contracts = [{ name = "onion", type = "layers", layers = ["a | b", "c"], exhaustive = false, guidance = "ask" }]  # from gwlint.toml
duplicates.min-statements = 3  # default
duplicates.threshold = 0.82  # default
duplicates.kinds = ["exact", "renamed", "near"]  # default
duplicates.exclude = []  # default
budgets.memory-mb = 128  # default
budgets.init-ms = 100  # default
budgets.package-mb = 250  # default
# budgets.site-packages is not set  # default
functions.orders.handler = "app.main"  # from gwlint.toml
functions.orders.layers = []  # from gwlint.toml
functions.orders.memory-mb = 256  # from gwlint.toml
select = ["GW"]  # default
ignore = []  # default
extend-select = []  # default
severity.GW101 = "off"  # from gwlint.toml
per-file-ignores."a\\\\b\\"" = ["GW1"]  # from gwlint.toml
fail-on = "never"  # from --fail-on
require-reason = false  # default
baseline = ".gwlint-baseline.json"  # default
# docs-url is not set  # default
# issues-url is not set  # default
access.external-to-internal = "deny"  # default
access.external-to-extension = "deny"  # default
access.external-to-test = "deny"  # default
access.entry-point-to-extension = "allow"  # default
access.gateway-to-gateway = "deny"  # default
access.gateway-to-internal = "deny"  # default
access.gateway-to-external = "deny"  # from gwlint.toml
"""  # noqa: E501  these are whole lines

names = st.from_regex(r"[\w-]{1,6}(\.[\w-]{1,6})?", fullmatch=True).filter(lambda name: not name.endswith(".py"))
globs = names.map(lambda name: f"{name}_[!a-c]*")
titles = st.text(min_size=1).filter(lambda title: title.strip() == title and title.isprintable())
codes = st.lists(st.sampled_from(["GW", "GW1", *CODES]), unique=True).map(tuple)
verdicts = st.sampled_from(["allow", "deny"])
paths = st.lists(st.from_regex(r"[\w \"\\#é]{1,5}x", fullmatch=True), unique=True, max_size=3).map(
    lambda words: tuple(word.replace("\\", r"\\").replace("#", r"\#") for word in words)
)


def tuples(elements: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(elements, unique=True, min_size=least, max_size=4).map(tuple)


def pairs(keys: st.SearchStrategy[str], values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.dictionaries(keys, values, max_size=3).map(lambda table: tuple(table.items()))


@st.composite
def configs(draw: st.DrawFn) -> Config:
    preset = draw(st.sampled_from([None, "gateway", "universal", "none", "layers"]))
    gateways, internals = draw(tuples(names)), draw(tuples(globs))
    called = draw(st.lists(titles, unique=True, min_size=len(gateways), max_size=len(gateways)))
    fields = st.fixed_dictionaries(
        {},
        optional={
            "layout": st.sampled_from(["auto", "package", "flat"]),
            "exclude": paths,
            "tests": paths,
            "entry_points": tuples(names),
            "infer": st.booleans(),
            "include_tests": st.booleans(),
            "config_modules": tuples(globs),
            "extensions": pairs(titles, tuples(globs, least=1)),
            "access": pairs(st.sampled_from([*access.CELLS, *access.GROUPS, access.TYPE_ONLY]), verdicts),
            "contracts": tuples(titles).map(
                lambda some: tuple(LayersContract(one, (("a", "b_*"), ("c",)), guidance="ask") for one in some)
            ),
            "duplicates": st.builds(
                Duplicates,
                st.integers(1, 1000),
                st.floats(0.5, 1),
                st.lists(st.sampled_from(["exact", "renamed", "near"]), unique=True, min_size=1).map(tuple),
                paths,
            ),
            "budgets": st.builds(
                BudgetSettings,
                st.floats(1, 10240),
                st.floats(1, 900_000),
                st.floats(1, 10240),
                st.none() | paths.filter(bool).map(lambda some: some[0]),
            ),
            "functions": titles.map(
                lambda one: (DeclaredFunction(one), DeclaredFunction(f"{one}2", "a/b.c", memory_mb=128))
            ),
            "select": codes.filter(bool),
            "ignore": codes,
            "extend_select": codes,
            "severity": pairs(st.sampled_from(CODES), st.sampled_from(["off", "note", "warning", "error"])),
            "per_file_ignores": paths.map(lambda some: tuple((path, ("GW1",)) for path in some)),
            "fail_on": st.sampled_from(["error", "warning", "note", "never"]),
            "require_reason": st.booleans(),
            "baseline": st.sampled_from(["known.json", "known/findings.json"]),
            "docs_url": st.sampled_from([None, "https://a.b/{code}/{name}", "https://a.b/rules/"]),
            "issues_url": st.sampled_from([None, "https://a.b/issues?new='1'"]),
        },
    )
    return overriding(
        Config(Path("/nowhere")),
        "--imagined",
        preset=preset,
        layers=("api|web", "dal") if preset == "layers" else Config(Path("/")).layers,
        components=tuple(
            DeclaredComponent(name, gateway, internals if number == 0 else (), package=number == 1)
            for number, (name, gateway) in enumerate(zip(called, gateways, strict=True))
        ),
        **draw(fields),
    )


@given(configs())
def test_what_is_shown_is_a_file_that_means_the_same(tmp_path_factory: pytest.TempPathFactory, config: Config) -> None:
    file = tmp_path_factory.getbasetemp() / "shown.toml"
    file.write_text("\n".join(lines(config)), encoding="utf-8")
    read = load(config.project, file, codes=CODES)

    assert read == replace(config, source=str(file), access=tuple(access.table(dict(config.access)).items()))
    assert list(settings(read)) == [
        replaced._replace(source=str(file) if replaced.text is not None else "default") for replaced in settings(config)
    ]


def test_what_is_shown_without_settings_is_toml(tmp_path: Path) -> None:
    assert tomli.loads("\n".join(lines(Config(tmp_path)))).keys() >= {"roots", "access", "contracts", "severity"}


def test_a_project_without_settings_needs_no_parser_and_no_judge(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'")
    code = (
        "import sys; from pathlib import Path; from gwlint.config import find_project, load; load(find_project([]))\n"
        "print({'tomli', 'difflib', 'gwlint.config.keys', 'gwlint.config.show'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]

    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout == "set()\n"
