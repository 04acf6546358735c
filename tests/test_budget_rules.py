"""What the rules about budgets say of functions whose price is agreed."""

from pathlib import Path

import pytest

from gwlint.footprint.appraisals import Appraisal
from gwlint.footprint.estimates import Estimate
from tests.budgeting import Prices, amount, ask, budgeted, contributor, estimate, exactly, told

HANDLER = "import pandas as pd\n\n\ndef handler(event, context):\n    return pd.read(event)\n"
FOUND = {"app.py": HANDLER}


def template(properties: str = "", *, globals_: str = "", name: str = "Orders") -> str:
    """Return a SAM template with one function; its line is 6."""
    return f"""\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12{globals_}
Resources:
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: .{properties}
"""


def takes(name: str = "Orders", *, mb: float = 40, ms: float = 10) -> Prices:
    return Prices({name: Appraisal(estimate(exactly(mb), exactly(ms)))})


def priced(appraisal: Appraisal, name: str = "Orders") -> Prices:
    return Prices({name: appraisal})


def memory(low: float, high: float) -> Prices:
    found = estimate(amount(low, high), exactly(10), contributor("pandas", "app.py:1", mb=60))
    return priced(Appraisal(found))


# Memory


def test_a_function_that_needs_more_memory_than_it_has(tmp_path: Path) -> None:
    asked = budgeted(tmp_path, {**FOUND, "template.yaml": template("\n      MemorySize: 256")}, memory(257, 300))
    (found,) = ask("GW401", asked)

    assert told("GW401", asked) == [
        "app.py:4: error: `Orders` needs 257 to 300 MB to load, and has 256; load less, or give it more memory"
    ]
    assert [(one.path, one.at.line, one.message) for one in found.related] == [
        ("template.yaml", 6, "has 256"),
        ("app.py", 1, "`pandas` takes 60 MB"),
    ]


def test_a_function_that_may_need_more_memory_than_it_has(tmp_path: Path) -> None:
    asked = budgeted(tmp_path, {**FOUND, "template.yaml": template()}, memory(120, 140))

    assert told("GW401", asked) == [
        (
            "app.py:4: note: `Orders` needs 120 to 140 MB to load, and has 128: it may not fit;"
            " load less, or give it more memory"
        )
    ]


@pytest.mark.parametrize(("low", "high"), [(90, 128), (40, 50)])
def test_a_function_that_has_memory_enough(tmp_path: Path, low: float, high: float) -> None:
    assert told("GW401", budgeted(tmp_path, {**FOUND, "template.yaml": template()}, memory(low, high))) == []


def test_nothing_is_held_against_a_memory_size_that_is_not_known(tmp_path: Path) -> None:
    unknown = template("\n      MemorySize: !Ref Size")

    assert told("GW401", budgeted(tmp_path, {**FOUND, "template.yaml": unknown}, memory(500, 900))) == []


def test_a_handler_that_nothing_declares_is_held_to_the_budget(tmp_path: Path) -> None:
    files = {**FOUND, "gwlint.toml": "budgets.memory-mb = 100"}
    asked = budgeted(tmp_path, files, takes("app.handler", mb=101))

    assert told("GW401", asked) == [
        "app.py:4: error: `app.handler` needs 101 MB to load, and its budget is 100; load less, or give it more memory"
    ]


def test_functions_with_the_same_handler_are_reported_once_for_the_least_memory(tmp_path: Path) -> None:
    second = template("\n      MemorySize: 512").replace("Orders", "Bills").partition("Resources:\n")[2]
    prices = Prices({name: Appraisal(estimate(exactly(600), exactly(1))) for name in ("Orders", "Bills")})
    asked = budgeted(tmp_path, {**FOUND, "template.yaml": template() + second}, prices)

    assert told("GW401", asked) == [
        (
            "app.py:4: error: `Orders` (and 1 other with this handler) needs 600 MB to load, and has 128;"
            " load less, or give it more memory"
        )
    ]


def test_a_function_without_an_estimate_is_left_alone(tmp_path: Path) -> None:
    asked = budgeted(tmp_path, {"template.yaml": template()}, Prices())

    assert [told(code, asked) for code in ("GW401", "GW402", "GW403", "GW405", "GW407", "GW409", "GW410")] == [[]] * 7


# Cold starts


def init(low: float, high: float, *, runtime: float) -> Estimate:
    return estimate(exactly(40), amount(low, high, runtime=runtime), contributor("pandas", "app.py:1", ms=90))


def test_what_the_runtime_takes_itself_is_not_held_against_a_function(tmp_path: Path) -> None:
    files = {**FOUND, "template.yaml": template()}
    over, near, fine = (
        budgeted(tmp_path, files, priced(Appraisal(init(low, high, runtime=80))))
        for low, high in ((181, 250), (150, 190), (100, 180))
    )

    assert told("GW402", over) == [
        "app.py:4: warning: `Orders` takes 101 to 170 ms to load, and its budget is 100; load less, or later"
    ]
    assert told("GW402", near) == [
        (
            "app.py:4: note: `Orders` takes 70 to 110 ms to load, and its budget is 100: it may be over;"
            " load less, or later"
        )
    ]
    assert told("GW402", fine) == []


# Packages


def test_a_package_that_is_too_large(tmp_path: Path) -> None:
    parts = (("pandas", 97.2), ("pyarrow", 171.0), ("numpy", 53.0), ("six", 0.1))
    asked = budgeted(tmp_path, {**FOUND, "template.yaml": template()}, priced(Appraisal(None, exactly(291), parts)))

    assert told("GW403", asked) == [
        (
            "app.py:4: warning: the package of `Orders` has 291 MB unzipped (`pandas` 97, `pyarrow` 171, `numpy` 53),"
            " and its budget is 250; leave out what it can do without"
        )
    ]


def test_a_package_that_may_be_too_large_and_one_that_is_not(tmp_path: Path) -> None:
    files = {**FOUND, "template.yaml": template()}
    near = budgeted(tmp_path, files, priced(Appraisal(None, amount(240, 260))))
    fine = budgeted(tmp_path, files, priced(Appraisal(None, exactly(250))))

    assert [one.severity for one in ask("GW403", near)] == ["note"]
    assert told("GW403", fine) == []


def test_an_image_has_no_limit_of_a_package(tmp_path: Path) -> None:
    image = template("\n      PackageType: Image")

    assert told("GW403", budgeted(tmp_path, {"template.yaml": image}, priced(Appraisal(None, exactly(900))))) == []


# Imports at module level

ROUTES = """\
import pandas as pd

from work import other


def handler(event, context):
    if event["action"] == "export":
        return export(event)
    if event["action"] == "list":
        return other(event)
    return None


def export(event):
    return pd.read(event)
"""
WORK = {"work.py": "def other(event):\n    return event\n"}


def heavy(saving: float = 400, *, low: float = 300, high: float = 500, line: str = "app.py:1") -> Prices:
    found = contributor("pandas", line, mb=55, ms=saving, saving=saving)
    return priced(Appraisal(estimate(exactly(90), amount(low, high), found)))


def idle(tmp_path: Path, source: str, prices: Prices, more: dict[str, str] | None = None) -> list[str]:
    files = {"app.py": source, **WORK, **(more or {}), "template.yaml": template("\n      MemorySize: 512")}
    return told("GW405", budgeted(tmp_path, files, prices))


def test_an_expensive_library_for_one_of_several_choices(tmp_path: Path) -> None:
    assert idle(tmp_path, ROUTES, heavy()) == [
        (
            "app.py:1: warning: `pandas` takes 400 ms and 55 MB of every cold start of `Orders`, and only `export`"
            " uses it, now and then; import it there, where it takes 3.5 times as long at 512 MB"
        )
    ]


def test_an_expensive_library_of_a_module_that_is_called_now_and_then(tmp_path: Path) -> None:
    app = ROUTES.replace("import pandas as pd\n", "import reports\n").replace("pd.read", "reports.export")
    reports = {"reports.py": "import pandas\n\n\ndef export(event):\n    return pandas.read(event)\n"}

    assert [line[:20] for line in idle(tmp_path, app, heavy(line="reports.py:1"), reports)] == ["reports.py:1: warnin"]


@pytest.mark.parametrize(
    "source",
    [
        HANDLER,
        ROUTES.replace("return other(event)", "return pd.copy(event)"),
        ROUTES.replace("return None", "return export(event)"),
        ROUTES.replace('if event["action"] == "export":', 'if event["export"]:'),
        ROUTES.replace('    if event["action"] == "list":\n        return other(event)\n', ""),
        ROUTES.replace("def export(event):", "@route\ndef export(event):"),
        ROUTES.replace("def export(event):", "def export(event: pd.DataFrame):"),
        ROUTES + "\n\nTABLE = pd.DataFrame()\n",
        ROUTES + "\n\nHANDLERS = [export]\n",
        ROUTES + "\n\ndef unused(event):\n    return pd\n",
        ROUTES.replace("import pandas as pd", "try:\n    import pandas as pd\nexcept ImportError:\n    pd = None"),
        ROUTES.replace("import pandas as pd\n", "from pandas import *\n"),
    ],
)
def test_a_library_that_may_well_be_needed(tmp_path: Path, source: str) -> None:
    assert idle(tmp_path, source, heavy()) == []


def test_a_library_that_others_take_from_the_module(tmp_path: Path) -> None:
    assert (
        idle(tmp_path, ROUTES, heavy(), {"work.py": "from app import pd\n\n\ndef other(event):\n    return pd\n"}) == []
    )


def test_a_library_that_is_imported_elsewhere_as_well(tmp_path: Path) -> None:
    assert (
        idle(tmp_path, ROUTES, heavy(), {"work.py": "import pandas\n\n\ndef other(event):\n    return event\n"}) == []
    )


@pytest.mark.parametrize("prices", [heavy(40), heavy(low=50, high=100), heavy(60, low=10, high=500)])
def test_a_library_that_spoils_no_cold_start(tmp_path: Path, prices: Prices) -> None:
    assert idle(tmp_path, ROUTES, prices) == []


# Memory sizes


def sized(tmp_path: Path, size: int, *, mb: float = 60, source: str = HANDLER.replace("pandas", "boto3")) -> list[str]:
    files = {"app.py": source, "template.yaml": template(f"\n      MemorySize: {size}")}
    return told("GW407", budgeted(tmp_path, files, takes(mb=mb)))


def test_memory_that_buys_nothing(tmp_path: Path) -> None:
    assert sized(tmp_path, 3008) == [
        (
            "template.yaml:6: note: `Orders` has 3,008 MB and takes 60 to load; beyond 1,769 MB a single thread gets no"
            " faster, and each second costs 41% less there: measure what it needs"
        )
    ]


def test_memory_that_buys_speed_or_room(tmp_path: Path) -> None:
    assert sized(tmp_path, 1769) == []
    assert sized(tmp_path, 3008, mb=900) == []
    assert sized(tmp_path, 3008, source="from concurrent.futures import wait\n" + HANDLER) == []
    assert sized(tmp_path, 3008, source=HANDLER) == []


# Limits of Lambda


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ("MemorySize: 64", "64 MB of memory; Lambda takes 128 to 10,240"),
        ("MemorySize: 10241", "10,241 MB of memory; Lambda takes 128 to 10,240"),
        ("Timeout: 901", "901 seconds before it times out; Lambda takes 1 to 900"),
        ("Timeout: 0", "0 seconds before it times out; Lambda takes 1 to 900"),
        ("EphemeralStorage: {Size: 256}", "256 MB of ephemeral storage; Lambda takes 512 to 10,240"),
        ("Layers: [a, b, c, d, e, f]", "6 layers; Lambda takes 5 at most"),
    ],
)
def test_a_setting_that_lambda_refuses(tmp_path: Path, properties: str, said: str) -> None:
    files = {**FOUND, "template.yaml": template(f"\n      {properties}")}

    assert told("GW408", budgeted(tmp_path, files, Prices())) == [f"template.yaml:11: error: `Orders` has {said}"]


def test_an_environment_that_lambda_refuses(tmp_path: Path) -> None:
    variables = f"\n      Environment: {{Variables: {{TABLE: {'x' * 4100}}}}}"
    (line,) = told("GW408", budgeted(tmp_path, {**FOUND, "template.yaml": template(variables)}, Prices()))

    assert line.startswith("template.yaml:11: error: `Orders` has 4,1")
    assert line.endswith(" bytes of environment variables; Lambda takes 4,096 at most")


@pytest.mark.parametrize(
    "properties",
    [
        "MemorySize: 128",
        "MemorySize: 10240",
        "MemorySize: !Ref Size",
        "Timeout: 900",
        "Timeout: !FindInMap [A, B, C]",
        "EphemeralStorage: {Size: 10240}",
        "Layers: [a, b, c, d, e]",
        "Environment: {Variables: {TABLE: !Ref Table}}",
    ],
)
def test_a_setting_that_lambda_takes_or_that_is_not_known(tmp_path: Path, properties: str) -> None:
    files = {**FOUND, "template.yaml": template(f"\n      {properties}")}

    assert told("GW408", budgeted(tmp_path, files, Prices())) == []


# Bytecode


def test_a_package_that_is_compiled_at_every_cold_start(tmp_path: Path) -> None:
    other = template(name="Bills").partition("Resources:\n")[2]
    files = {**FOUND, "template.yaml": template() + other}
    asked = budgeted(tmp_path, files, Prices({}, {}, {"Orders": 60, "Bills": 240}))

    assert told("GW409", asked) == [
        (
            "template.yaml:11: warning: packaging dates all files alike, so no bytecode is valid and `Bills` compiles"
            " its modules at every cold start, which takes 240 ms more; compile them for the package with"
            " `python -m compileall --invalidation-mode unchecked-hash`"
        )
    ]


@pytest.mark.parametrize(
    ("text", "compiles", "lost"),
    [
        (template(), True, 240),
        (template(), False, 20),
        (template("\n      PackageType: Image"), False, 240),
        (
            template().replace("Serverless", "Lambda").replace("Transform", "Description").replace("CodeUri", "Code"),
            False,
            240,
        ),
    ],
)
def test_a_package_that_is_compiled_ahead_or_by_another_tool(
    tmp_path: Path, text: str, compiles: bool, lost: float
) -> None:
    prices = Prices({}, {}, {"Orders": lost})

    assert told("GW409", budgeted(tmp_path, {**FOUND, "template.yaml": text}, prices, compiles=compiles)) == []


# Imports in functions

LAZY = "def handler(event, context):\n    import pandas\n    return pandas.read(event)\n"


def late(tmp_path: Path, source: str, size: int = 256, more: dict[str, str] | None = None) -> list[str]:
    files = {"app.py": source, **(more or {}), "template.yaml": template(f"\n      MemorySize: {size}")}
    return told("GW410", budgeted(tmp_path, files, Prices(later={"pandas": 400, "json": 4, "slow": 400})))


def test_an_expensive_import_that_waits_for_the_first_invocation(tmp_path: Path) -> None:
    assert late(tmp_path, LAZY) == [
        (
            "app.py:2: warning: `handler` imports `pandas` when `Orders` is first invoked: 400 ms of CPU, which are"
            " 2,764 ms at 256 MB; import it at the top of the module, as initialisation is not throttled"
        )
    ]


def test_an_expensive_import_in_a_function_that_is_always_called(tmp_path: Path) -> None:
    more = {
        "work.py": "from tools import load\n\n\ndef run(event):\n    return Job().start(load(event))\n\n\n"
        "class Job:\n    def __init__(self):\n        self.prepare()\n\n    def prepare(self):\n        import slow\n",
        "tools.py": LAZY.replace("handler(event, context)", "load(event)"),
        "slow.py": "",
    }
    app = "import work as w\n\n\ndef handler(event, context):\n    return w.run(event)\n"

    assert [line[:22] for line in late(tmp_path, app, more=more)] == [
        "tools.py:2: warning: `",
        "work.py:13: warning: `",
    ]


@pytest.mark.parametrize(
    "source",
    [
        HANDLER,
        LAZY.replace("pandas", "json"),
        LAZY.replace("    import", "    if event.get('export'):\n        import"),
        LAZY.replace("    import", "    try:\n        work()\n    except ValueError:\n        import"),
        LAZY.replace("    import", "    if not event:\n        return None\n    import"),
        f"def unused():\n    import pandas\n\n\n{HANDLER.replace('import pandas as pd', '')}",
        LAZY.replace("handler", "main"),
    ],
)
def test_an_import_that_is_cheap_early_or_rare(tmp_path: Path, source: str) -> None:
    assert late(tmp_path, source) == []


@pytest.mark.parametrize("size", [1769, 3008])
def test_an_import_where_nothing_is_throttled(tmp_path: Path, size: int) -> None:
    assert late(tmp_path, LAZY, size) == []
