"""Every key there is: what may be its value, and what becomes of it in a `Config`."""

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from gwlint.access import CELLS, GROUPS, TYPE_ONLY, Verdict
from gwlint.config import declared, faults, values
from gwlint.config.files import Table
from gwlint.config.model import BudgetSettings, CopyKind, Duplicates, FailOn, Preset
from gwlint.config.values import Check
from gwlint.finding import Level

Read = Callable[[Any], object]  # Any: only what a check has accepted gets here

_FIELDS = {"config": "config_modules"}
_LEVELS = tuple(reversed(get_args(Level)))
_NO_RULES = "nothing would be checked; name codes or remove the key"
_NO_CODES = "nothing would be ignored; name codes or remove the key"
_NO_KINDS = "nothing would be found; name kinds or remove the key"
_NO_MODULES = "it would have no modules; name some or remove the key"
_MOST_MB = 10_240
_MOST_MS = 900_000
_BUDGETS = values.table(
    {
        "memory-mb": values.number(1, _MOST_MB),
        "init-ms": values.number(1, _MOST_MS),
        "package-mb": values.number(1, _MOST_MB),
        "site-packages": values.string(faults.folder_fault),
    }
)


def field_of(key: str) -> str:
    """Return the field of a `Config` that a key sets."""
    return _FIELDS.get(key, key.replace("-", "_"))


def key_of(field: str) -> str:
    """Return the key that sets a field of a `Config`."""
    return next((key for key, named in _FIELDS.items() if named == field), field.replace("_", "-"))


@dataclass(frozen=True, slots=True)
class Key:
    """What may be the value of a key, and what a value means."""

    check: Check
    read: Read


def keys(project: Path, codes: Collection[str] | None) -> dict[str, Key]:
    """Return every key. `codes` are those of all rules; without them, it is left open whether a code has a rule."""
    code, module_glob = faults.code_fault(codes), faults.module_glob_fault
    cells = dict.fromkeys((*CELLS, *GROUPS, TYPE_ONLY), values.choice(*get_args(Verdict)))
    globs = Key(values.strings(faults.glob_fault(project)), tuple)
    some_modules = values.strings(module_glob, empty=_NO_MODULES)
    some_codes = values.strings(code, empty=_NO_CODES)
    flag = Key(values.boolean, bool)
    return {
        "roots": Key(values.strings(faults.root_fault(project), normal=posixpath.normpath), _roots),
        "layout": Key(values.choice("auto", "package", "flat"), str),
        "exclude": globs,
        "tests": globs,
        "entry-points": Key(values.strings(faults.module_fault), tuple),
        "preset": Key(values.choice(*get_args(Preset)), str),
        "infer": flag,
        "include-tests": flag,
        "config": Key(values.strings(module_glob), tuple),
        "layers": Key(values.lines_of_names(faults.part_fault), _lines),
        "components": Key(declared.component_problems, declared.components),
        "extensions": Key(values.named(faults.title_fault, some_modules), _lists),
        "access": Key(values.table(cells), _pairs),
        "contracts": Key(declared.contract_problems, declared.contracts),
        "duplicates": Key(_duplicates(project), _read_duplicates),
        "budgets": Key(_BUDGETS, _read_budgets),
        "functions": Key(declared.function_check(project), declared.functions),
        "select": Key(values.strings(code, empty=_NO_RULES), tuple),
        "ignore": Key(values.strings(code), tuple),
        "extend-select": Key(values.strings(code), tuple),
        "severity": Key(values.named(code, values.choice(*_LEVELS)), _pairs),
        "per-file-ignores": Key(values.named(faults.lone_glob_fault(project), some_codes), _lists),
        "fail-on": Key(values.choice(*get_args(FailOn)), str),
        "require-reason": flag,
        "baseline": Key(values.string(faults.file_fault(project)), posixpath.normpath),
        "docs-url": Key(values.string(faults.docs_url_fault), str),
        "issues-url": Key(values.string(faults.url_fault), str),
    }


def problems(known: Mapping[str, Key], table: Table) -> Iterator[str]:
    """Yield what is wrong with settings: one line each, with the path of the key and the remedy."""
    yield from values.keyed_problems("", table, {word: key.check for word, key in known.items()})
    if "layers" in table and table.get("preset") != "layers":
        yield "'layers' is for the preset of that name; set preset = \"layers\" or remove it"


def config_of(known: Mapping[str, Key], table: Table) -> dict[str, Any]:
    """Return the fields that settings without problems set."""
    return {field_of(word): known[word].read(value) for word, value in table.items()}


def _duplicates(project: Path) -> Check:
    return values.table(
        {
            "min-statements": values.number(1, 1000, whole=True),
            "threshold": values.number(0.5, 1),
            "kinds": values.strings(faults.choice_fault(*get_args(CopyKind)), empty=_NO_KINDS),
            "exclude": values.strings(faults.glob_fault(project)),
        }
    )


def _read_duplicates(value: Table) -> Duplicates:
    given = Duplicates()
    return Duplicates(
        min_statements=value.get("min-statements", given.min_statements),
        threshold=float(value.get("threshold", given.threshold)),
        kinds=tuple(value.get("kinds", given.kinds)),
        exclude=tuple(value.get("exclude", given.exclude)),
    )


def _read_budgets(value: Table) -> BudgetSettings:
    given = BudgetSettings()
    return BudgetSettings(
        memory_mb=float(value.get("memory-mb", given.memory_mb)),
        init_ms=float(value.get("init-ms", given.init_ms)),
        package_mb=float(value.get("package-mb", given.package_mb)),
        site_packages=value.get("site-packages", given.site_packages),
    )


def _roots(value: list[str]) -> tuple[str, ...] | None:
    return tuple(map(posixpath.normpath, value)) or None


def _lines(value: list[str]) -> tuple[str, ...]:
    return tuple("|".join(values.names_on(line)) for line in value)


def _pairs(value: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(value.items())


def _lists(value: dict[str, list[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((key, tuple(held)) for key, held in value.items())
