"""What configurations of Terraform say of functions."""

import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.templates import FunctionTemplate, LayerTemplate, Setting, Template
from gwlint.templates.terraform import read_terraform

MAIN = b"""\
variable "memory" {
  default = 512
}
locals {
  sizes = { timeout = 10, "disk" = 1024 }
  variables = { STAGE = "dev" }
}
resource "aws_lambda_function" "orders" {
  function_name = "orders-${var.stage}"
  handler       = "app.main"
  runtime       = "python3.12"
  memory_size   = var.memory
  timeout       = local.sizes.timeout
  architectures = ["arm64"]
  filename      = data.archive_file.orders.output_path
  layers        = [aws_lambda_layer_version.common.arn, "arn:aws:lambda:eu-west-1:1:layer:x:1"]
  environment {
    variables = local.variables
  }
  ephemeral_storage {
    size = local.sizes["disk"]
  }
}
data "archive_file" "orders" {
  type        = "zip"
  source_dir  = "${path.module}/../src"
  excludes    = ["tests"]
  output_path = "orders.zip"
}
resource "aws_lambda_layer_version" "common" {
  layer_name = "common"
  filename   = data.archive_file.common.output_path
}
resource "aws_lambda_function" "front" {
  handler = "front.main"
  runtime = "nodejs20.x"
}
"""
LAYERS = b'data "archive_file" "common" {\n  source_dir = "layers/common"\n}\n'
VARIABLES = b'variable "stage" {}\n'
ONE = b'resource "aws_lambda_function" "f" {\n%s\n}\n'


def function(name: str, line: int, **fields: object) -> FunctionTemplate:
    plain = FunctionTemplate(name, "infra/main.tf", line, "app.main", None, (), "python3.12", "terraform")
    return msgspec.structs.replace(plain, **fields)


def only(attributes: str, more: bytes = b"") -> FunctionTemplate:
    (template,) = read_terraform({"main.tf": ONE % attributes.encode() + more})
    (found,) = template.functions
    return found


def test_the_files_of_a_folder_are_one_configuration() -> None:
    files = {
        "infra/main.tf": MAIN,
        "infra/layers.tf": LAYERS,
        "infra/variables.tf": VARIABLES,
        "other/x.tf": b"broken {",
    }

    assert read_terraform(files) == (
        Template(
            "infra/layers.tf",
            (
                function(
                    "orders",
                    8,
                    code="src",
                    layers=("infra/layers/common",),
                    memory_mb=Setting(512, 12),
                    timeout_s=Setting(10, 13),
                    architecture=Setting("arm64", 14),
                    ephemeral_mb=Setting(1024, 21),
                    environment_bytes=Setting(len('{"STAGE":"dev"}'), 18),
                    environment_least=len('{"STAGE":"dev"}'),
                    layer_count=Setting(2, 16),
                    patterns=("!tests",),
                ),
            ),
            (LayerTemplate("common", "infra/main.tf", 30, "infra/layers/common"),),
        ),
    )


def test_a_module_is_read_as_often_as_it_is_called_with_what_it_is_given() -> None:
    module = b"""\
variable "memory" { default = 1 }
variable "folder" {}
variable "name" {}
resource "aws_lambda_function" "this" {
  handler     = "app.main"
  runtime     = "python3.12"
  memory_size = var.memory
  timeout     = var.name
  filename    = data.archive_file.this.output_path
}
data "archive_file" "this" {
  source_dir = var.folder
}
"""
    calls = b"""\
module "orders" {
  source = "../modules/function"
  memory = 256
  folder = "${path.module}/../orders"
  name   = var.name
}
module "carts" {
  source = "../modules/function"
}
"""
    path = "modules/function/main.tf"

    (template,) = read_terraform({"infra/main.tf": calls, path: module})
    assert template.functions == (
        function("orders.this", 4, template=path, code="orders", memory_mb=Setting(256, 7), timeout_s=Setting(None, 8)),
        function("carts.this", 4, template=path, memory_mb=Setting(1, 7), timeout_s=Setting(None, 8)),
    )


def test_the_module_that_most_people_use_is_a_function() -> None:
    calls = b"""\
module "orders" {
  source                 = "terraform-aws-modules/lambda/aws"
  version                = "~> 8.0"
  handler                = "app.main"
  runtime                = "python3.12"
  source_path            = "../src/orders"
  memory_size            = 512
  ephemeral_storage_size = 2048
  environment_variables  = { A = "b" }
  layers                 = [module.common.lambda_layer_arn]
}
module "common" {
  source       = "terraform-aws-modules/lambda/aws"
  create_layer = true
  source_path  = [{ path = "../layers/common" }]
}
module "switched_off" {
  source          = "terraform-aws-modules/lambda/aws"
  create_function = false
}
"""

    assert read_terraform({"infra/main.tf": calls}) == (
        Template(
            "infra/main.tf",
            (
                function(
                    "orders",
                    1,
                    code="src/orders",
                    layers=("layers/common",),
                    memory_mb=Setting(512, 7),
                    ephemeral_mb=Setting(2048, 8),
                    environment_bytes=Setting(9, 9),
                    environment_least=9,
                    layer_count=Setting(1, 10),
                ),
            ),
            (LayerTemplate("common", "infra/main.tf", 12, "layers/common"),),
        ),
    )


def test_the_json_form_says_the_same_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", None)
    source = b"""\
{"variable": {"memory": {"default": 640}},
 "resource": {"aws_lambda_function": {
  "orders": {
    "handler": "app.main",
    "runtime": "python3.12",
    "memory_size": "${var.memory}",
    "environment": {"variables": {"A": "b"}}}}}}
"""

    assert read_terraform({"main.tf.json": source}) == (
        Template(
            "main.tf.json",
            (
                function(
                    "orders",
                    3,
                    template="main.tf.json",
                    memory_mb=Setting(640, 6),
                    environment_bytes=Setting(9, 7),
                    environment_least=9,
                ),
            ),
        ),
    )


def test_without_the_library_one_notice_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", None)
    files = {"a/main.tf": MAIN, "a/layers.tf": LAYERS, "b/main.tf": MAIN}
    problem = "line 1: python-hcl2 reads such files; `pip install gwlint[terraform]`"

    assert read_terraform(files) == (
        Template("a/layers.tf"),
        Template("b/main.tf"),
        Template("a/layers.tf", problem=problem),
    )


@pytest.mark.parametrize(
    ("value", "memory"),
    [
        ("256", 256),
        ('"256"', 256),
        ("var.given", 640),
        ('"${var.given}"', 640),
        ("var.bare", None),
        ("var.missing", None),
        ("var.object.size", 768),
        ("local.list[1]", 2),
        ("local.list[9]", None),
        ("local.loop", None),
        ("null", 128),
        ("var.nothing", 128),
        ("var.given * 2", None),
        ("var.flag ? 256 : 512", None),
        ("max(256, 512)", None),
        ("each.value.memory", None),
        ("path.module", None),
    ],
)
def test_a_value_is_worked_out_or_unknown(value: str, memory: int | None) -> None:
    more = b"""\
variable "given" { default = 640 }
variable "bare" {}
variable "nothing" { default = null }
variable "object" { default = { size = 768 } }
locals {
  list = [1, 2]
  loop = local.pool
  pool = local.loop
}
"""

    assert only(f"memory_size = {value}", more).memory_mb.value == memory


@pytest.mark.parametrize(
    ("archive", "code", "patterns"),
    [
        ('source_dir = "src"', "src", ()),
        ('source_dir = "${path.root}/src"', "src", ()),
        ('source_dir = var.source', None, ()),
        ('source_file = "src/app.py"', "src", ("!**", "app.py")),
        ('source_file = "app.py"', ".", ("!**", "app.py")),
        ("", None, ()),
    ],
)  # fmt: skip
def test_the_code_is_the_folder_of_the_archive(archive: str, code: str | None, patterns: tuple[str, ...]) -> None:
    more = b'data "archive_file" "f" {\n%s\n}\n' % archive.encode()
    found = only("filename = data.archive_file.f.output_path", more)

    assert (found.code, found.patterns) == (code, patterns)


@pytest.mark.parametrize(
    "attributes", ['filename = "f.zip"', 's3_key = "f.zip"', "", 'image_uri = "x"\npackage_type = "Image"']
)
def test_code_that_is_made_elsewhere_is_unknown(attributes: str) -> None:
    assert only(attributes).code is None


def test_a_file_that_is_no_terraform_is_a_problem_and_defaults_are_unknown() -> None:
    files = {"main.tf": ONE % b'handler = "app.main"', "broken.tf": b'resource "x" {\n  a = \n'}
    ours, broken = read_terraform(files)

    assert (ours.functions[0].memory_mb, broken) == (
        Setting(None),
        Template("broken.tf", problem="line 2: no valid HCL; not read"),
    )


@pytest.mark.parametrize("source", [b"a = " + b"[" * 5000, b"#" * (1 << 20), b'x = "' + b"${" * 5000])
def test_what_is_too_deep_or_too_large_is_not_read(source: bytes) -> None:
    found = read_terraform({"main.tf": b"# aws_lambda_function\n" + source})

    assert [one.problem for one in found] == [None, "line 1: the file is larger or deeper than can be read; not read"]


def test_modules_that_call_each_other_come_to_an_end() -> None:
    call = b'module "m" {\n  source = "../%s"\n}\n' + ONE % b""

    assert read_terraform({"a/main.tf": call % b"b", "b/main.tf": call % b"a"}) == ()


PIECES = (
    b'resource "aws_lambda_function" "f" {\n~module "m" {\n~variable "v" {\n~locals {\n~}\n~data "archive_file" "f" {\n'
    b'~memory_size = ~var.v~local.a~"${var.v}"~[~]~{~(~)~, ~\n~default = ~source = "./m"\n~environment {\n~variables ='
    b' ~<<EOT\n~EOT\n~1~"x"~null~# ~/*~*/~?~:~\xff~\0~${~"'
)


@given(st.lists(st.sampled_from(PIECES.split(b"~")), max_size=12).map(b"".join) | st.binary())
def test_no_bytes_make_reading_fail(source: bytes) -> None:
    marked = b"# aws_lambda_function\n" + source
    found = read_terraform({"main.tf": marked, "m/main.tf": marked, "x.tf.json": source})

    assert all((one.problem or "line ").startswith("line ") for one in found)


@pytest.mark.parametrize("hostile", ["${" * 50_000, "${" + " " * 20_000, "${a}" * 2000])
def test_text_that_regular_expressions_fear_is_read_at_once(hostile: str) -> None:
    resources = {"aws_lambda_function": {"f": {"memory_size": hostile, "filename": hostile}}}
    calls = {"m": {"source": "terraform-aws-lambda" * 9000 + "\n"}}
    source = msgspec.json.encode({"resource": resources, "module": calls})

    (template,) = read_terraform({"main.tf.json": source})
    assert [one.memory_mb.value for one in template.functions] == [None]
