"""Every rule has a page, and every page is right: its examples are run."""

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import libcst
import pytest

from gwlint.cache import Cache
from gwlint.check import check
from gwlint.config import load
from gwlint.explain import page
from gwlint.rule import Rule
from gwlint.rules import RULES
from gwlint.selection import Selection
from tests.pages import Example, Page, Place, marks, parsed
from tests.projects import REPOSITORY, write

SECTIONS = ("Why", "Instead", "Bad", "Good")
WITH_OPTIONS = ("Why", "Instead", "Options", "Bad", "Good")

of_every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def page_of(rule: Rule) -> Page:
    return parsed(page(rule.id))


def reported(rule: Rule, example: Example, folder: Path) -> set[Place]:
    """Where a rule, which is on whatever its default is, reports something in a project."""
    config = load(write(folder, example.files))
    asked = config if Selection(config).has(rule) else replace(config, extend_select=(rule.id,))
    with closing(Cache(None)) as cache:
        report = check(asked, cache, 1, lambda _done, _total: None, today=date(2026, 1, 15))
    return {(finding.path, finding.at.line) for finding in report.findings if finding.rule == rule.id}


def broken(content: str) -> bool:
    """Whether a module can't be parsed by a grammar that is today's on every interpreter."""
    try:
        libcst.parse_module(content)
    except libcst.ParserSyntaxError:
        return True
    return False


# The pages there are


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    pages = sorted(file.name for file in (REPOSITORY / "rules").glob("*.md") if file.name != "README.md")

    assert pages == [f"{rule.id}-{rule.name}.md" for rule in RULES]


@of_every_rule
def test_a_page_says_what_the_rule_says(rule: Rule) -> None:
    assert page_of(rule)[:2] == (f"{rule.id}: {rule.name}", rule.summary)


@of_every_rule
def test_a_page_has_its_sections_in_order(rule: Rule) -> None:
    assert page_of(rule).sections in (SECTIONS, WITH_OPTIONS)


@of_every_rule
def test_bad_examples_are_reported_where_they_are_marked(rule: Rule, tmp_path: Path) -> None:
    bad = page_of(rule).bad
    found = [reported(rule, example, tmp_path / f"bad{number}") for number, example in enumerate(bad)]

    assert dict(enumerate(found)) == {number: example.marked(rule.id) for number, example in enumerate(bad)}
    assert bad
    assert all(found)


@of_every_rule
def test_good_examples_are_not_reported(rule: Rule, tmp_path: Path) -> None:
    good = page_of(rule).good
    found = [reported(rule, example, tmp_path / f"good{number}") for number, example in enumerate(good)]

    assert dict(enumerate(found)) == {number: set() for number in range(len(good))}
    assert good


@of_every_rule
def test_examples_are_python_unless_they_are_marked_as_none(rule: Rule) -> None:
    examples = [*page_of(rule).bad, *page_of(rule).good]
    sources = [(path, text) for example in examples for path, text in example.files.items() if path.endswith(".py")]
    unmarked = [(path, text) for path, text in sources if "GW001" not in set().union(*map(marks, text.split("\n")))]

    assert [path for path, text in unmarked if broken(text)] == []


# How a page is read


PAGE = """\
# GW101: gateway-bypass

Code outside a component
imports its internal.

## Why

Because.

```toml
# not an example
```

## Bad

### In a package

Some words, with `a/path.py` in them.

`app/handler.py`

```python
## no heading
from app.cache_core import get  # error: GW101
import x.y_core, z  # error: GW101, GW104
print("# error: GW101 is no mark here")
```

`gwlint.toml`, `# error: GW104` on lines 1, 2

```toml
preset = "gateway"
```

### Elsewhere

`a.md`

````markdown
```python
```
````

## Good

`app/handler.py`

```python
```
"""


def test_a_page_has_a_title_a_summary_and_sections() -> None:
    assert parsed(PAGE)[:3] == (
        "GW101: gateway-bypass",
        "Code outside a component imports its internal.",
        ("Why", "Bad", "Good"),
    )


def test_examples_are_projects() -> None:
    bad, good = parsed(PAGE)[3:]

    assert [(example.title, [*example.files]) for example in (*bad, *good)] == [
        ("In a package", ["app/handler.py", "gwlint.toml"]),
        ("Elsewhere", ["a.md"]),
        ("", ["app/handler.py"]),
    ]
    assert bad[0].files["gwlint.toml"] == 'preset = "gateway"\n'
    assert bad[1].files["a.md"] == "```python\n```\n"
    assert good[0].files["app/handler.py"] == ""


@pytest.mark.parametrize(("code", "lines"), [("GW101", {2, 3}), ("GW104", {3}), ("GW201", set())])
def test_marks_in_a_file_say_which_rule_is_to_report_a_line(code: str, lines: set[int]) -> None:
    marked = parsed(PAGE).bad[0].marked(code)

    assert {place for place in marked if place[0] == "app/handler.py"} == {("app/handler.py", line) for line in lines}


def test_marks_beside_a_path_are_those_of_a_file_without_comments() -> None:
    (good,) = parsed(PAGE).good

    assert parsed(PAGE).bad[0].marked("GW104") == {("app/handler.py", 3), ("gwlint.toml", 1), ("gwlint.toml", 2)}
    assert good.marked("GW104") == set()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# GW101: gateway-bypass\n",
        "## GW101: gateway-bypass\n\nText.\n",
        "# GW101: x\n\nText.\n\n## Bad\n\n```python\nimport os\n```\n",
        "# GW101: x\n\nText.\n\n## Bad\n\n`a.py`\n\n```python\nimport os\n",
        "# GW101: x\n\nText.\n\n## Bad\n\n`a.py`\n```\n```\n\n`a.py`\n```\n```\n",
    ],
)
def test_what_is_no_page_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"page begins|path of its own|never closed"):
        parsed(text)
