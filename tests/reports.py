"""Reports made by hand, with the rules and the sources that they are about."""

from __future__ import annotations

from gwlint.components import Component
from gwlint.finding import FIRST_LINE, Finding, Related
from gwlint.model import Span
from gwlint.project import Account
from gwlint.report import Report
from gwlint.rule import Rule


class Bypass(Rule):
    id = "GW101"
    name = "gateway-bypass"
    summary = "Code outside a component imports its internal."
    severity = "error"
    precision = "high"
    tags = ("architecture", "gateway")


class Cycle(Rule):
    id = "GW201"
    name = "eager-cycle"
    summary = "Modules import one another at load time."
    severity = "warning"
    precision = "very-high"
    tags = ("architecture", "cycle")


RULES = (Bypass(), Cycle())

SOURCES = {
    "gwlint.toml": "",
    "app/basket.py": "import app.price\n",
    "app/handler.py": "import os\n\ndef run():\n\tfrom app.cache_core import (\n\t\tget,\n\t)\n",
    "app/price.py": "import app.tax\n",
    "app/tax.py": "rate = 0.19; import app.basket\n",
    "app/[bold]\x1b[31m.py": "größe = '値'; import app.cache_core\n",
}

FINDINGS = (
    Finding("GW201", "note", "a finding about a file", "app/__init__.py", FIRST_LINE, "file", fingerprint="f1"),
    Finding(
        "GW101",
        "error",
        "`[bold]\x1b[31m` imports `app.cache_core`, an internal of `cache`; import `app.cache`",
        "app/[bold]\x1b[31m.py",
        Span(1, 14, 1, 35),
        "odd",
        fingerprint="f2",
    ),
    Finding(
        "GW201",
        "warning",
        "3 modules import one another at load time: `app.basket`, `app.price`, `app.tax`; defer or remove this import",
        "app/basket.py",
        Span(1, 1, 1, 17),
        "ring",
        (
            Related("app/basket.py", Span(1, 1, 1, 17), "`app.basket` imports `app.price`", is_step=True),
            Related("app/price.py", Span(1, 1, 1, 15), "`app.price` imports `app.tax`", is_step=True),
            Related("app/tax.py", Span(1, 14, 1, 31), "`app.tax` imports `app.basket`", is_step=True),
        ),
        "f3",
    ),
    Finding(
        "GW101",
        "error",
        "`app.handler` imports `app.cache_core`, an internal of `cache`; import `app.cache`",
        "app/handler.py",
        Span(4, 2, 6, 3),
        "cache_core",
        (Related("app/cache.py", FIRST_LINE, "the gateway of `cache`"),),
        "f4",
    ),
)

REPORT = Report(
    account=Account(found=52, analysed=48, partial=3, excluded=1),
    layout="package",
    roots=("app", "jobs"),
    findings=FINDINGS,
    suppressed=2,
    components=(
        Component("cache", "app/cache.py", ("app/cache_core.py", "app/cache_lru.py"), "declared"),
        Component("store", "app/store.py", ("app/store_core.py",), "inferred"),
    ),
    notices=("`exclude`: nothing matches `gone/**`",),
    modules=("app/basket.py", "app/handler.py", "app/price.py", "app/tax.py", "jobs/nightly.py"),
)

CLEAN = Report(Account(1, 1, 0, 0), "package", (".",), (), 0, (), (), ("app/handler.py",))
