import subprocess
import sys
from textwrap import dedent

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gwlint import templates
from gwlint.templates import FunctionTemplate, LayerTemplate, Template, handler_module, looks_like_template

SAM = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    Layers: [!Ref Common]
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ./src/orders/
      Handler: app.lambda_handler
      Layers:
        - Ref: Tools
        - arn:aws:lambda:eu-west-1:123456789012:layer:vendor:7
        - !Sub arn:aws:lambda:${AWS::Region}:123456789012:layer:vendor:7
        - !If [Traced, !Ref Tracing, !Ref AWS::NoValue]
        - !Ref Elsewhere
  Table:
    Type: AWS::DynamoDB::Table
  Common:
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: layers/common
  Tools:
    Type: AWS::Lambda::LayerVersion
    Properties:
      Content: ../common/tools
      CompatibleRuntimes: [python3.12, nodejs20.x]
  Types:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layers/types, CompatibleRuntimes: [nodejs20.x]}
"""

SERVERLESS = """\
service: shop
provider:
  name: aws
  runtime: python3.12
  layers:
    - { Ref: CommonLambdaLayer }
functions:
  orders:
    handler: src/orders/handler.main
  carts:
    handler: src/carts/handler.main
    layers:
      - !Ref My-toolsLambdaLayer
      - Ref: MyDashtoolsUnderscore2LambdaLayer
      - ${cf:other.LayerArn}
  front:
    handler: front.handler
    runtime: nodejs20.x
layers:
  common:
    path: layers/common
  my-tools_2:
    path: layers/tools
"""


def read(path: str, source: bytes) -> Template:
    """Read what a template says of code and layers; test_template_settings.py has the rest."""
    found = templates.read(path, source)
    plain = (
        FunctionTemplate(one.name, one.template, one.line, one.handler, one.code, one.layers, one.runtime)
        for one in found.functions
    )
    return msgspec.structs.replace(found, functions=tuple(plain))


def function(
    name: str,
    line: int,
    handler: str | None = None,
    code: str | None = None,
    layers: tuple[str, ...] = (),
    runtime: str | None = None,
) -> FunctionTemplate:
    return FunctionTemplate(name, "shop/template.yaml", line, handler, code, layers, runtime)


def read_text(text: str) -> Template:
    return read("shop/template.yaml", dedent(text).encode())


def functions(text: str) -> tuple[FunctionTemplate, ...]:
    return read_text(text).functions


def code_of(properties: str) -> str | None:
    (only,) = functions(f"Resources: {{F: {{Type: AWS::Serverless::Function, Properties: {{{properties}}}}}}}")
    return only.code


def service_code(extra: str, function_extra: str = "") -> str | None:
    text = f"functions: {{f: {{handler: app.main, {function_extra}}}}}\n{extra}"
    (only,) = read("shop/serverless.yml", text.encode()).functions
    return only.code


def problem_of(source: bytes) -> str | None:
    return read("template.yaml", source).problem


def test_a_sam_template_has_its_globals_and_its_layers_worked_in() -> None:
    assert read("shop/template.yaml", SAM.encode()) == Template(
        path="shop/template.yaml",
        functions=(
            function(
                "Orders",
                8,
                "app.lambda_handler",
                "shop/src/orders",
                ("shop/layers/common", "common/tools"),
                "python3.12",
            ),
        ),
        layers=(
            LayerTemplate("Common", "shop/template.yaml", 21, "shop/layers/common"),
            LayerTemplate("Tools", "shop/template.yaml", 25, "common/tools"),
        ),
        problem=None,
    )


STACK_JSON = """\
{
\t"Description": "\\ud83d\\uded2",
\t"Resources": {
\t\t"Orders":{"Type":"AWS::Lambda::Function","Properties":{
\t\t\t"Code":"src","Handler":"app.main","Runtime":"python3.12","Layers":[{"Ref":"Common"}]}},
\t\t"Common": {"Type": "AWS::Lambda::LayerVersion", "Properties": {"Content": "common"}}
\t}
}
"""


def test_json_is_read_with_tabs_surrogate_pairs_and_no_spaces() -> None:
    path = "deploy/shop.template.json"

    assert read(path, STACK_JSON.encode()) == Template(
        path=path,
        functions=(FunctionTemplate("Orders", path, 4, "app.main", "deploy/src", ("deploy/common",), "python3.12"),),
        layers=(LayerTemplate("Common", path, 6, "deploy/common"),),
        problem=None,
    )


def test_a_serverless_service_is_read() -> None:
    path = "shop/serverless.yml"

    assert read(path, SERVERLESS.encode()) == Template(
        path=path,
        functions=(
            FunctionTemplate(
                "orders", path, 8, "src/orders/handler.main", "shop", ("shop/layers/common",), "python3.12"
            ),
            FunctionTemplate("carts", path, 10, "src/carts/handler.main", "shop", ("shop/layers/tools",), "python3.12"),
        ),
        layers=(
            LayerTemplate("common", path, 20, "shop/layers/common"),
            LayerTemplate("my-tools_2", path, 22, "shop/layers/tools"),
        ),
        problem=None,
    )


def test_what_is_read_survives_a_cache() -> None:
    template = read("template.yaml", SAM.encode())

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(template), type=Template) == template


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ("CodeUri: src", "shop/src"),
        ("CodeUri: '.\\src\\orders'", "shop/src/orders"),
        ("CodeUri: ../common/src", "common/src"),
        ("CodeUri: ..", "."),
        ("CodeUri: !Sub src", "shop/src"),
        ("CodeUri: {'Fn::Sub': src}", "shop/src"),
        ("Handler: app.main", "shop"),
        ("Handler: !Ref Handler", "shop"),
        ("Handler: app.main, CodeUri: null", "shop"),
        ("Handler: app.main, PackageType: Zip", "shop"),
        ("Runtime: python3.12", None),
        ("Handler: app.main, InlineCode: 'def main(): ...'", None),
        ("Handler: app.main, PackageType: Image", None),
        ("CodeUri: ../../elsewhere", None),
        ("CodeUri: /srv/code", None),
        ("CodeUri: 'C:\\code'", None),
        ("CodeUri: ~/code", None),
        ("CodeUri: s3://bucket/code.zip", None),
        ("CodeUri: build/code.zip", None),
        ("CodeUri: {Bucket: b, Key: k}", None),
        ("CodeUri: [src]", None),
        ("CodeUri: !Ref Code", None),
        ("CodeUri: !Sub '${Code}/src'", None),
        ("CodeUri: '{{ cookiecutter.folder }}'", None),
        ("CodeUri: !FindInMap [a, b, c]", None),
        ("CodeUri: !Custom::Tag src", None),
    ],
)
def test_the_code_of_a_sam_function_is_a_folder_of_the_project_or_unknown(properties: str, code: str | None) -> None:
    assert code_of(properties) == code


@pytest.mark.parametrize(
    ("code", "folder"),
    [
        ("src", "shop/src"),
        ("{ZipFile: 'def main(): ...'}", None),
        ("{S3Bucket: b, S3Key: k}", None),
        ("{ImageUri: i}", None),
        ("!Ref Code", None),
        ("null", None),
    ],
)
def test_the_code_of_a_lambda_function_has_no_default(code: str, folder: str | None) -> None:
    text = f"Resources: {{F: {{Type: AWS::Lambda::Function, Properties: {{Handler: app.main, Code: {code}}}}}}}"

    assert functions(text) == (function("F", 1, "app.main", folder),)


@pytest.mark.parametrize(
    ("runtime", "names"),
    [
        ("python3.12", ["F"]),
        ("!Ref Runtime", ["F"]),
        ("null", ["F"]),
        ("nodejs20.x", []),
        ("provided.al2023", []),
    ],
)
def test_only_what_may_be_python_counts(runtime: str, names: list[str]) -> None:
    text = f"Resources: {{F: {{Type: AWS::Lambda::Function, Properties: {{Runtime: {runtime}}}}}}}"

    assert [function.name for function in functions(text)] == names


def test_globals_are_defaults_of_sam_functions_alone() -> None:
    text = """\
    Globals:
      Function: {CodeUri: src, Handler: app.main, Runtime: python3.12}
    Resources:
      Inherits: {Type: AWS::Serverless::Function}
      Overrides: {Type: AWS::Serverless::Function, Properties: {CodeUri: own, Handler: own.main, Runtime: python3.9}}
      Classic: {Type: AWS::Lambda::Function}
    """

    assert functions(text) == (
        function("Inherits", 4, "app.main", "shop/src", (), "python3.12"),
        function("Overrides", 5, "own.main", "shop/own", (), "python3.9"),
        function("Classic", 6),
    )


def test_anchors_and_merge_keys_are_followed() -> None:
    text = """\
    x-common: &common {Runtime: python3.12, Handler: app.main}
    x-more: &more {Handler: more.main, CodeUri: more}
    Resources:
      One:
        Type: AWS::Serverless::Function
        Properties: &one
          <<: [*common, *more]
          CodeUri: one
      Two:
        Type: AWS::Serverless::Function
        Properties: *one
    """

    assert functions(text) == (
        function("One", 4, "app.main", "shop/one", (), "python3.12"),
        function("Two", 9, "app.main", "shop/one", (), "python3.12"),
    )


def test_resources_of_unexpected_shapes_are_passed_over() -> None:
    text = """\
    Resources:
      Text: AWS::Lambda::Function
      List: [AWS::Lambda::Function]
      Odd: {Type: [AWS::Lambda::Function]}
      Fn::ForEach::Functions: [Name, [a, b], {"${Name}": {Type: AWS::Lambda::Function}}]
      ? [a, b]
      : {Type: AWS::Lambda::Function}
      Bare: {Type: AWS::Lambda::Function, Properties: !Include file}
    """

    assert read_text(text) == Template("shop/template.yaml", (function("Bare", 8),))


@pytest.mark.parametrize("text", ["- a\n- b\n", "text", "kind: Template\nResources: null\n", "Resources: [a]\n"])
def test_yaml_that_is_no_template_says_nothing_and_is_no_problem(text: str) -> None:
    assert read_text(text) == Template("shop/template.yaml")


@pytest.mark.parametrize(
    ("extra", "function_extra", "code"),
    [
        ("", "", "shop"),
        ("package: {individually: true}", "", "shop"),
        ("package: {individually: true}", "module: src/orders", "shop/src/orders"),
        ("", "module: src/orders, package: {individually: true}", "shop/src/orders"),
        ("package: {individually: '${self:custom.split}'}", "module: src/orders", "shop/src/orders"),
        ("package: {individually: true}", "module: '${self:custom.module}'", None),
        ("package: {individually: false}", "module: src/orders", "shop"),
        ("package: {path: build}", "module: src/orders", "shop"),
        ("package: {artifact: build.zip}", "", None),
        ("", "package: {artifact: build.zip}", None),
    ],
)
def test_the_code_of_a_serverless_function_is_its_service_or_its_module(
    extra: str, function_extra: str, code: str | None
) -> None:
    assert service_code(extra, function_extra) == code


def test_a_serverless_function_may_be_an_image() -> None:
    assert read("serverless.yml", b"functions: {f: {image: i}}").functions == (
        FunctionTemplate("f", "serverless.yml", 1, None, None, (), None),
    )


def test_serverless_functions_may_come_as_a_list_and_from_other_files() -> None:
    text = "functions:\n  - ${file(carts.yml)}\n  - orders: {handler: app.main}\n  - null\n"

    assert read("serverless.yaml", text.encode()) == Template(
        "serverless.yaml", (FunctionTemplate("orders", "serverless.yaml", 3, "app.main", ".", (), None),)
    )


@pytest.mark.parametrize(
    ("provider", "names"),
    [("aws", ["f"]), ("{name: aws}", ["f"]), ("'${file(p.yml)}'", ["f"]), ("google", []), ("{name: azure}", [])],
)
def test_a_service_on_another_cloud_has_no_functions(provider: str, names: list[str]) -> None:
    template = read("serverless.yml", f"provider: {provider}\nfunctions: {{f: {{handler: app.main}}}}".encode())

    assert [function.name for function in template.functions] == names


def test_a_sam_template_may_be_called_serverless() -> None:
    template = read("serverless.yaml", SAM.encode())

    assert [function.name for function in template.functions] == ["Orders"]


@pytest.mark.parametrize(
    ("handler", "module"),
    [
        ("app.lambda_handler", "app"),
        ("src/orders/handler.main", "src.orders.handler"),
        ("pkg.mod.func", "pkg.mod"),
        ("./src/app.main", "src.app"),
        ("my-app.main", "my-app"),
        ("app", ""),
        ("", ""),
        (".main", ""),
        ("a..main", ""),
        ("/opt/app.main", ""),
        ("../src/app.main", ""),
    ],
)
def test_the_module_of_a_handler(handler: str, module: str) -> None:
    assert handler_module(handler) == module


@pytest.mark.parametrize(
    ("name", "head", "verdict"),
    [
        ("template.yaml", b"", True),
        ("template.yml", b"", True),
        ("template.json", b"", True),
        ("deploy/Template.YAML", b"", True),
        ("sam.yaml", b"", True),
        ("cdk.out/Shop.template.json", b"", True),
        ("serverless.yml", b"", True),
        ("serverless.yaml", b"", True),
        ("serverless.json", b"", True),
        (".chalice/config.json", b"", True),
        ("api/.chalice/config.json", b"", True),
        ("config.json", b"", False),
        ("zappa_settings.toml", b"", True),
        ("zappa_settings.json", b"", True),
        ("stack.yaml", b"AWSTemplateFormatVersion: 2010-09-09", True),
        ("stack.yml", b"Transform: AWS::Serverless-2016-10-31", True),
        ("stack.json", b'{"Resources": {"F": {"Type": "AWS::Lambda::Function"', True),
        ("stack.template", b"AWSTemplateFormatVersion", True),
        ("nginx.conf.template", b"server { listen 80; }", False),
        ("stack.yaml", b"Type: AWS::S3::Bucket", False),
        ("my-template.yaml", b"", False),
        ("template.md", b"AWS::Lambda::Function", False),
        ("serverless.ts", b"AWS::Lambda::Function", False),
        ("template.yaml/README", b"", False),
    ],
)
def test_templates_are_told_by_name_or_by_content(name: str, head: bytes, verdict: bool) -> None:
    assert looks_like_template(name, head) is verdict


BEFORE = b"Resources:\n  Good: {Type: AWS::Serverless::Function, Properties: {CodeUri: src}}\n"
GOOD = FunctionTemplate("Good", "template.yaml", 2, None, "src", (), None)


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        (
            b"  Cut:\n    Type: AWS::Lambda::Function\n    {% if x %}\n",
            "line 5: no valid YAML: found character that cannot start any token",
        ),
        (
            b"  Cut: {Type: AWS::Lambda::Function, Properties: {Handler: a.b,",
            "line 4: no valid YAML: did not find expected node content",
        ),
        (
            b"  Cut:\n\tType: AWS::Lambda::Function",
            "line 4: no valid YAML: found character that cannot start any token",
        ),
        (b"  Cut: 'text\n", "line 4: no valid YAML: found unexpected end of stream"),
        (b"  Cut: " + b"[" * 1_000_000, "line 3: nested more than 100 deep"),
        (b"  Cut: " + b"{a: " * 100_000, "line 3: nested more than 100 deep"),
        (b"...\n}", "line 4: no valid YAML: did not find expected <document start>"),
    ],
)
def test_what_stands_before_a_fatal_error_is_read_but_nothing_by_halves(rest: bytes, problem: str) -> None:
    assert read("template.yaml", BEFORE + rest) == Template(
        "template.yaml", (GOOD,), (), f"{problem}; the rest is not read"
    )


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        (b"--- \nResources: {}\n", "line 3: a second document begins; only the first is read"),
        (b"Outputs: {}\nOutputs: {}\n", "line 4: 'Outputs' is on line 3 already"),
        (b"A: &a [*a]\n", "line 3: '*a' refers to nothing that ends before it"),
        (b"A: *b\n", "line 3: '*b' refers to nothing that ends before it"),
        (b"# caf\xe9\n", "line 3: not UTF-8"),
        (b"A: \0\n", "line 3: a control character"),
    ],
)
def test_a_lesser_problem_is_reported_and_the_template_read(rest: bytes, problem: str) -> None:
    assert read("template.yaml", BEFORE + rest) == Template("template.yaml", (GOOD,), (), problem)


@pytest.mark.parametrize("source", [b"", b"\xef\xbb\xbf", b"\n\n", b"# nothing\n"])
def test_an_empty_file_is_a_problem(source: bytes) -> None:
    assert read("template.yaml", source) == Template("template.yaml", problem="line 1: the file is empty")


def test_a_file_that_aws_would_not_take_is_not_read() -> None:
    assert read("template.yaml", BEFORE + b"#" * 10_000_000) == Template(
        "template.yaml", problem="line 1: the file is larger than the 1048576 bytes of a template; not read"
    )


def test_of_a_key_written_twice_the_last_one_counts() -> None:
    assert read("template.yaml", b"Resources: {}\n" + BEFORE) == Template(
        "template.yaml",
        (FunctionTemplate("Good", "template.yaml", 3, None, "src", (), None),),
        problem="line 2: 'Resources' is on line 1 already",
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_everywhere_and_nowhere_else(newline: str) -> None:
    source = newline.join(["# \x85 \u2028 \u2029", "Resources:", "  F: {Type: AWS::Lambda::Function}", ""])

    (only,) = read("template.yaml", b"\xef\xbb\xbf" + source.encode()).functions
    assert only.line == 3


def test_the_line_of_a_wrong_byte_is_right_behind_a_byte_order_mark() -> None:
    assert problem_of(b"\xef\xbb\xbfa: b\r\nc: \xff\r\n") == "line 2: not UTF-8"


def test_a_value_with_unreadable_bytes_is_not_literal() -> None:
    source = b"Resources: {F: {Type: AWS::Lambda::Function, Properties: {Code: caf\xe9, Handler: app.main}}}"

    assert read("shop/template.yaml", source).functions == (function("F", 1, "app.main"),)


def test_after_a_fatal_error_no_default_is_concluded() -> None:
    resources = b"Resources:\n  F: {Type: AWS::Serverless::Function, Properties: {Handler: app.main}}\n"
    service = b"functions:\n  f: {handler: app.main, module: src}\n"

    assert read("shop/template.yaml", resources + b"Globals: {").functions == (function("F", 2, "app.main"),)
    assert read("shop/serverless.yml", service + b"package: {").functions == (
        FunctionTemplate("f", "shop/serverless.yml", 2, "app.main", None, (), None),
    )


BILLION_LAUGHS = b"a0: &a0 [lol]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (level, level, b",".join([b"*a%d" % (level - 1)] * 9)) for level in range(1, 10_000)
)
MERGES = b"a0: &a0 {x: y}\n" + b"".join(
    b"a%d: &a%d {<<: [*a%d, *a%d]}\n" % (level, level, level - 1, level - 1) for level in range(1, 10_000)
)
SHARED_LAYERS = b"".join(
    [
        b"x: &layers [" + b"!Ref L," * 50_000 + b"]\n",
        b"Resources:\n",
        *(b"  F%d: {Type: AWS::Lambda::Function, Properties: {Layers: *layers}}\n" % n for n in range(5_000)),
    ]
)


@pytest.mark.parametrize("source", [BILLION_LAUGHS, MERGES + b"Resources: *a9999\n", SHARED_LAYERS])
def test_nothing_is_expanded(source: bytes) -> None:
    assert problem_of(source) is None


def test_directives_do_not_take_for_ever() -> None:
    source = b"".join(b"%%TAG !t%d! x\n" % number for number in range(50_000)) + b"---\na: b\n"

    assert problem_of(source) == "line 1: more than 100 lines begin with %; the rest is not read"


def test_a_problem_is_one_short_line() -> None:
    assert problem_of(b'? "a\\nb"\n: 1\n? "a\\nb"\n: 2\n') == r"line 3: 'a\nb' is on line 1 already"


PIECES = (
    b"Resources:~functions:~layers:~package:~F:~Type: AWS::Lambda::Function~Type: AWS::Serverless::Function~Properties:"
    b"~Layers:~handler:~\n~  ~\t~{~}~[~]~: ~, ~- ~? ~&a ~*a~<<: ~!Ref ~!<%ff> ~'~\"~\\U00110000~\\ud83d~|\n~---\n~...\n"
    b"~%YAML 1.9\n~\xff~\0~\xef\xbb\xbf"
)
pieces = st.sampled_from(PIECES.split(b"~"))
sources = st.lists(pieces).map(b"".join) | st.binary()


@pytest.mark.parametrize("libyaml", [True, False])
@given(source=sources)
def test_no_bytes_make_reading_fail(libyaml: bool, source: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", libyaml)
        problems = [read(path, source).problem or "line 1: " for path in ("template.yaml", "serverless.yml")]

    assert [len(problem.splitlines()) for problem in problems] == [1, 1]
    assert all(problem.startswith("line ") for problem in problems)


def test_templates_are_told_apart_without_loading_pyyaml() -> None:
    code = "import sys, gwlint.templates; print({'yaml'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
