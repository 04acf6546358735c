"""Functions as a project declares them: by templates that refer to one another, by what is built, by its settings."""

import os
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from gwlint.analysis import Survey
from gwlint.cache import Cache
from gwlint.config import ConfigError, load
from gwlint.templates import FunctionTemplate, Setting
from tests.building import function, template
from tests.projects import edit, gwlint, write

CDK_TEMPLATE = """{"Resources": {"Orders": {"Type": "AWS::Lambda::Function",
  "Properties": {"Handler": "app.main", "Runtime": "python3.12", "MemorySize": 256, "Code": {"S3Key": "0abc.zip"}},
  "Metadata": {"aws:asset:path": "asset.0abc"}}}}
"""
CDK = {
    "app.py": "import stacks\n",
    "stacks.py": "",
    "orders/app.py": "import gone\n",
    "cdk.out/Shop.template.json": CDK_TEMPLATE,
    "cdk.out/assembly-Prod/Shop.template.json": CDK_TEMPLATE,
    "cdk.out/asset.0abc/app.py": "import app\nimport gone\n",
    "cdk.out/asset.0abc/template.yaml": "Resources: {F: {Type: AWS::Lambda::Function}}",
    "cdk.out/tree.json": "{}",
}


def survey(project: Path, cache: Cache | None = None) -> Survey:
    with closing(cache or Cache(None)) as opened:
        return Survey(load(project), opened, 1, lambda _done, _total: None)


def memory(project: Path) -> dict[str, int | None]:
    return {f"{one.template}: {one.name}": one.memory_mb.value for one in survey(project).functions}


def refused(project: Path) -> str:
    with pytest.raises(ConfigError) as error, closing(Cache(None)) as cache:
        Survey(load(project), cache, 1, lambda _done, _total: None).project()
    return str(error.value)


def test_what_the_cdk_has_synthesised_declares_functions_and_is_no_code(tmp_path: Path) -> None:
    write(tmp_path, CDK)
    with closing(Cache(None)) as cache:
        found = Survey(load(tmp_path), cache, 1, lambda _done, _total: None)
        project = found.project()

    assert [(one.template, one.code, one.memory_mb) for one in found.functions] == [
        ("cdk.out/Shop.template.json", "cdk.out/asset.0abc", Setting(256, 2)),
        ("cdk.out/assembly-Prod/Shop.template.json", "cdk.out/assembly-Prod/asset.0abc", Setting(256, 2)),
    ]
    assert [one.path for one in project.modules] == ["app.py", "orders/app.py", "stacks.py"]
    assert project.roots == (".",)


def test_a_check_says_the_same_with_what_the_cdk_has_synthesised(tmp_path: Path) -> None:
    write(tmp_path, {path: text for path, text in CDK.items() if not path.startswith("cdk.out")})
    before = gwlint("check", "--no-cache", tmp_path)
    write(tmp_path, CDK)

    assert gwlint("check", "--no-cache", tmp_path) == before


def test_what_the_settings_exclude_is_no_template(tmp_path: Path) -> None:
    write(tmp_path, {**CDK, "gwlint.toml": "exclude = ['cdk.out']"})

    assert memory(tmp_path) == {}


PARENT = """\
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: inner/template.yaml, Parameters: {Memory: %s}}
"""
CHILD = """\
Parameters: {Memory: {Type: Number, Default: 128}}
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {MemorySize: !Ref Memory}}
  Inmost:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: most/template.yaml, Parameters: {Memory: !Ref Memory}}
"""


def test_a_stack_in_a_stack_has_the_parameters_it_is_given(tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": PARENT % 512, "inner/template.yaml": CHILD, "inner/most/template.yaml": CHILD})

    assert memory(tmp_path) == {"inner/most/template.yaml: F": 512, "inner/template.yaml: F": 512}


def test_parameters_that_two_stacks_set_differently_are_unknown(tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": PARENT % 512, "sam.yaml": PARENT % 256, "inner/template.yaml": CHILD})

    assert memory(tmp_path) == {"inner/template.yaml: F": None}


def test_stacks_that_deploy_each_other_come_to_an_end(tmp_path: Path) -> None:
    text = CHILD.replace("most/template.yaml", "template.yaml").replace(
        "Memory: !Ref Memory}", "Memory: !Sub '1${Memory}'}"
    )
    write(tmp_path, {"template.yaml": text})

    assert list(memory(tmp_path)) == ["template.yaml: F"]


SERVICE = "functions: {f: {handler: app.main, memorySize: '${file(sizes.yml):f, 320}'}}"


def test_a_file_that_a_template_asks_for_is_read_anew_when_it_changes(tmp_path: Path) -> None:
    project, folder = write(tmp_path / "project", {"serverless.yml": SERVICE}), tmp_path / "cache"
    seen = []
    for sizes in (None, "f: 512", "f: 768", None):
        edit(project, {"sizes.yml": sizes})
        seen += [one.memory_mb.value for one in survey(project, Cache(folder)).functions]

    assert seen == [320, 512, 768, 320]


def test_a_fifo_that_a_template_asks_for_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path, {"serverless.yml": SERVICE})
    os.mkfifo(tmp_path / "sizes.yml")

    assert memory(tmp_path) == {"serverless.yml: f": 320}


def test_all_tools_are_found_in_one_project(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "infra/main.tf": 'resource "aws_lambda_function" "f" {\n  memory_size = var.m\n}\n',
            "infra/m.tf": 'variable "m" {\n  default = 192\n}\n',
            "api/.chalice/config.json": '{"lambda_memory_size": 256}',
            "web/zappa_settings.toml": "[dev]\nmemory_size = 384\n",
            "web/zappa_settings.py": "",
        },
    )

    assert memory(tmp_path) == {
        "api/.chalice/config.json: dev-api_handler": 256,
        "infra/main.tf: f": 192,
        "web/zappa_settings.toml: dev": 384,
    }


SAM = template(function("Orders", "orders"), function("Carts", "carts"))
SETTINGS = """\
[functions.Orders]
memory-mb = 512
[functions.batch]
handler = "jobs/batch.main"
root = "./orders/"
layers = ["carts"]
runtime = "python3.13"
architecture = "arm64"
timeout-s = 900
environment-bytes = 100
ephemeral-mb = 1024
"""
SOURCES = {"template.yaml": SAM, "orders/main.py": "", "carts/main.py": "", "orders/jobs/batch.py": ""}


def test_settings_go_before_templates_and_add_functions(tmp_path: Path) -> None:
    write(tmp_path, {**SOURCES, "gwlint.toml": SETTINGS})
    orders, carts, batch = survey(tmp_path).functions
    plain = FunctionTemplate("", "template.yaml", 3, "main.handler", "orders", (), "python3.12", "sam")
    plain = msgspec.structs.replace(plain, layer_count=Setting(0, 3))

    assert orders == msgspec.structs.replace(plain, name="Orders", memory_mb=Setting(512, 1, "gwlint.toml"))
    assert carts == msgspec.structs.replace(plain, name="Carts", line=4, code="carts", layer_count=Setting(0, 4))
    assert batch == FunctionTemplate(
        name="batch",
        template="gwlint.toml",
        line=1,
        handler="jobs/batch.main",
        code="orders",
        layers=("carts",),
        runtime="python3.13",
        tool="gwlint",
        timeout_s=Setting(900, 1, "gwlint.toml"),
        architecture=Setting("arm64", 1, "gwlint.toml"),
        ephemeral_mb=Setting(1024, 1, "gwlint.toml"),
        environment_bytes=Setting(100, 1, "gwlint.toml"),
        environment_least=100,
        layer_count=Setting(1, 1, "gwlint.toml"),
    )


def test_a_function_of_the_settings_is_deployed_like_any_other(tmp_path: Path) -> None:
    write(tmp_path, {**SOURCES, "orders/jobs/batch.py": "import main\n", "gwlint.toml": SETTINGS})
    with closing(Cache(None)) as cache:
        project = Survey(load(tmp_path), cache, 1, lambda _done, _total: None).project()

    assert [one.path for one in project.modules if one.is_entry_point] == [
        "carts/main.py",
        "orders/jobs/batch.py",
        "orders/main.py",
    ]


ORDERS = "`functions.orders`: no template declares such a function; did you mean `Orders`?"
NOBODY = "`functions.x`: no template declares such a function; give it a `handler`"
GONE = "`functions.x`: there is no file for the handler `gone.main`; correct it, or the `root` it is in"
HANDLER = (
    "'functions.x.handler' is 'main', which names no function of a module; write it like 'app.main' or 'src/app.main'"
)
ROOT = "'functions.x.root' is 'gone', which does not exist; create it or correct the path"
RUNTIME = "'functions.x.runtime' is 'nodejs20.x', which is no runtime of Python; write it like 'python3.12'"
MEMORY = "'functions.x.memory-mb' can't be 64; write a whole number from 128 to 10240"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("functions.orders.memory-mb = 512", ORDERS),
        ("functions.x.memory-mb = 512", NOBODY),
        ("functions.x = { handler = 'gone.main', root = 'orders' }", GONE),
        ("functions.x.handler = 'main'", HANDLER),
        ("functions.x.root = 'gone'", ROOT),
        ("functions.x.runtime = 'nodejs20.x'", RUNTIME),
        ("functions.x.memory-mb = 64", MEMORY),
        ("functions.x.memory = 128", "unknown key 'functions.x.memory'; did you mean 'memory-mb'?"),
        ("functions = 1", "'functions' must be a table, not 1; give it keys of its own"),
    ],
)
def test_a_mistake_in_a_function_of_the_settings_is_one_clear_error(
    tmp_path: Path, settings: str, problem: str
) -> None:
    write(tmp_path, {**SOURCES, "gwlint.toml": settings})

    assert refused(tmp_path) == f"gwlint.toml: {problem}"
