"""Functions made by hand, with what they take."""

from __future__ import annotations

from msgspec.structs import replace

from gwlint.budgets import FunctionBudget, Limits
from gwlint.finding import FIRST_LINE
from gwlint.footprint.estimates import Amount, Contributor, Estimate
from gwlint.model import Span

_HANDLER, _DATABASE = "orders/app.py:3", "orders/db.py:1"

CONTRIBUTORS = (
    Contributor("boto3", "package", 15974.4, 151.0, (_HANDLER, _DATABASE), "table", 14848.0, 140.0, 311),
    Contributor("dynamodb client", "constructor", 11571.2, 78.5, (_HANDLER, "orders/db.py:4"), "table", 20480.0, 90.0),
    Contributor("pydantic", "package", 9011.2, 70.0, ("orders/app.py:1",), "formula", 9011.2, 70.0, 74),
    Contributor("urllib3", "package", 3276.8, 24.0, (_HANDLER, _DATABASE), "table", 0.0, 0.0, 30),
    Contributor("standard library", "standard", 2048.0, 21.5, (_HANDLER, _DATABASE), "table", 310.0, 2.0, 96),
    Contributor("TARIFFS", "data", 640.0, 0.8, ("orders/tariffs.py:1",), "formula", 640.0, 0.8),
    Contributor("orders", "project", 96.0, 1.9, (), "formula", 0.0, 0.0, 3),
    Contributor("libyaml.so", "library", 80.0, 0.3, (_HANDLER, "orders/db.py:2"), "name", 80.0, 0.3),
    Contributor("stray", "package", 12.0, 0.1, (_HANDLER, "orders/db.py:3"), "name", 12.0, 0.1),
    Contributor("lost", "package", 10.0, 0.1, (_HANDLER, "orders/db.py:3"), "name", 10.0, 0.1),
)
NOTES = ("`orders/db.py:9` loads a module by a name that is not known: the estimate may be too low",)

CREATE = FunctionBudget(
    name="CreateOrder",
    handler="app.handler",
    path="orders/app.py",
    at=Span(7, 1, 7, 28),
    template="template.yaml",
    template_line=12,
    runtime="python3.12",
    architecture="arm64",
    memory_size_mb=128,
    limits=Limits(128, 300, 250),
    estimate=Estimate(
        Amount(70.9, 76.7, 82.4, 35.0, 37.0), Amount(361.0, 431.2, 502.0, 83.0, 83.0), CONTRIBUTORS, NOTES
    ),
    package=Amount(28.4, 28.4, 28.4, 0.0, 0.0),
    parts=(("botocore", 21.6), ("pydantic_core", 4.4), ("orders", 0.04)),
    notes=(),
)
REPORT = FunctionBudget(
    name="NightlyReport",
    handler="report.main",
    path="report.py",
    at=Span(20, 1, 20, 30),
    template="template.yaml",
    template_line=30,
    runtime="python3.13",
    architecture="x86_64",
    memory_size_mb=128,
    limits=Limits(128, 100, 250),
    estimate=Estimate(
        Amount(141.0, 168.0, 203.0, 34.0, 36.0),
        Amount(980.0, 1200.0, 1460.0, 88.0, 88.0),
        (Contributor("pandas", "package", 137216.0, 1112.0, ("report.py:1",), "table", 137216.0, 1112.0, 1204),),
        (),
    ),
    package=Amount(249.0, 262.0, 275.0, 0.0, 0.0),
    parts=(("pandas", 130.0), ("numpy", 53.0)),
    notes=(),
)
PING = FunctionBudget(
    name="Ping",
    handler="ping.handler",
    path="ping.py",
    at=Span(1, 1, 1, 24),
    template="template.yaml",
    template_line=44,
    runtime="python3.12",
    architecture="x86_64",
    memory_size_mb=1024,
    limits=Limits(1024, 100, 250),
    estimate=Estimate(
        Amount(37.1, 37.4, 37.8, 36.0, 37.0),
        Amount(83.5, 84.0, 84.6, 83.0, 83.0),
        (Contributor("json", "standard", 1433.6, 1.0, ("ping.py:1",), "table", 1433.6, 1.0, 5),),
        (),
    ),
    package=Amount(0.01, 0.01, 0.01, 0.0, 0.0),
    parts=(),
    notes=(),
)
LOST = FunctionBudget(
    name="Lost",
    handler="gone.handler",
    path="",
    at=FIRST_LINE,
    template="serverless.yml",
    template_line=3,
    runtime="",
    architecture="x86_64",
    memory_size_mb=None,
    limits=Limits(None, 100, None),
    estimate=None,
    package=None,
    parts=(),
    notes=("`gone.handler` leads to no file of the project", "its memory size is `${opt:memory}`"),
)
UNLIMITED = replace(PING, name="no.template", template="", memory_size_mb=None, limits=Limits(None, None, None))

FUNCTIONS = (CREATE, REPORT, PING, LOST)
HOSTILE = "</script><img src=x onerror=alert(1)>\x1b[31m\u202e'\"&"
"""What nobody calls a function, unless to see what becomes of it."""
