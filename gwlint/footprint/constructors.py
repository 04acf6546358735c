"""What is made while modules load: clients, engines, contexts, patterns, and classes that make more of themselves.

A callee may be written by where it is used or by where it is defined, so it is known by its first name and its last:
`httpx.Client` and `httpx._client.Client` are the same.
"""

import gzip
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from gwlint.footprint.formula import NOTHING, Cost
from gwlint.footprint.loads import Closure, Declared, Invoked
from gwlint.footprint.tables import Call, Client, Tables

_KB = 1024

_SDK: Final = frozenset({"boto3", "botocore", "aioboto3", "aiobotocore"})
_OF_CLIENTS: Final = frozenset({"client", "resource", "create_client"})
_OF_SESSIONS: Final = frozenset({"Session", "get_session"})
_SESSION_ALONE = Cost(156.0, 6.0)
_AGAIN = Cost(90.0, 4.0)
_RESOURCE = Cost(220.0, 5.0)
_TYPICAL_SERVICE_BYTES = 300_000
_NEWEST = re.compile(r"\d{4}-\d{2}-\d{2}")

_PATTERN = ("re", "compile")
_PATTERN_ALONE, _PER_CHARACTER = Cost(0.35, 0.035), Cost(0.018, 0.0035)
_UNREAD_PATTERN = 24

_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "route", "api_route"})

_FAMILIES: Final[tuple[tuple[tuple[str, str], str], ...]] = (
    (("pydantic_settings", "BaseSettings"), "pydantic_settings.BaseSettings"),
    (("pydantic", "BaseModel"), "pydantic.BaseModel"),
    (("sqlalchemy", "DeclarativeBase"), "sqlalchemy.orm.DeclarativeBase"),
    (("pynamodb", "Model"), "pynamodb.models.Model"),
    (("peewee", "Model"), "peewee.Model"),
    (("graphene", "ObjectType"), "graphene.ObjectType"),
    (("strawberry", "type"), "strawberry.type"),
    (("marshmallow", "Schema"), "marshmallow.Schema"),
    (("dataclasses", "dataclass"), "dataclasses.dataclass"),
    (("pydantic", "dataclass"), "pydantic.dataclasses.dataclass"),
    (("attr", "define"), "attrs.define"),
    (("attr", "attrs"), "attr.s"),
    (("attr", "s"), "attr.s"),
    (("attrs", "define"), "attrs.define"),
    (("attrs", "frozen"), "attrs.define"),
    (("typing", "TypedDict"), "typing.TypedDict"),
    (("typing", "NamedTuple"), "typing.NamedTuple"),
    (("ctypes", "Structure"), "ctypes.Structure"),
    (("enum", "Enum"), "enum.Enum"),
)
"""A class is what the first of these that it has as a base or decorator makes of it."""

_ASKED_BY_CLASSES: Final[dict[str, str]] = {"pydantic.BaseModel": "pydantic.plugin._loader"}
"""What making the first class of a family imports."""

_DRIVERS: Final[dict[str, str]] = {
    "postgresql": "psycopg2",
    "mysql": "MySQLdb",
    "mariadb": "MySQLdb",
    "sqlite": "sqlite3",
    "oracle": "oracledb",
    "mssql": "pyodbc",
}


_Asked = tuple[str, int, int]


class Charge(NamedTuple):
    """Something that is made, where, and what it costs.

    What was not measured itself is `computed` from the like; an `unsure` one may cost half, or half as much again.
    """

    name: str
    load: int
    line: int
    cost: Cost
    unsure: bool = False
    computed: bool = False


class Made(NamedTuple):
    """All that is priced, how many calls are not, and the modules that only calls ask for, with who does."""

    charges: tuple[Charge, ...]
    unknown: int
    asked: tuple[_Asked, ...]


class Constructors:
    """Prices what is constructed by what was measured of the like."""

    def __init__(self, tables: Tables) -> None:
        """Read nothing yet."""
        self._tables = tables
        self._sizes: dict[tuple[str, str], tuple[int, int]] = {}

    @cached_property
    def _calls(self) -> Mapping[tuple[str, str, str], Call]:
        """All calls that are known, by first name, last name, and the beginning of the argument."""
        return {_split(callee): call for callee, call in self._tables.calls.items()}

    def of(self, closure: Closure) -> Made:
        """Price the calls and the classes of a closure."""
        own = [call for call in closure.invoked if _is_of_project(closure, call.load) and not _is_sdk(call)]
        packages = {load.module for load in closure.loads if load.origin in ("package", "missing")}
        charges, asked, seen, unknown = [*self._sdk(closure)], list[_Asked](), set[str](), 0
        for call in own:
            found = self._call(call)
            if found:
                charges.append(_charged(call, found, seen))
                asked += [(module, call.load, call.line) for module in found.imports]
            unknown += not found and call.callee.partition(".")[0] in packages
            asked += _drivers(call)
        for declared in closure.declared:
            family = _family(closure, declared)
            if family:
                charges.append(self._class(declared, family))
                more = _ASKED_BY_CLASSES.get(family)
                asked += [(more, declared.load, declared.line)] if more else []
        return Made(tuple(charges), unknown, tuple(asked))

    def _call(self, call: Invoked) -> Call | None:
        top, last = _ends(call.callee)
        if (top, last) == _PATTERN:
            pattern = call.arguments[0] if call.arguments and call.arguments[0] else " " * _UNREAD_PATTERN
            cost = _PATTERN_ALONE.plus(_PER_CHARACTER.times(len(pattern), len(pattern)))
            return Call(call.callee, cost.memory_kb, cost.cpu_ms, cost.memory_kb, cost.cpu_ms, (), ())
        argument = call.arguments[0].partition(":")[0] if call.arguments else ""
        names = (last, "get" if last in _VERBS else last, "route" if last in _VERBS else last)
        keys = [(top, name, one) for name in names for one in (argument, "")]
        return next((self._calls[key] for key in keys if key in self._calls), None)

    def _class(self, declared: Declared, family: str) -> Charge:
        """Price what a class takes beyond what its code does, which is in the price of the module."""
        plain, plain_field = self._unit("class", "class"), self._unit("field", "class")
        whole, field = self._unit("class", family), self._unit("field", family)
        fields = declared.fields
        memory = max(0.0, whole.memory_kb - plain.memory_kb + fields * (field.memory_kb - plain_field.memory_kb / 4))
        time = max(0.0, whole.cpu_ms - plain.cpu_ms + fields * field.cpu_ms)
        name = f"class {declared.name.rpartition('.')[2]}"
        return Charge(name, declared.load, declared.line, Cost(memory, time))

    def _unit(self, group: str, name: str) -> Cost:
        unit = self._tables.units.get((group, name))
        return Cost(unit.memory_b / _KB, unit.cpu_us / 1000) if unit else NOTHING

    def _sdk(self, closure: Closure) -> Iterator[Charge]:
        """Price the sessions and clients of the AWS SDK: the first client of each session reads what all share."""
        folder = _data_folder(closure)
        calls = [call for call in closure.invoked if _is_sdk(call) and _counts(closure, call)]
        sessions = sum(call.times for call in calls if _ends(call.callee)[1] in _OF_SESSIONS)
        opened: set[str] = set()
        known: set[tuple[str, str]] = set()
        for call in calls:
            if _ends(call.callee)[1] in _OF_SESSIONS:
                yield Charge("boto3 session", call.load, call.line, _SESSION_ALONE.times(call.times, call.times))
                continue
            service = _service(call)
            session = "own" if _is_of_own_session(call) else "default"
            cost = self._client(folder, service, is_first=session not in opened)
            if (session, service) in known:
                cost = _AGAIN
            if session == "own" and session not in opened and sessions > 1:
                again = self._client(folder, service, is_first=True)
                cost = cost.plus(again.times(sessions - 1, sessions - 1))
            opened.add(session)
            known.add((session, service))
            if call.callee.endswith(".resource"):
                cost = cost.plus(self._resource(service))
            shown = f"{call.callee.partition('.')[0]} {_ends(call.callee)[1]} {service or '?'}"
            more = _AGAIN.times(call.times - 1, call.times - 1)
            computed = self._measured(folder, service) is None
            yield Charge(shown, call.load, call.line, cost.plus(more), not service, computed)

    def _client(self, folder: str, service: str, *, is_first: bool) -> Cost:
        """Price a client by the files of its service: by those at hand, else as they were when it was measured."""
        clients, measured = self._tables.clients, self._measured(folder, service)
        if measured:
            first = Cost(measured.first_memory_kb, measured.first_cpu_ms)
            return first if is_first else Cost(measured.further_memory_kb, measured.further_cpu_ms)
        price = clients.first if is_first else clients.further
        model, rules = self._size(folder, service)
        model_kb, rules_kb = (model or _TYPICAL_SERVICE_BYTES) / _KB, rules / _KB
        return Cost(
            price.memory_kb + price.memory_per_model_kb * model_kb + price.memory_per_rules_kb * rules_kb,
            price.cpu_ms + price.cpu_per_model_kb * model_kb + price.cpu_per_rules_kb * rules_kb,
        )

    def _measured(self, folder: str, service: str) -> Client | None:
        """Return a service as it was measured, if its files are those that are at hand, or none are."""
        known, size = self._tables.clients.services.get(service), self._size(folder, service)
        return known if known and size in ((0, 0), (known.model_bytes, known.rules_bytes)) else None

    def _size(self, folder: str, service: str) -> tuple[int, int]:
        if (folder, service) not in self._sizes:
            self._sizes[folder, service] = _service_bytes(folder, service)
        return self._sizes[folder, service]

    def _resource(self, service: str) -> Cost:
        known = self._tables.call("boto3.resource", service)
        further = self._tables.clients.services.get(service)
        if known is None:
            return _RESOURCE
        memory = known.further_memory_kb - (further.further_memory_kb if further else 0.0)
        return Cost(max(_RESOURCE.memory_kb, min(memory, 1000.0)), _RESOURCE.cpu_ms)


def _split(callee: str) -> tuple[str, str, str]:
    name, _, argument = callee.partition("(")
    return (*_ends(name), argument.rstrip(")"))


def _charged(call: Invoked, found: Call, seen: set[str]) -> Charge:
    """Price a call: the first of its kind has more to do."""
    more = call.times if found.callee in seen else call.times - 1
    cost = Cost(found.further_memory_kb, found.further_cpu_ms).times(more, more)
    if found.callee not in seen:
        cost = cost.plus(Cost(found.memory_kb, found.cpu_ms))
    seen.add(found.callee)
    return Charge(call.callee, call.load, call.line, cost, call.times > 1)


def _is_of_project(closure: Closure, load: int) -> bool:
    return closure.loads[load].origin == "project"


def _ends(name: str) -> tuple[str, str]:
    return name.partition(".")[0], name.rpartition(".")[2]


def _is_sdk(call: Invoked) -> bool:
    top, last = _ends(call.callee)
    return top in _SDK and (last in _OF_CLIENTS or last in _OF_SESSIONS)


def _family(closure: Closure, declared: Declared) -> str:
    """Return what kind of class something is; nothing for plain ones, and for those of packages."""
    if declared.kind == "function" or not _is_of_project(closure, declared.load):
        return ""
    origins = {_ends(name) for name in (*declared.decorators, *declared.bases)}
    return next((family for origin, family in _FAMILIES if origin in origins), "")


def _counts(closure: Closure, call: Invoked) -> bool:
    """Tell whether a call is one of the SDK's users: how its own code does what it does is in the price."""
    load = closure.loads[call.load]
    return load.origin == "project" or (load.module.partition(".")[0] not in _SDK and bool(load.file))


def _is_of_own_session(call: Invoked) -> bool:
    return "session" in call.callee.lower() or call.callee.endswith("create_client")


def _service(call: Invoked) -> str:
    named = dict(call.keywords).get("service_name", "")
    return call.arguments[0] if call.arguments and call.arguments[0] else named


def _data_folder(closure: Closure) -> str:
    package = next((load.file for load in closure.loads if load.module == "botocore" and load.file), "")
    return os.path.join(os.path.dirname(package), "data") if package else ""  # noqa: PTH118, PTH120


def _service_bytes(folder: str, service: str) -> tuple[int, int]:
    """Return the sizes of the files that describe a service, once unpacked: those of its newest version."""
    place = Path(folder) / service
    if not re.fullmatch(r"[\w-]+", service) or not place.is_dir():
        return 0, 0
    versions = sorted(entry.name for entry in place.iterdir() if _NEWEST.fullmatch(entry.name))
    newest = place / versions[-1] if versions else place
    return _unpacked(newest / "service-2.json"), _unpacked(newest / "endpoint-rule-set-1.json")


def _unpacked(file: Path) -> int:
    try:
        if file.is_file():
            return file.stat().st_size
        with gzip.open(f"{file}.gz") as packed:
            return packed.seek(0, os.SEEK_END)
    except (OSError, EOFError):
        return 0


def _drivers(call: Invoked) -> Iterable[_Asked]:
    """Yield the modules that an engine imports for the database its address names."""
    if _ends(call.callee) not in {("sqlalchemy", "create_engine"), ("sqlalchemy", "create_async_engine")}:
        return
    scheme = urlsplit(call.arguments[0]).scheme if call.arguments else ""
    dialect, _, driver = scheme.partition("+")
    if dialect in _DRIVERS:
        yield f"sqlalchemy.dialects.{dialect}", call.load, call.line
        yield driver or _DRIVERS[dialect], call.load, call.line
