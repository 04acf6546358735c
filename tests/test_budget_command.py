"""`gwlint budget`, as it is printed."""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gwlint import __version__
from tests.conftest import Golden
from tests.projects import FIXTURES, REPOSITORY, gwlint, write

DRIFTED = FIXTURES / "drifted"
SCHEMA = json.loads((REPOSITORY / "gwlint/schemas/budget.schema.json").read_bytes())
HANDLER = "import json\n\n\ndef lambda_handler(event, context):\n    return json.dumps(event)\n"
TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: orders, Handler: app.lambda_handler, Runtime: RUNTIME, MemorySize: 512}
"""
RUNTIME = f"python{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    template = TEMPLATE.replace("RUNTIME", RUNTIME)
    return write(tmp_path, {"orders/app.py": HANDLER, "template.yaml": template, "gwlint.toml": ""})


def errors(document: str) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(json.loads(document))]


def test_functions_are_a_table(golden: Golden) -> None:
    ran = gwlint("budget", DRIFTED, "--no-cache")

    assert ran == (0, golden.text("budget.text", ran.out), "")


def test_a_function_is_a_tree(golden: Golden) -> None:
    ran = gwlint("budget", "NightlyFunction", "--no-cache", cwd=DRIFTED)

    assert ran == (0, golden.text("budget-function.text", ran.out), "")


def test_functions_are_json(golden: Golden) -> None:
    ran = gwlint("budget", DRIFTED, "--format", "json", "--no-cache")
    said = ran.out.replace(f'"version": "{__version__}"', '"version": "0.0.0"')

    assert (ran.code, said, errors(said)) == (0, golden.text("budget.json", said), [])


@pytest.mark.parametrize(("seed", "jobs"), [("0", "1"), ("1", "2")])
def test_neither_hashes_nor_processes_change_what_is_estimated(seed: str, jobs: str, golden: Golden) -> None:
    ran = gwlint("budget", DRIFTED, "--no-cache", "--jobs", jobs, PYTHONHASHSEED=seed)

    assert ran.out == golden.text("budget.text")


def test_what_is_known_from_before_is_the_same(project: Path) -> None:
    cold, warm = gwlint("budget", project), gwlint("budget", project)

    assert (cold, (project / ".gwlint_cache").is_dir()) == (warm, True)


def test_bytecode_that_is_worthless_costs_more(project: Path) -> None:
    functions = "".join(f"def f{number}(a, b):\n    return a.b{number}(b)\n" for number in range(3_000))
    write(project, {"orders/more.py": functions, "orders/app.py": f"import more\n{HANDLER}"})
    valid, stale = (
        json.loads(gwlint("budget", project, "--bytecode", bytecode, "-f", "json").out)["functions"][0]
        for bytecode in ("valid", "stale")
    )

    assert valid["init_ms"]["estimate"] < stale["init_ms"]["estimate"]
    assert valid["memory_mb"]["estimate"] < stale["memory_mb"]["estimate"]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_object_of_the_schema_is_closed_and_requires_all_it_has() -> None:
    objects = [SCHEMA, *(one for one in SCHEMA["$defs"].values() if "properties" in one)]

    assert [(one["additionalProperties"], one["required"]) for one in objects] == [
        (False, list(one["properties"])) for one in objects
    ]


# A page.


class Page(HTMLParser):
    """What a page consists of: its tags, what it refers to, and its texts by tag."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]

    def handle_data(self, data: str) -> None:
        self.texts.append((self.tags[-1] if self.tags else "", data))


def test_a_page_needs_nothing_from_elsewhere(project: Path) -> None:
    page = Page(gwlint("budget", project, "--format", "html").out)

    assert page.references == ["#f-0"]
    assert not {"link", "img", "iframe", "object", "base"} & set(page.tags)


def test_a_page_allows_its_own_scripts_alone(project: Path) -> None:
    content = gwlint("budget", project, "--format", "html").out
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', content)

    assert policy is not None
    assert re.sub(r"'sha256-[^']*'", "HASH", policy[1]) == (
        "default-src 'none'; script-src HASH HASH; style-src HASH; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_a_page_says_everything_in_tables(project: Path) -> None:
    page = Page(gwlint("budget", project, "--format", "html").out)
    captions = [text for tag, text in page.texts if tag == "caption" and text.strip()]

    assert captions == [
        "Functions, what they take, and what they may take",
        "What it loads, and what brings that in",
    ]


def test_names_are_no_markup(tmp_path: Path) -> None:
    name = "</script><script>alert(1)</script>&'\""
    settings = f"[functions.{json.dumps(name)}]\nhandler = 'app.lambda_handler'\n"
    content = gwlint("budget", write(tmp_path, {"app.py": HANDLER, "gwlint.toml": settings}), "-f", "html").out

    assert "alert(1)</script>" not in content
    assert Page(content).tags.count("script") == 3


def test_a_page_goes_to_a_file(project: Path, tmp_path: Path) -> None:
    ran = gwlint("budget", project, "-f", "html", "-o", tmp_path / "budget.html")

    assert ran == (0, "", "")
    assert (tmp_path / "budget.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_library_of_the_page_has_its_licence() -> None:
    vendor = REPOSITORY / "gwlint/reporters/vendor/echarts"

    assert "Apache License" in (vendor / "LICENSE").read_text(encoding="utf-8")
    assert "Apache ECharts" in (vendor / "NOTICE").read_text(encoding="utf-8")


# Measuring.


def test_only_measuring_runs_code_and_says_so_first(project: Path) -> None:
    write(project, {"orders/app.py": "print('it runs')\n" + HANDLER})
    estimated, measured = gwlint("budget", project), gwlint("budget", project, "--measure", "--python", sys.executable)

    assert estimated.err == ""
    assert measured.err.splitlines() == [
        f"running with {sys.executable}, 3 times each:",
        f"  import app  (from {project / 'orders'})",
    ]


def test_what_was_measured_stands_beside_the_estimate(project: Path) -> None:
    ran = gwlint("budget", project, "--measure", "--python", sys.executable, "--format", "json")
    (function,) = json.loads(ran.out)["functions"]

    assert errors(ran.out) == []
    assert function["measured"]["error"] is None
    assert function["measured"]["memory_mb"] > 0


def test_what_can_not_be_imported_is_told_for_its_function(project: Path) -> None:
    write(project, {"orders/app.py": "raise OSError('no table')\n" + HANDLER})
    ran = gwlint("budget", project, "--measure", "--python", sys.executable, "--format", "json")
    (function,) = json.loads(ran.out)["functions"]

    assert (ran.code, function["measured"]["memory_mb"]) == (0, None)
    assert "OSError: no table" in function["measured"]["error"]


# What is asked for.


def test_a_project_without_functions_says_what_would_be_one(tmp_path: Path, golden: Golden) -> None:
    ran = gwlint("budget", write(tmp_path, {"a.py": "x = 1\n"}))

    assert ran == (0, golden.text("budget-none.text", ran.out), "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Order"], "there is neither a function nor a file `Order`; did you mean `Orders`?"),
        (["--site-packages", "gone"], "--site-packages: gone is no folder"),
        (["--python", "gone"], "--python is for --measure; add that, or leave it out"),
        (["--measure", "--python", "gone"], "--python: gone is no interpreter; name its file"),
        (["-o", "gone/budget.txt"], "--output-file: gone/budget.txt can't be written: No such file or directory"),
    ],
)
def test_mistakes_are_one_line(project: Path, arguments: list[str], said: str) -> None:
    ran = gwlint("budget", *arguments, cwd=project)

    assert ran == (2, "", f"gwlint: error: {said}\n")


def test_only_the_functions_of_a_path_are_shown(project: Path) -> None:
    write(project, {"app.py": HANDLER})
    shown, other = (json.loads(gwlint("budget", project / one, "-f", "json").out) for one in ("orders", "app.py"))

    assert [one["name"] for one in shown["functions"]] == ["Orders"]
    assert other["functions"] == []


def test_a_path_without_a_function_is_told_of(project: Path) -> None:
    write(project, {"other/app.py": "x = 1\n"})
    ran = gwlint("budget", "other", cwd=project)

    assert ran.err == "warning: `other` holds no handler of a function, and no template that declares one\n"
