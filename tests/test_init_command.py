"""What `gwlint init` writes and prints, and what it leaves alone."""

import json
import shutil
from pathlib import Path

import pytest
import tomli
import yaml
from jsonschema import Draft202012Validator

from gwlint.config import load
from gwlint.proposal.surroundings import FILES
from tests.conftest import Golden
from tests.projects import FIXTURES, REPOSITORY, Ran, gwlint, write

PROJECT = {
    "app/__init__.py": "",
    "app/cache.py": "from app import cache_core\n",
    "app/cache_core.py": "",
    "app/lambda_function.py": "from app.cache_core import get\n",
}
OTHERS = '# ours\n[project]\nname = "app"\n\n[tool.other]\nx = 1'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", PROJECT)


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the content of all files but those of the cache, by path."""
    files = (file for file in folder.rglob("*") if file.is_file() and ".gwlint_cache" not in file.parts)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def refusal(folder: Path, *options: str) -> str:
    before = files_in(folder)
    ran = gwlint("init", *options, cwd=folder)

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert files_in(folder) == before
    return ran.err.removeprefix("gwlint: error: ").removesuffix("\n")


@pytest.mark.parametrize("name", ["drifted", "flat"])
def test_a_fixture_is_written_down(tmp_path: Path, name: str, golden: Golden) -> None:
    shutil.copytree(FIXTURES / name, tmp_path / name, symlinks=True)
    (tmp_path / name / "gwlint.toml").unlink(missing_ok=True)
    ran = gwlint("init", "--dry-run", name, cwd=tmp_path)

    assert ran == (0, golden.text(f"init.{name}.toml", ran.out), "")


def test_what_is_next_is_printed(project: Path, golden: Golden) -> None:
    ran = gwlint("init", cwd=project)

    assert ran == (0, golden.text("init.text", ran.out), "")


def test_what_was_a_warning_is_an_error(project: Path) -> None:
    before = gwlint("check", "-q", cwd=project)
    gwlint("init", cwd=project)
    after = gwlint("check", "-q", cwd=project)

    assert (before.code, after.code) == (1, 1)
    assert before.out.replace("[warning]", "[error]") == after.out != before.out


def test_a_dry_run_writes_nothing_and_prints_all_that_would_be_written(project: Path) -> None:
    before = files_in(project)
    tried = gwlint("init", "--dry-run", cwd=project)

    assert files_in(project) == before
    gwlint("init", cwd=project)
    assert (project / "gwlint.toml").read_text() == tried.out


def test_a_project_is_named_by_its_folder(project: Path) -> None:
    ran = gwlint("init", "project", cwd=project.parent)

    assert ran.out.startswith("wrote project/gwlint.toml: 1 component declared\n")
    assert [one.name for one in load(project).components] == ["cache"]


def test_a_project_without_components_is_told_how_to_declare_one(tmp_path: Path) -> None:
    ran = gwlint("init", cwd=tmp_path)

    assert ran.out.startswith("wrote gwlint.toml: 0 components declared\n")
    assert tomli.loads((tmp_path / "gwlint.toml").read_text()) == {}


@pytest.mark.parametrize("before", ["", OTHERS, f"{OTHERS}\n", OTHERS.replace("\n", "\r\n"), f"\ufeff{OTHERS}\n"])
def test_a_table_is_appended_and_everything_else_is_kept(project: Path, before: str) -> None:
    write(project, {"pyproject.toml": before.encode()})
    tried = gwlint("init", "--pyproject", "--dry-run", cwd=project)
    gwlint("init", "--pyproject", cwd=project)
    after = (project / "pyproject.toml").read_bytes().decode()

    assert after == before + (project / "pyproject.toml").read_bytes()[len(before.encode()) :].decode()
    assert tried.out == after[len(before) :]
    assert after.count("\r\n") in (0, after.count("\n"))
    assert [one.name for one in load(project).components] == ["cache"]


def test_both_files_say_the_same(project: Path) -> None:
    write(project, {"pyproject.toml": OTHERS})
    own, shared = (gwlint("init", "--dry-run", *options, cwd=project).out for options in ((), ("--pyproject",)))

    assert tomli.loads(shared)["tool"]["gwlint"] == tomli.loads(own)


def test_both_files_have_the_same_checked(project: Path) -> None:
    gwlint("init", cwd=project)
    own = gwlint("check", cwd=project)
    (project / "gwlint.toml").unlink()
    write(project, {"pyproject.toml": OTHERS})
    gwlint("init", "--pyproject", cwd=project)

    assert gwlint("check", cwd=project) == own
    write(project, {"gwlint.toml": "infer = false"})
    assert gwlint("check", "-v", cwd=project).out.startswith("settings: gwlint.toml, not pyproject.toml\n")


@pytest.mark.parametrize(
    ("name", "content"),
    [("gwlint.toml", ""), ("gwlint.toml", "x"), ("pyproject.toml", "[tool.gwlint]\n"), ("pyproject.toml", "gwlint =")],
)  # fmt: skip
@pytest.mark.parametrize("options", [(), ("--pyproject",), ("--dry-run",), ("app",)])
def test_nothing_is_overwritten(project: Path, name: str, content: str, options: tuple[str, ...]) -> None:
    write(project, {name: content})

    assert refusal(project, *options) == (
        f"{project / name}: there are settings already, and nothing is overwritten; edit or remove them"
    )


def test_a_link_to_nowhere_is_not_written_through(project: Path) -> None:
    (project / "gwlint.toml").symlink_to("../elsewhere.toml")

    assert refusal(project).startswith(f"{project / 'gwlint.toml'}: there are settings already")
    assert not (project.parent / "elsewhere.toml").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[project\n", "settings can't be added: pyproject.toml: line 1, column 9 is no valid TOML: "),
        ("tool = {}\n", "settings can't be added: pyproject.toml: line 3, column "),
    ],
)
def test_a_table_that_would_not_be_understood_is_not_appended(project: Path, content: str, told: str) -> None:
    write(project, {"pyproject.toml": content})

    assert refusal(project, "--pyproject").startswith(f"pyproject.toml: {told}")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--pyproject",), "pyproject.toml: can't be read: No such file or directory; leave out --pyproject"),
        (("gone",), "gone: there is no such file or folder"),
        (("app/cache.py",), "app/cache.py: is a file; name the folder of a project"),
        (("--dryrun",), "there is no option '--dryrun'; did you mean '--dry-run'? See gwlint init --help"),
    ],
)
def test_what_can_not_be_done_is_said(project: Path, options: tuple[str, ...], told: str) -> None:
    assert refusal(project, *options) == told


def test_help_says_what_is_written(golden: Golden) -> None:
    ran = gwlint("init", "--help", COLUMNS="100")

    assert ran == (0, golden.text("init--help.text", ran.out), "")


# What is to be set up elsewhere


def test_the_schema_of_settings_is_printed_as_it_is() -> None:
    ran = gwlint("config", "schema")

    assert ran == (0, (REPOSITORY / "gwlint/schemas/config.schema.json").read_text(), "")
    Draft202012Validator.check_schema(json.loads(ran.out))


def test_every_key_of_the_schema_is_described() -> None:
    described = json.loads(gwlint("config", "schema").out)["properties"]

    assert [key for key, value in described.items() if not value.get("description")] == []


README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES)
def test_the_readme_has_what_is_printed(file: str) -> None:
    form = "toml" if file.endswith(".toml") else "yaml"

    assert f"`{file}`:\n\n```{form}\n{FILES[file]}```\n" in README


@pytest.mark.parametrize("block", [part.partition("```")[0] for part in README.split("```yaml\n")[1:]])
def test_what_the_readme_has_as_yaml_is_some_that_is_printed(block: str) -> None:
    assert isinstance(yaml.safe_load(block), dict)
    assert block in FILES.values()


def test_the_workflow_may_upload_findings_and_does_so_when_there_are_some() -> None:
    workflow = yaml.safe_load(FILES[".github/workflows/gwlint.yml"])
    steps = workflow["jobs"]["gwlint"]["steps"]
    uploads = [step for step in steps if "upload-sarif" in step.get("uses", "")]

    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}
    assert [(step["if"], step["with"]) for step in uploads] == [
        ("always()", {"sarif_file": "gwlint.sarif", "category": "gwlint"})
    ]
    assert [step["run"] for step in steps if "gwlint check" in step.get("run", "")] == [
        "gwlint check --format sarif --output-file gwlint.sarif"
    ]


def test_the_pipeline_reports_what_the_check_writes() -> None:
    job = yaml.safe_load(FILES[".gitlab-ci.yml"])["gwlint"]

    assert job["artifacts"] == {"when": "always", "reports": {"codequality": "gl-code-quality-report.json"}}
    assert job["script"][-1] == "gwlint check --format gitlab --output-file gl-code-quality-report.json"


def test_ruff_is_told_of_the_codes() -> None:
    assert tomli.loads(FILES["ruff.toml"]) == {"lint": {"external": ["GW"]}}


# Shells


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(shell: str, tmp_path: Path) -> None:
    ran = gwlint(cwd=tmp_path, _GWLINT_COMPLETE=f"{shell}_source")

    assert (ran.code, ran.err) == (0, "")
    assert f"_GWLINT_COMPLETE={shell}_complete" in ran.out


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("gwlint ch", ["plain,check"]),
        ("gwlint check --sel", ["plain,--select"]),
        ("gwlint check --fail-on n", ["plain,note", "plain,never"]),
        ("gwlint config s", ["plain,schema"]),
    ],
)
def test_what_has_been_begun_is_completed(words: str, completed: list[str], tmp_path: Path) -> None:
    position = str(len(words.split()) - 1)
    environment = {"_GWLINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": position}

    assert gwlint(cwd=tmp_path, **environment) == Ran(0, "".join(f"{one}\n" for one in completed), "")
