"""What templates say of the settings of functions, and where."""

from textwrap import dedent

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.templates import FunctionTemplate, Setting, StackTemplate, Template, read

Others = dict[str, str]

SAM = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Memory: {Type: Number, Default: 512}
  Stage: {Type: String, Default: dev}
  Secret: {Type: String}
  Zones: {Type: CommaDelimitedList, Default: "a, b"}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /memory}
Mappings:
  Sizes:
    dev: {Timeout: 20}
    prod: {Timeout: 60}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Depends: !Equals [!Ref Secret, x]
Globals:
  Function:
    Runtime: python3.12
    MemorySize: !Ref Memory
    Environment:
      Variables:
        STAGE: !Ref Stage
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: !Sub src/${Stage}
      Handler: app.main
      Timeout: !FindInMap [Sizes, !Ref Stage, Timeout]
      Architectures: [arm64]
      EphemeralStorage: {Size: 1024}
      Layers:
        - !Ref Common
        - !Sub arn:aws:lambda:${AWS::Region}:123456789012:layer:vendor:7
        - !If [IsProd, !Ref Tracing, !Ref AWS::NoValue]
      Environment:
        Variables:
          NAME: !Sub "orders-${Stage}"
  Carts:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: carts
      Handler: app.main
      MemorySize: !If [IsDev, 256, 1024]
      Timeout: !Ref Secret
      Layers: [!If [Depends, !Ref Common, !Ref AWS::NoValue]]
      Environment:
        Variables:
          SECRET: !Ref Secret
  Common:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layers/common}
"""


def function(name: str, line: int, **fields: object) -> FunctionTemplate:
    plain = FunctionTemplate(name, "template.yaml", line, "app.main", None, (), None)
    return msgspec.structs.replace(plain, **fields)


def others_of(files: Others):  # type: ignore[no-untyped-def]  # the type is long and says nothing
    return lambda path: files.get(path, "").encode()


def only(properties: str, extra: str = "", kind: str = "AWS::Lambda::Function") -> FunctionTemplate:
    text = f"{extra}\nResources: {{F: {{Type: {kind}, Properties: {{{properties}}}}}}}\n"
    (function,) = read("template.yaml", text.encode()).functions
    return function


def test_a_sam_template_is_worked_out() -> None:
    assert read("template.yaml", SAM.encode()).functions == (
        function(
            "Orders",
            24,
            code="src/dev",
            layers=("layers/common",),
            runtime="python3.12",
            tool="sam",
            memory_mb=Setting(512, 19),
            timeout_s=Setting(20, 29),
            architecture=Setting("arm64", 30),
            ephemeral_mb=Setting(1024, 31),
            environment_bytes=Setting(len('{"STAGE":"dev","NAME":"orders-dev"}'), 37),
            environment_least=len('{"STAGE":"dev","NAME":"orders-dev"}'),
            layer_count=Setting(2, 32),
        ),
        function(
            "Carts",
            39,
            code="carts",
            layers=(),
            runtime="python3.12",
            tool="sam",
            memory_mb=Setting(256, 44),
            timeout_s=Setting(None, 45),
            environment_bytes=Setting(None, 48),
            environment_least=len('{"STAGE":"dev"}'),
            layer_count=Setting(None, 46),
        ),
    )


def test_what_is_read_survives_a_cache() -> None:
    template = read("template.yaml", SAM.encode())

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(template), type=Template) == template


def test_what_nobody_sets_is_the_default_of_lambda() -> None:
    assert only("Handler: app.main, Code: .") == function("F", 2, code=".", tool="cloudformation")


@pytest.mark.parametrize(
    ("value", "memory"),
    [
        ("256", 256),
        ("'256'", 256),
        ("null", 128),
        ("!Ref AWS::NoValue", 128),
        ("!Ref Memory", 512),
        ("{Ref: Memory}", 512),
        ("!Ref Missing", None),
        ("!Ref Stored", None),
        ("!Ref Bare", None),
        ("!Sub '${Memory}'", 512),
        ("!Sub ['${A}', {A: 640}]", 640),
        ("!Sub '${!Memory}'", None),
        ("!FindInMap [M, a, b]", 768),
        ("!FindInMap [M, a, c]", None),
        ("{'Fn::FindInMap': [M, a, b]}", 768),
        ("!Select [1, [128, 896]]", 896),
        ("!Select [1, !Ref Many]", 384),
        ("!Select [9, !Ref Many]", None),
        ("!Join ['', [1, 2, 8]]", 128),
        ("!If [Yes, 1024, 2048]", 1024),
        ("!If [No, 1024, 2048]", 2048),
        ("!If [Both, 1024, 2048]", 2048),
        ("!If [Either, 1024, 2048]", 1024),
        ("!If [Open, 1024, 2048]", None),
        ("!If [Open, 1024, 1024]", 1024),
        ("!If [EitherOrOpen, 1024, 2048]", 1024),
        ("!If [Loop, 1024, 2048]", None),
        ("!If [Missing, 1024, 2048]", None),
        ("!If [Yes]", None),
        ("!GetAtt A.B", None),
        ("!ImportValue x", None),
        ("lots", None),
        ("[256]", None),
        ("-1", None),
    ],
)
def test_a_value_is_worked_out_or_unknown(value: str, memory: int | None) -> None:
    extra = dedent("""\
    Parameters:
      Memory: {Type: Number, Default: 512}
      Bare: {Type: Number}
      Many: {Type: "List<Number>", Default: "128,384"}
      Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: "256"}
    Mappings: {M: {a: {b: 768}}}
    Conditions:
      Yes: !Equals [a, a]
      No: !Equals [!Ref Memory, '1']
      Both: !And [!Condition Yes, !Condition No]
      Either: !Or [!Condition Yes, !Condition No]
      Open: !Equals [!Ref Bare, '1']
      EitherOrOpen: !Or [!Condition Open, Condition: Yes]
      Loop: !Not [!Condition Loop]
    """)
    found = only(f"MemorySize: {value}", extra).memory_mb

    assert (found.value, found.is_known) == (memory, memory is not None)


def test_a_setting_tells_whether_it_is_set() -> None:
    found = [only(text).memory_mb for text in ("MemorySize: 128", "MemorySize: !Ref X", "Timeout: 3")]

    assert [(one.is_set, one.is_known) for one in found] == [(True, True), (True, False), (False, True)]


@pytest.mark.parametrize(
    ("variables", "total", "least"),
    [
        ("{A: b}", 9, 9),
        ("{A: ''}", 8, 8),
        ("{A: ü}", 10, 10),
        ("{A: !Ref X}", None, 0),
        ("{A: !Ref X, B: c}", None, 9),
        ("!Ref X", None, 0),
        ("{'Fn::If': [x, {A: b}, {}]}", None, 0),
    ],
)
def test_the_environment_is_measured_as_lambda_does(variables: str, total: int | None, least: int) -> None:
    found = only(f"Environment: {{Variables: {variables}}}")

    assert (found.environment_bytes.value, found.environment_least) == (total, least)


def test_an_image_is_no_zip_file() -> None:
    found = only("PackageType: Image", kind="AWS::Serverless::Function")

    assert (found.package, found.code) == (Setting("Image", 2), None)


def test_after_a_fatal_error_what_is_not_set_is_unknown() -> None:
    text = "Resources:\n  F: {Type: AWS::Lambda::Function, Properties: {Timeout: 5}}\nGlobals: {"
    (found,) = read("template.yaml", text.encode()).functions

    assert (found.memory_mb, found.timeout_s) == (Setting(None), Setting(5, 2))


def test_stacks_in_a_stack_are_named_with_their_parameters() -> None:
    text = """\
    Parameters: {Size: {Type: Number, Default: 256}}
    Resources:
      Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner/template.yaml, Parameters: {B: !Ref X}}}
      App:
        Type: AWS::Serverless::Application
        Properties: {Location: ./app.yaml, Parameters: {Memory: !Ref Size}}
      Elsewhere: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://example.com/x.yaml"}}
    """

    assert read("a/template.yaml", dedent(text).encode()).stacks == (
        StackTemplate("a/inner/template.yaml", (("B", None),)),
        StackTemplate("a/app.yaml", (("Memory", "256"),)),
    )


def test_parameters_that_are_given_go_before_defaults() -> None:
    text = """\
    Parameters: {M: {Default: 1}, N: {Default: 2}}
    Resources: {F: {Type: AWS::Lambda::Function, Properties: {MemorySize: !Ref M, Timeout: !Ref N}}}
    """
    (found,) = read("template.yaml", dedent(text).encode(), given=(("M", "512"), ("N", None))).functions

    assert (found.memory_mb, found.timeout_s) == (Setting(512, 2), Setting(None, 2))


CDK = """\
{"Resources": {
  "Orders": {
    "Type": "AWS::Lambda::Function",
    "Properties": {
      "Code": {"S3Bucket": {"Fn::Sub": "cdk-${AWS::AccountId}"}, "S3Key": "0abc.zip"},
      "Handler": "app.main",
      "MemorySize": 256,
      "Runtime": "python3.12"
    },
    "Metadata": {"aws:asset:path": "asset.0abc", "aws:asset:property": "Code"}
  }
}}
"""
MANIFEST = '{"files": {"0abc": {"source": {"path": "../asset.0abc", "packaging": "zip"}}}}'


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        ("", "cdk.out/assembly-prod/asset.0abc"),
        (MANIFEST, "cdk.out/asset.0abc"),
        ("[]", "cdk.out/assembly-prod/asset.0abc"),
        ('{"files": {"0abc": {"source": 1}}}', "cdk.out/assembly-prod/asset.0abc"),
        ("[" * 10_000, "cdk.out/assembly-prod/asset.0abc"),
    ],
)
def test_the_code_of_what_the_cdk_has_synthesised_is_its_asset(manifest: str, code: str) -> None:
    path = "cdk.out/assembly-prod/Shop.template.json"
    others = others_of({"cdk.out/assembly-prod/Shop.assets.json": manifest})

    assert read(path, CDK.encode(), others).functions == (
        function("Orders", 2, template=path, code=code, runtime="python3.12", tool="cdk", memory_mb=Setting(256, 7)),
    )


def test_an_asset_that_nothing_describes_is_called_by_its_hash() -> None:
    digest = "0123456789abcdef" * 4
    properties = f"Handler: app.main, Code: {{S3Bucket: b, S3Key: {digest}.zip}}"
    text = f"Resources: {{F: {{Type: AWS::Lambda::Function, Properties: {{{properties}}}}}}}"

    assert [one.code for one in read("cdk.out/x.template.json", text.encode()).functions] == [f"cdk.out/asset.{digest}"]


SERVERLESS = """\
service: shop
custom:
  memory: {dev: 640, prod: 2048}
  self: ${self:custom.self}
provider:
  name: aws
  runtime: python3.12
  stage: ${opt:stage, 'dev'}
  timeout: 12
  environment: {STAGE: "${self:provider.stage}"}
package:
  patterns: ["!tests/**"]
functions:
  orders:
    handler: src/orders.main
    memorySize: ${self:custom.memory.${sls:stage}, 1024}
    architecture: arm64
    ephemeralStorageSize: 2048
    environment: ${file(env.yml):orders}
  carts: ${file(functions.yml):carts}
  plain:
    handler: plain.main
    timeout: ${self:custom.self}
    layers: [a, "${cf:x.y}"]
  image: {image: repository/name}
"""
OTHERS = {
    "shop/env.yml": "orders: {A: b}\n",
    "shop/functions.yml": "x: 1\ncarts:\n  handler: carts.main\n  memorySize: ${env:SIZE, 768}\n",
}
DEV = len('{"STAGE":"dev"}')


def test_a_service_is_worked_out() -> None:
    path = "shop/serverless.yml"
    common = {
        "template": path,
        "code": "shop",
        "runtime": "python3.12",
        "tool": "serverless",
        "memory_mb": Setting(1024),
        "timeout_s": Setting(12, 9),
        "environment_bytes": Setting(DEV, 10),
        "environment_least": DEV,
        "patterns": ("!tests/**",),
    }

    assert read(path, SERVERLESS.encode(), others_of(OTHERS)).functions == (
        function(
            "orders",
            14,
            handler="src/orders.main",
            **{
                **common,
                "memory_mb": Setting(640, 16),
                "architecture": Setting("arm64", 17),
                "ephemeral_mb": Setting(2048, 18),
                "environment_bytes": Setting(len('{"A":"b","STAGE":"dev"}'), 19),
                "environment_least": len('{"A":"b","STAGE":"dev"}'),
            },
        ),
        function("carts", 20, handler="carts.main", **{**common, "memory_mb": Setting(768, 4, "shop/functions.yml")}),
        function(
            "plain",
            21,
            handler="plain.main",
            **{**common, "timeout_s": Setting(None, 23), "layer_count": Setting(2, 24)},
        ),
        function("image", 25, handler=None, **{**common, "code": None, "package": Setting("Image", 25)}),
    )


def test_functions_of_another_file_stand_there() -> None:
    text = "functions: ${file(f.yml)}\nprovider: {name: aws, memorySize: 256}\n"
    others = others_of({"f.yml": "# all\na:\n  handler: a.main\n  timeout: 7\n"})

    assert read("serverless.yml", text.encode(), others).functions == (
        function(
            "a",
            2,
            handler="a.main",
            template="f.yml",
            code=".",
            tool="serverless",
            memory_mb=Setting(256, 2, "serverless.yml"),
            timeout_s=Setting(7, 4),
        ),
    )


@pytest.mark.parametrize(
    ("value", "memory"),
    [
        ("${opt:x, 512}", 512),
        ("${opt:x, env:Y, '512'}", 512),
        ("${env:X}", None),
        ("${ssm:/x, 512}", None),
        ("${self:custom.missing, 512}", 512),
        ("${self:custom.list.1}", 2),
        ("${self:custom.a}${self:custom.a}", 11),
        ("${param:size}", 320),
        ("${file(x.js):y}", None),
        ("${file(missing.yml):y, 512}", 512),
        ("${file(../../x.yml):y, 512}", None),
        ("${self:custom.loop}", None),
        ("${opt:x, null}", 1024),
        ("${", None),
        ("${}", None),
        ("${,}", None),
        ("${${${", None),
    ],
)
def test_a_variable_is_worked_out_or_unknown(value: str, memory: int | None) -> None:
    text = (
        f"functions: {{f: {{handler: a.b, memorySize: '{value.replace(chr(39), chr(39) * 2)}'}}}}\n"
        "params: {default: {size: 320}}\n"
        "custom: {list: [1, 2], a: 1, loop: '${self:custom.pool}', pool: '${self:custom.loop}'}\n"
    )
    (found,) = read("serverless.yml", text.encode()).functions

    assert found.memory_mb.value == memory


def test_the_application_behind_a_handler_for_wsgi_is_what_is_loaded() -> None:
    functions = "functions: {f: {handler: wsgi_handler.handler}, g: {handler: x.wsgi.handler}}"
    text = f"custom: {{wsgi: {{app: api/app.app}}}}\n{functions}"

    assert [one.handler for one in read("serverless.yml", text.encode()).functions] == ["api/app.app", "x.wsgi.handler"]


def test_what_a_provider_elsewhere_may_set_is_unknown() -> None:
    text = "provider: ${file(p.js)}\nfunctions: {f: {handler: a.b, timeout: 4}}"
    (found,) = read("serverless.yml", text.encode()).functions

    assert (found.memory_mb, found.timeout_s, found.environment_bytes) == (
        Setting(None, 1),
        Setting(4, 2),
        Setting(None, 1),
    )


APP = """\
from chalice import Chalice
app = Chalice(app_name="shop")

@app.route("/")
def index():
    return {}

@app.schedule("rate(1 hour)",
              name="hourly")
def tick(event): ...

@app.lambda_function()
def plain(event, context): ...

@app.on_ws_message()
def talk(event): ...
"""
CHALICE = """\
{
  "version": "2.0",
  "app_name": "shop",
  "lambda_memory_size": 256,
  "environment_variables": {"A": "b"},
  "stages": {
    "dev": {
      "lambda_timeout": 30,
      "environment_variables": {"C": "d"},
      "lambda_functions": {"plain": {"lambda_memory_size": 1024, "layers": ["arn:x"]}}
    }
  }
}
"""


def test_a_project_of_chalice_has_its_stages_and_its_decorators() -> None:
    path = "shop/.chalice/config.json"
    common = {
        "template": path,
        "code": "shop",
        "tool": "chalice",
        "timeout_s": Setting(30, 8),
        "memory_mb": Setting(256, 4),
        "environment_bytes": Setting(len('{"A":"b","C":"d"}'), 9),
        "environment_least": len('{"A":"b","C":"d"}'),
        "patterns": ("!**", "app.py", "chalicelib/**", "vendor/**"),
    }

    assert read(path, CHALICE.encode(), others_of({"shop/app.py": APP})).functions == (
        function("dev-api_handler", 7, handler="app.app", **common),
        function("dev-hourly", 7, handler="app.tick", **common),
        function(
            "dev-plain",
            7,
            handler="app.plain",
            **{**common, "memory_mb": Setting(1024, 10), "layer_count": Setting(1, 10)},
        ),
    )


def test_a_project_of_chalice_without_stages_has_the_one_for_development() -> None:
    found = read(".chalice/config.json", b'{"version": "2.0"}').functions

    assert [(one.name, one.handler, one.memory_mb, one.timeout_s) for one in found] == [
        ("dev-api_handler", "app.app", Setting(128), Setting(60))
    ]


@pytest.mark.parametrize(
    ("form", "text", "lines"),
    [
        ("json", '{"base":\n{"app_function": "my.app", "memory_size": 1024},\n"dev": {"extends": "base"}}', (1, 2, 3)),
        ("yaml", "base:\n  app_function: my.app\n  memory_size: 1024\ndev: {extends: base}\n", (1, 3, 4)),
        ("toml", '[base]\napp_function = "my.app"\nmemory_size = 1024\n[dev]\nextends = "base"\n', (1, 1, 4)),
    ],
)
def test_a_project_of_zappa_has_a_function_for_every_stage(form: str, text: str, lines: tuple[int, int, int]) -> None:
    (base, memory, dev), name = lines, f"zappa_settings.{form}"
    common = {
        "template": name,
        "handler": "my.app",
        "code": ".",
        "tool": "zappa",
        "memory_mb": Setting(1024, memory),
        "timeout_s": Setting(30),
    }

    assert read(name, text.encode()).functions == (function("base", base, **common), function("dev", dev, **common))


PATHS = (
    "template.yaml",
    "serverless.yml",
    ".chalice/config.json",
    "zappa_settings.json",
    "zappa_settings.toml",
    "cdk.out/x.template.json",
)
KEYS = """
Resources Parameters Mappings Conditions Globals Function Type Properties Default Ref Fn::Sub Fn::If Fn::Join Fn::Select
Fn::FindInMap AWS::Lambda::Function AWS::Serverless::Function AWS::CloudFormation::Stack TemplateURL MemorySize Metadata
Environment Variables Layers Architectures EphemeralStorage stages functions lambda_functions provider custom package
environment memorySize extends dev memory_size files source a ${self:a} ${file(a.yml):a} ${a,b}
"""
words = st.sampled_from(KEYS.split()) | st.text(max_size=5)
plain = st.none() | st.booleans() | st.integers() | words
trees = st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4))


@given(trees, trees)
def test_no_tree_makes_reading_fail(tree: object, other: object) -> None:
    source, more = msgspec.json.encode(tree), msgspec.json.encode(other)

    for path in PATHS:
        read(path, source, lambda _path: more)


@given(st.sampled_from(PATHS), st.binary())
def test_no_bytes_make_reading_fail(path: str, source: bytes) -> None:
    read(path, source, lambda _path: source)


def test_what_refers_to_itself_a_thousand_times_does_not_take_for_ever() -> None:
    nested = "x"
    for level in range(25):
        nested = f"!Sub ['${{a}}${{a}}', {{a: &a{level} {nested}}}]"
    functions = "".join(
        f"  F{n}: {{Type: AWS::Lambda::Function, Properties: {{MemorySize: *all}}}}\n" for n in range(2000)
    )
    source = f"x: &all {nested}\nResources:\n{functions}"

    assert {one.memory_mb.value for one in read("template.yaml", source.encode()).functions} == {None}


@pytest.mark.parametrize("hostile", ["${" * 200_000, "${" + " " * 8000 + '"', "${" + "," * 8000 + "}", "${a}" * 2000])
def test_text_that_regular_expressions_fear_is_read_at_once(hostile: str) -> None:
    resource = f"Resources: {{F: {{Type: AWS::Lambda::Function, Properties: {{MemorySize: !Sub '{hostile}'}}}}}}"
    service = f"functions: {{f: {{handler: a.b, memorySize: '{hostile}'}}}}"
    found = [*read("template.yaml", resource.encode()).functions, *read("serverless.yml", service.encode()).functions]

    assert [one.memory_mb.value for one in found] == [None, None]
