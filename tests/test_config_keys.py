"""What every key may hold, and what becomes of it."""

import fnmatch
import json
import re
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.config import (
    BudgetSettings,
    Config,
    ConfigError,
    DeclaredComponent,
    DeclaredFunction,
    Duplicates,
    LayersContract,
    load,
)
from gwlint.config.faults import module_glob_fault
from gwlint.config.files import Table
from gwlint.config.keys import keys, problems
from gwlint.config.model import FailOn
from gwlint.config.wording import quoted

CODES = ("GW001", "GW101", "GW102", "GW105", "GW201")
DOCS_URL = "'https://example.com/rules/{code}-{name}'"
EVERYTHING = """\
preset = "layers"
infer = false
include-tests = true
config = ["app.settings", "app.foundations.*"]
layers = [" handlers | api", "logic", "dal"]
select = ["GW1", "GW201"]
ignore = ["GW105"]
extend-select = ["GW"]
fail-on = "never"
require-reason = true
baseline = "./known/findings.json"
docs-url = "https://docs.example.com/rules/{code}/{name}?version=1#why"
issues-url = "http://localhost:8080/issues"
[severity]
GW1 = "note"
GW101 = "off"
[per-file-ignores]
"legacy/**" = ["GW105", "GW2"]
"/tools/[a-z]*.py" = ["GW"]
[components.cache]
gateway = "app.cache"
internals = ["app.cache_*", "app._cache.[!a-c]?"]
[components."http client"]
gateway = "app.lambda"
[components.wire]
gateway = "app.wire"
package = true
[extensions]
home_assistant = ["app.home_assistant.*"]
[access]
gateway-to-gateway = "allow"
component-to-external = "deny"
type-only = "allow"
[[contracts]]
name = "onion"
type = "layers"
layers = ["app.handlers", "app.logic | app.rules_*", "app.dal"]
exhaustive = true
guidance = '''Ask
    the architects.'''
[[contracts]]
name = "short"
type = "layers"
layers = ["a", "b"]
[functions.orders]
[functions."the batch"]
handler = "jobs/batch.main"
root = "./"
layers = ["./."]
runtime = "python3.13"
architecture = "arm64"
memory-mb = 256
timeout-s = 60
environment-bytes = 0
ephemeral-mb = 512
[duplicates]
min-statements = 5
threshold = 1
kinds = ["renamed", "exact"]
exclude = ["legacy/**"]
[budgets]
memory-mb = 256
init-ms = 250.5
package-mb = 50
site-packages = "build/python"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


def load_text(project: Path, text: str) -> Config:
    (project / "gwlint.toml").write_text(text, encoding="utf-8")
    return load(project, codes=CODES)


def problems_of(project: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        load_text(project, text)
    return str(error.value).replace("gwlint.toml: ", "")


def test_every_key_is_read(project: Path) -> None:
    assert load_text(project, EVERYTHING) == Config(
        project=project,
        source="gwlint.toml",
        preset="layers",
        infer=False,
        include_tests=True,
        config_modules=("app.settings", "app.foundations.*"),
        layers=("handlers|api", "logic", "dal"),
        select=("GW1", "GW201"),
        ignore=("GW105",),
        extend_select=("GW",),
        fail_on="never",
        require_reason=True,
        baseline="known/findings.json",
        docs_url="https://docs.example.com/rules/{code}/{name}?version=1#why",
        issues_url="http://localhost:8080/issues",
        severity=(("GW1", "note"), ("GW101", "off")),
        per_file_ignores=(("legacy/**", ("GW105", "GW2")), ("/tools/[a-z]*.py", ("GW",))),
        components=(
            DeclaredComponent("cache", "app.cache", ("app.cache_*", "app._cache.[!a-c]?")),
            DeclaredComponent("http client", "app.lambda", ()),
            DeclaredComponent("wire", "app.wire", (), package=True),
        ),
        extensions=(("home_assistant", ("app.home_assistant.*",)),),
        access=(("gateway-to-gateway", "allow"), ("component-to-external", "deny"), ("type-only", "allow")),
        contracts=(
            LayersContract(
                "onion",
                (("app.handlers",), ("app.logic", "app.rules_*"), ("app.dal",)),
                exhaustive=True,
                guidance="Ask the architects.",
            ),
            LayersContract("short", (("a",), ("b",))),
        ),
        functions=(
            DeclaredFunction("orders"),
            DeclaredFunction(
                name="the batch",
                handler="jobs/batch.main",
                root=".",
                layers=(".",),
                runtime="python3.13",
                architecture="arm64",
                memory_mb=256,
                timeout_s=60,
                environment_bytes=0,
                ephemeral_mb=512,
            ),
        ),
        duplicates=Duplicates(5, 1.0, ("renamed", "exact"), ("legacy/**",)),
        budgets=BudgetSettings(256, 250.5, 50, "build/python"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "config = []\nignore = []\nextend-select = []\nentry-points = []",
        "[components]\n[extensions]\n[access]\n[severity]\n[per-file-ignores]",
        "contracts = []",
        "duplicates = { exclude = [] }",
        "[budgets]",
    ],
)
def test_what_is_empty_leaves_the_defaults_in_force(project: Path, text: str) -> None:
    assert load_text(project, text) == Config(project, "gwlint.toml")


@pytest.mark.parametrize("word", ["error", "warning", "note", "never"])
def test_every_severity_can_fail_a_run_or_none(project: Path, word: FailOn) -> None:
    assert load_text(project, f"fail-on = '{word}'") == Config(project, "gwlint.toml", fail_on=word)


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("preset = 'gateways'", "'preset' can't be 'gateways'; choose from gateway, universal, layers, none"),
        ("preset = true", "'preset' can't be True; choose from gateway, universal, layers, none"),
        ("infer = 0", "'infer' must be true or false, not 0; write one of them, without quotes"),
        ("infer = 'false'", "'infer' must be true or false, not 'false'; write one of them, without quotes"),
        (
            "include-tests = 2026-01-31",
            "'include-tests' must be true or false, not datetime.date(2026, 1, 31); write one of them, without quotes",
        ),
        ("fail-on = 'info'", "'fail-on' can't be 'info'; choose from error, warning, note, never"),
        *(
            (
                f"issues-url = '{url}'",
                f"'issues-url' is '{url}', which is no address of a page; write it like 'https://example.com/issues'",
            )
            for url in (
                "example.com/issues",
                "file:///issues",
                "https://",
                "https://a b",
                "https://a/{code}",
                "https://a/%",
            )
        ),
        *(
            (
                f"docs-url = '{url}'",
                f"'docs-url' is '{url}', which is no address of pages; write it like {DOCS_URL}",
            )
            for url in ("rules/", "https://a/{rule}", "https://a/{code", "https://a/ä", "https://{code}.a/")
        ),
        ("docs-url = ''", "'docs-url' is an empty string; fill it or remove the key"),
        ("issues-url = 1", "'issues-url' must be a string, not 1; put it in quotes"),
        ("require-reason = []", "'require-reason' must be true or false, not []; write one of them, without quotes"),
        ("config = 'app.config'", "'config' must be a list of strings, not 'app.config'; put it in brackets"),
        ("select = []", "'select' is empty: nothing would be checked; name codes or remove the key"),
        ("select = 'GW'", "'select' must be a list of strings, not 'GW'; put it in brackets"),
        ("ignore = [true]", "'ignore' holds True, which is no string; put it in quotes"),
        ("ignore = ['GW1', 'GW1']", "'ignore' holds 'GW1' a second time; remove it"),
        ("severity = 'off'", "'severity' must be a table, not 'off'; give it keys of its own"),
        ("severity.GW1 = 'info'", "'severity.GW1' can't be 'info'; choose from error, warning, note, off"),
        (
            "duplicates.min-statements = 0",
            "'duplicates.min-statements' can't be 0; write a whole number from 1 to 1000",
        ),
        (
            "duplicates.min-statements = 2.5",
            "'duplicates.min-statements' must be a whole number, not 2.5; write one from 1 to 1000",
        ),
        ("duplicates.threshold = 82", "'duplicates.threshold' can't be 82; write a number from 0.5 to 1"),
        ("duplicates.threshold = nan", "'duplicates.threshold' can't be nan; write a number from 0.5 to 1"),
        (
            "duplicates.threshold = true",
            "'duplicates.threshold' must be a number, not True; write one from 0.5 to 1",
        ),
        ("duplicates.kinds = []", "'duplicates.kinds' is empty: nothing would be found; name kinds or remove the key"),
        (
            "duplicates.kinds = ['same']",
            "'duplicates.kinds' holds 'same', which is no choice; choose from exact, renamed, near",
        ),
        (
            "duplicates.kind = ['exact']",
            "unknown key 'duplicates.kind'; did you mean 'kinds'?",
        ),
        (
            "budgets.memory-mb = 0",
            "'budgets.memory-mb' can't be 0; write a number from 1 to 10240",
        ),
        (
            "budgets.init-ms = '100'",
            "'budgets.init-ms' must be a number, not '100'; write one from 1 to 900000",
        ),
        (
            'budgets.site-packages = "a\\u0007"',
            r"'budgets.site-packages' is 'a\x07', which has characters that can't be printed; leave them out",
        ),
        ("budgets.site-packages = ' '", "'budgets.site-packages' is an empty string; fill it or remove the key"),
        ("budgets.memory = 128", "unknown key 'budgets.memory'; did you mean 'memory-mb'?"),
        ("severity.GW1 = false", "'severity.GW1' can't be False; choose from error, warning, note, off"),
    ],
)
def test_a_value_that_means_nothing_is_refused(project: Path, setting: str, problem: str) -> None:
    assert problems_of(project, setting) == problem


LISTED = "`gwlint rule` lists them"


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("GW109", "did you mean 'GW105'?"),
        ("GW1xx", "did you mean 'GW1'?"),
        ("GW1011", "did you mean 'GW101'?"),
        ("gw101", "did you mean 'GW101'?"),
        (" GW101 ", "did you mean 'GW101'?"),
        ("G", LISTED),
        ("GW4", LISTED),
        ("GW\u0661", LISTED),
        ("E501", LISTED),
        ("*", LISTED),
    ],
)
def test_a_code_without_a_rule_is_refused_wherever_it_stands(project: Path, code: str, remedy: str) -> None:
    text = (
        f"select = ['{code}']\nignore = ['{code}']\nextend-select = ['{code}']\n"
        f"severity.'{code}' = 'off'\nper-file-ignores.'a.py' = ['{code}']"
    )

    assert problems_of(project, text).splitlines() == [
        f"{key} {code!r}, which is the code of no rule; {remedy}"
        for key in (
            "'select' holds",
            "'ignore' holds",
            "'extend-select' holds",
            "'severity' has",
            "'per-file-ignores.\"a.py\"' holds",
        )
    ]


def test_without_the_rules_only_the_form_of_a_code_is_judged(project: Path) -> None:
    (project / "gwlint.toml").write_text("select = ['GW999']")
    config = load(project)
    (project / "gwlint.toml").write_text("select = ['bypass']")
    with pytest.raises(ConfigError) as error:
        load(project)

    assert config.select == ("GW999",)
    assert str(error.value) == (
        "gwlint.toml: 'select' holds 'bypass', "
        "which is no code of a rule; write it like 'GW101', or like 'GW1' for all of them"
    )


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("'' = ['GW1']", "'per-file-ignores' has '', which is empty; write what it should match"),
        (
            "'!a' = ['GW1']",
            "'per-file-ignores' has '!a', which takes back what nothing has named; name the files themselves",
        ),
        ("'../a' = ['GW1']", "'per-file-ignores' has '../a', which leads outside the project; name what is inside"),
        ("a = []", "'per-file-ignores.a' is empty: nothing would be ignored; name codes or remove the key"),
        ("a = 'GW1'", "'per-file-ignores.a' must be a list of strings, not 'GW1'; put it in brackets"),
    ],
)
def test_what_is_ignored_by_file_has_a_glob_and_codes(project: Path, setting: str, problem: str) -> None:
    assert problems_of(project, f"[per-file-ignores]\n{setting}") == problem


MODULE = "is no dotted module name; write it like 'app.handler', without folder, '.py' or function"
GLOB = "is no glob of dotted module names; write it like 'app.cache_*', without folder or '.py'"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("components = 1", "'components' must be a table, not 1; give it keys of its own"),
        ("[[components]]", "'components' must be a table, not [{}]; give it keys of its own"),
        (
            "components.cache = 'app'",
            "'components.cache' must be a table, not 'app'; give it keys of its own",
        ),
        (
            "[components.cache]",
            "'components.cache' has no 'gateway'; name the one module that others may import",
        ),
        (
            "[components.cache]\ngateway = ['app.cache']",
            "'components.cache.gateway' must be a string, not ['app.cache']; put it in quotes",
        ),
        (
            "[components.cache]\ngateway = ' '",
            "'components.cache.gateway' is an empty string; fill it or remove the key",
        ),
        (
            "[components.cache]\ngateway = 'app/cache.py'",
            f"'components.cache.gateway' is 'app/cache.py', which {MODULE}",
        ),
        ("[components.cache]\ngateway = 'app.c*'", f"'components.cache.gateway' is 'app.c*', which {MODULE}"),
        (
            "[components.cache]\ngateway = 'a'\ninternal = []",
            "unknown key 'components.cache.internal'; did you mean 'internals'?",
        ),
        (
            "[components.cache]\ngateway = 'a'\ninternals = 'a_*'",
            "'components.cache.internals' must be a list of strings, not 'a_*'; put it in brackets",
        ),
        (
            "[components.'']\ngateway = 'a'",
            "'components' has '', which is empty; give it a name",
        ),
        (
            '[components."a\\n"]\ngateway = "a"',
            (
                "'components' has 'a\\n', which has white space around it or characters that can't be printed; "
                "leave them out"
            ),
        ),
        (
            "[components.'a b']\ngateway = 'a.'",
            f"'components.\"a b\".gateway' is 'a.', which {MODULE}",
        ),
        (
            "[components.a]\ngateway = 'app.x'\n[components.b]\ngateway = 'app.x'",
            "'components.b.gateway' is 'app.x', the gateway of 'components.a', too; make them one component",
        ),
        (
            "[components.a]\ngateway = 'a'\ninternals = ['x_*']\n[components.b]\ngateway = 'b'\ninternals = ['x_*']",
            "'components.b.internals' holds 'x_*', as 'components.a' does; remove it from one of them",
        ),
    ],
)
def test_a_component_has_a_gateway_of_its_own_and_internals(project: Path, text: str, problem: str) -> None:
    assert problems_of(project, text) == problem


@pytest.mark.parametrize(
    "glob", ["app/cache_*", "cache.py", "app..x", ".app", "app.", "a b", "[a.b]", "[]", "[z-a]", "[a", "a]", "{a,b}"]
)
def test_what_could_match_no_module_is_refused_wherever_it_stands(project: Path, glob: str) -> None:
    text = f"config = ['{glob}']\nextensions.x = ['{glob}']\n[components.c]\ngateway = 'c'\ninternals = ['{glob}']"

    assert problems_of(project, text).splitlines() == [
        f"'{key}' holds {glob!r}, which {GLOB}" for key in ("config", "extensions.x", "components.c.internals")
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("extensions = ['a']", "'extensions' must be a table, not ['a']; give it keys of its own"),
        ("extensions.a = 'a.*'", "'extensions.a' must be a list of strings, not 'a.*'; put it in brackets"),
        (
            "extensions.a = []",
            "'extensions.a' is empty: it would have no modules; name some or remove the key",
        ),
        (
            "extensions.' a' = ['x']",
            (
                "'extensions' has ' a', which has white space around it or characters that can't be"
                " printed; leave them out"
            ),
        ),
    ],
)
def test_an_extension_has_a_name_and_modules(project: Path, text: str, problem: str) -> None:
    assert problems_of(project, text) == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("access = 'deny'", "'access' must be a table, not 'deny'; give it keys of its own"),
        (
            "access.gateways-to-gateway = 'allow'",
            "unknown key 'access.gateways-to-gateway'; did you mean 'gateway-to-gateway'?",
        ),
        (
            "access.component-to-externals = 'deny'",
            ("unknown key 'access.component-to-externals'; did you mean 'component-to-external'?"),
        ),
        ("access.type-only = true", "'access.type-only' can't be True; choose from allow, deny"),
        ("access.gateway-to-gateway = 'off'", "'access.gateway-to-gateway' can't be 'off'; choose from allow, deny"),
    ],
)
def test_a_cell_is_allowed_or_denied(project: Path, text: str, problem: str) -> None:
    assert problems_of(project, text) == problem


PART = "is no name of a folder or module; write it like 'handlers'"


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        ("'a'", "'layers' must be a list of strings, not 'a'; put it in brackets"),
        ("[]", "'layers' needs two layers at least, from the top down; add what is missing"),
        ("['a|b']", "'layers' needs two layers at least, from the top down; add what is missing"),
        ("['a', 1]", "'layers' holds 1, which is no string; put it in quotes"),
        ("['a', '']", "'layers' holds '', where a name is missing; write it or remove the '|'"),
        ("['a', 'b| |c']", "'layers' holds 'b| |c', where a name is missing; write it or remove the '|'"),
        ("['a', 'b | a']", "'layers' holds 'a' a second time; remove it"),
        ("['a', 'b.c']", f"'layers' holds 'b.c', which {PART}"),
        ("['a', 'b_*']", f"'layers' holds 'b_*', which {PART}"),
    ],
)
def test_the_layers_of_the_preset_are_two_names_at_least(project: Path, layers: str, problem: str) -> None:
    assert problems_of(project, f"preset = 'layers'\nlayers = {layers}") == problem


@pytest.mark.parametrize("preset", ["", "preset = 'gateway'", "preset = 'none'"])
def test_layers_are_only_for_the_preset_of_that_name(project: Path, preset: str) -> None:
    assert problems_of(project, f"layers = ['a', 'b']\n{preset}") == (
        "'layers' is for the preset of that name; set preset = \"layers\" or remove it"
    )


ONION = 'contracts["onion"]'
CONTRACT = 'name = "onion"\ntype = "layers"\n'
TWO = 'layers = ["a", "b"]\n'


@pytest.mark.parametrize(
    ("contract", "problem"),
    [
        (
            "name = 'x'\ntype = 'forbidden'\nmodules = []",
            "'contracts[\"x\"].type' can't be 'forbidden'; 'layers' is the only type there is",
        ),
        ("name = 'x'\n" + TWO, "'contracts[\"x\"]' has no 'type'; write type = \"layers\""),
        ("type = 'layers'\n" + TWO, "'contracts[1]' has no 'name'; give it one that no other contract has"),
        (CONTRACT, f"'{ONION}' has no 'layers'; name them from the top down"),
        ("name = 1\ntype = 'layers'\n" + TWO, "'contracts[1].name' must be a string, not 1; put it in quotes"),
        ("name = ''\ntype = 'layers'\n" + TWO, "'contracts[1].name' is an empty string; fill it or remove the key"),
        (CONTRACT + "layers = 'a'", f"'{ONION}.layers' must be a list of strings, not 'a'; put it in brackets"),
        (
            CONTRACT + "layers = ['a']",
            f"'{ONION}.layers' needs two layers at least, from the top down; add what is missing",
        ),
        (CONTRACT + "layers = ['a', ' a ']", f"'{ONION}.layers' holds 'a' a second time; remove it"),
        (CONTRACT + "layers = ['a', 'b/c']", f"'{ONION}.layers' holds 'b/c', which {GLOB}"),
        (CONTRACT + TWO + "layer = 1", f"unknown key '{ONION}.layer'; did you mean 'layers'?"),
        (
            CONTRACT + TWO + "exhaustive = 1",
            f"'{ONION}.exhaustive' must be true or false, not 1; write one of them, without quotes",
        ),
        (
            CONTRACT + TWO + 'guidance = "\\u001b[31m"',
            f"'{ONION}.guidance' is '\\x1b[31m', which has characters that can't be printed; leave them out",
        ),
    ],
)
def test_a_contract_is_complete_and_means_something(project: Path, contract: str, problem: str) -> None:
    assert problems_of(project, f"[[contracts]]\n{contract}") == problem


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("1", "'contracts' must be a list of tables, not 1; give each contract a table"),
        ("{ name = 'x' }", "'contracts' must be a list of tables, not {'name': 'x'}; give each contract a table"),
        ("['x']", "'contracts[1]' must be a table, not 'x'; give it keys of its own"),
    ],
)
def test_contracts_are_a_list_of_tables(project: Path, value: str, problem: str) -> None:
    assert problems_of(project, f"contracts = {value}") == problem


def test_two_contracts_of_one_name_are_told_apart_by_their_numbers(project: Path) -> None:
    contract = f"[[contracts]]\n{CONTRACT}{TWO}exhaustive = 0\n"

    assert problems_of(project, contract + contract).splitlines() == [
        "'contracts[1].exhaustive' must be true or false, not 0; write one of them, without quotes",
        "'contracts[2].name' is 'onion', the name of 'contracts[1]', too; choose another one",
        "'contracts[2].exhaustive' must be true or false, not 0; write one of them, without quotes",
    ]


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/tmp/known.json", "is an absolute path; write it relative to the project"),
        ("C:\\known.json", "is an absolute path; write it relative to the project"),
        ("a/../../known.json", "leads outside the project; name a file inside"),
        (".", "is a folder; name a file"),
        ("known\x1b.json", "has characters that can't be printed; leave them out"),
    ],
)
def test_a_baseline_is_a_file_of_the_project(project: Path, path: str, fault: str) -> None:
    assert problems_of(project, f"baseline = {json.dumps(path)}") == f"'baseline' is {path!r}, which {fault}"


@pytest.mark.parametrize("key", ["capabilities", "function", "tool", "Preset "])
def test_a_key_that_does_not_exist_yet_is_refused(project: Path, key: str) -> None:
    problem = problems_of(project, f"'{key}' = 1")

    assert problem.startswith("unknown key ")


def test_a_name_without_end_is_cut_in_its_middle(project: Path) -> None:
    assert problems_of(project, f"components.{'x' * 5000} = 1") == (
        f"'components.{'x' * 29}...{'x' * 40}' must be a table, not 1; give it keys of its own"
    )


@given(st.text(alphabet="[]!-*?.abz_", min_size=1))
def test_every_glob_of_modules_that_is_accepted_means_something(glob: str) -> None:
    accepted = not module_glob_fault(glob)

    assert not accepted or re.compile(fnmatch.translate(glob))


texts = st.text() | st.sampled_from(
    ["", " ", "GW1", "GW101", "a.b_*", "a|b", "a", "layers", "gateway", "deny", "error", "GW\n", "src/*", "\x85", "!x"]
)
dates = st.dates() | st.times() | st.datetimes()
scalars: st.SearchStrategy[object] = st.one_of(texts, st.booleans(), st.integers(), st.floats(), dates)
words = texts | st.sampled_from(
    ["name", "type", "layers", "gateway", "internals", "guidance", "exhaustive", "type-only", "a"]
)
nested: st.SearchStrategy[object] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
known = st.sampled_from(sorted(keys(Path("/"), CODES)))
tables: st.SearchStrategy[dict[str, object]] = st.dictionaries(known | words, nested, max_size=6)


def written(value: object) -> str:
    """Write a value as TOML."""
    match value:
        case dict():
            return f"{{{', '.join(f'{quoted(key)} = {written(held)}' for key, held in value.items())}}}"
        case list():
            return f"[{', '.join(map(written, value))}]"
        case str():
            return quoted(value.encode("utf-8", "replace").decode())
        case date() | datetime() | time():
            return value.isoformat()
        case _:
            return str(value).lower()


@given(tables)
def test_every_value_gives_settings_or_one_line_for_each_problem(project: Path, table: Table) -> None:
    lines = list(problems(keys(project, CODES), table))

    assert [line for line in lines if line.splitlines() != [line]] == []


@given(tables)
def test_every_file_gives_settings_or_lines_that_begin_with_its_name(project: Path, table: Table) -> None:
    text = "\n".join(f"{quoted(key)} = {written(value)}" for key, value in table.items())
    lines: list[str] = []

    try:
        load_text(project, text)
    except ConfigError as error:
        lines = str(error).splitlines()

    assert [line for line in lines if not line.startswith("gwlint.toml: ")] == []
