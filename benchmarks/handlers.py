"""Handlers to estimate and to measure: of many kinds, small and large, with valid bytecode, stale bytecode and none.

They are in `handlers.txt`: `=== set | name | bytecode` begins one, `--- path` each of its files. What would be long is
generated: `#: rates N`, `#: records N`, `#: words N` and `#: classes N` stand for so many of them, and what is between
`#: repeat N` and `#: end` comes so many times, `%n` in it being the number.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

_TEXT = Path(__file__).with_suffix(".txt")
_REPEATED = re.compile(r"^#: repeat (\d+)\n(.*?)\n#: end$", re.MULTILINE | re.DOTALL)
_GENERATED = re.compile(r"^#: (rates|records|words|classes) (\d+)$", re.MULTILINE)

REQUIREMENTS = (
    "aiohttp", "attrs", "aws-lambda-powertools[tracer]", "beautifulsoup4", "boto3", "cryptography", "fastapi", "flask",
    "httpx", "jinja2", "jsonschema", "lxml", "mangum", "marshmallow", "openpyxl", "orjson", "pandas", "pillow",
    "psycopg2-binary", "pydantic", "pyjwt", "pymysql", "pyyaml", "redis", "requests", "sqlalchemy", "structlog",
)  # fmt: skip


class Handler(NamedTuple):
    """A function: its files, by path, and whether the bytecode it ships is `valid`, `stale` or `none` at all.

    Its module is `handler`. The `first` set was looked at while the estimator was written.
    """

    group: str
    name: str
    bytecode: str
    files: Mapping[str, str]


def handlers() -> tuple[Handler, ...]:
    """Return all handlers."""
    _, *parts = re.split(r"^=== ", _TEXT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return tuple(map(_handler, parts))


def _handler(text: str) -> Handler:
    head, *files = re.split(r"^--- ", text, flags=re.MULTILINE)
    group, name, bytecode = (field.strip() for field in head.split("|"))
    named = (file.partition("\n") for file in files)
    return Handler(group, name, bytecode, {path: _expanded(content) for path, _, content in named})


def _expanded(text: str) -> str:
    repeated = _REPEATED.sub(lambda match: _repeat(match[2], int(match[1])), text)
    return _GENERATED.sub(lambda match: _GENERATORS[match[1]](int(match[2])), repeated)


def _repeat(block: str, count: int) -> str:
    return "\n\n".join(block.replace("%n", str(number)) for number in range(count))


def _rates(count: int) -> str:
    rows = (
        f'    "C{number:05d}": ({number * 1.17:.2f}, {number % 97}, "zone-{number % 41}"),\n' for number in range(count)
    )
    return "RATES = {\n" + "".join(rows) + "}"


def _records(count: int) -> str:
    rows = (
        {"id": number, "name": f"item {number}", "tags": ["a", f"t{number % 7}"], "price": number / 8}
        for number in range(count)
    )
    return json.dumps(list(rows))


def _words(count: int) -> str:
    return "\n".join(f"    'word{number}'," for number in range(count))


def _classes(count: int) -> str:
    return "\n\n".join(
        f"class Step{number}:\n    def __init__(self, value):\n        self.value = value\n\n"
        f"    def run(self, event):\n        return event.get('key{number}', self.value) + {number}\n"
        for number in range(count)
    )


_GENERATORS: Final[Mapping[str, Callable[[int], str]]] = {
    "classes": _classes,
    "rates": _rates,
    "records": _records,
    "words": _words,
}
