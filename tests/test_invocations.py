"""What the rules say that follow an event through the functions of a handler: GW404, GW406, GW411 and GW412."""

from contextlib import closing
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from gwlint.cache import Cache
from gwlint.check import check
from gwlint.config import load, overriding
from gwlint.finding import Finding
from tests.building import function, template
from tests.projects import write

HANDLER = "def lambda_handler(event, context):\n"


def findings(folder: Path, files: dict[str, str], code: str) -> list[Finding]:
    config = overriding(load(write(folder, files)), "--imagined", select=(code,))
    with closing(Cache(None)) as unkept:
        return list(check(config, unkept, 1, lambda _done, _total: None, today=date(2026, 6, 1)).findings)


def lines(folder: Path, source: str, code: str, **others: str) -> list[int]:
    """Return the lines of a handler's module that a rule reports, those of other modules negative."""
    files = {"app.py": dedent(source), **{f"{name}.py": dedent(text) for name, text in others.items()}}
    return [one.at.line if one.path == "app.py" else -one.at.line for one in findings(folder, files, code)]


# What grows

GROWS = {
    "a cache without bound": """\
        import functools
        @functools.lru_cache(None)
        def found(key): return key
        def lambda_handler(event, context): return found(event["id"])
        """,
    "a cache with a name of its own": """\
        from functools import cache as remembered
        @remembered
        def found(key): return key
        def lambda_handler(event, context): return found(key=event["id"])
        """,
    "a key that comes by way of other functions": """\
        from functools import cache
        @cache
        def found(key): return key
        def search(text): return [found(word.strip()) for word in text.split()]
        def answer(body): return search(body["text"])
        def lambda_handler(event, context): return answer(event)
        """,
    "a key out of an object": """\
        from functools import cache
        @cache
        def found(key): return key
        class Order:
            def __init__(self, number): self.number = number
            def total(self): return found(self.number)
        def lambda_handler(event, context):
            order = Order(event["id"])
            return order.total()
        """,
    "a key that is another one each time": """\
        import uuid
        NAMES = {}
        def lambda_handler(event, context): NAMES[str(uuid.uuid4())] = 1
        """,
    "a function that is handed to a batch processor": """\
        from functools import cache
        from aws_lambda_powertools.utilities.batch import process_partial_response
        @cache
        def found(key): return key
        def one(record): return found(record.body)
        def lambda_handler(event, context): return process_partial_response(event=event, record_handler=one)
        """,
    "a route": """\
        from functools import cache
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @cache
        def found(key): return key
        @app.get("/orders/<number>")
        def order(number): return found(number)
        def lambda_handler(event, context): return app.resolve(event, context)
        """,
    "what the framework knows of the event": """\
        from functools import cache
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @cache
        def found(key): return key
        @app.post("/orders")
        def order(): return found(app.current_event.json_body["id"])
        def lambda_handler(event, context): return app.resolve(event, context)
        """,
    "a set": """\
        SEEN = set()
        def lambda_handler(event, context): SEEN.add(event["id"])
        """,
    "a container of a class": """\
        class Orders:
            known = {}
            def put(self, number): self.known[number] = 1
        def lambda_handler(event, context): Orders().put(event["id"])
        """,
    "a container of an object that lives on": """\
        class Orders:
            def __init__(self): self.known = {}
            def put(self, number): self.known[number] = 1
        orders = Orders()
        def lambda_handler(event, context): orders.put(event["id"])
        """,
    "lists in a dictionary": """\
        from collections import defaultdict
        BY_KIND = defaultdict(list)
        def lambda_handler(event, context): BY_KIND["new"].append(event["id"])
        """,
    "an augmented assignment": """\
        LOG = []
        def lambda_handler(event, context):
            global LOG
            LOG += [event]
        """,
    "an object that each invocation makes": """\
        from functools import lru_cache
        class Order:
            @lru_cache(maxsize=None)
            def total(self): return 1
        def lambda_handler(event, context): return Order().total()
        """,
    "a handler in a decorator of the project": """\
        SEEN = []
        def watched(function):
            def inner(event, context):
                SEEN.append(event)
                return function(event, context)
            return inner
        @watched
        def lambda_handler(event, context): return 1
        """,
}


@pytest.mark.parametrize("source", GROWS.values(), ids=GROWS)
def test_what_grows_with_events_is_a_warning(tmp_path: Path, source: str) -> None:
    found = findings(tmp_path, {"app.py": dedent(source)}, "GW404")

    assert [(one.rule, one.severity) for one in found] == [("GW404", "warning")]


BOUNDED = {
    "the same key each time": """\
        import os
        from functools import cache
        @cache
        def found(key, kind="x"): return key
        def lambda_handler(event, context): return found("a"), found(os.environ["B"]), found(os.getenv("C", "d"))
        """,
    "few keys": """\
        from functools import cache
        from typing import Literal
        @cache
        def found(all: bool, kind: Literal["a", "b"] | None): return kind
        def lambda_handler(event, context): return found(event["all"], event["kind"]), named(len(event) > 3)
        @cache
        def named(flag): return flag
        """,
    "one of a table": """\
        from functools import cache
        KINDS = {"a": "b"}
        @cache
        def found(key): return key
        def lambda_handler(event, context): return found(KINDS[event["kind"]]), found(KINDS.get(event["kind"]))
        """,
    "the names of a loop over constants": """\
        CLIENTS = {}
        def lambda_handler(event, context):
            for name in ("a", "b"):
                CLIENTS[name] = event
        """,
    "what the function is called": """\
        NAMES = {}
        def lambda_handler(event, context): NAMES[context.function_name] = 1
        """,
    "what loading fills": """\
        HANDLERS = []
        def register(function): HANDLERS.append(function); return function
        @register
        def one(event): return 1
        def lambda_handler(event, context): return [each(event) for each in HANDLERS]
        """,
    "what is filled once": """\
        ROWS = []
        def rows():
            if ROWS: return ROWS
            ROWS.extend(open("rows").read().split())
            return ROWS
        def lambda_handler(event, context): return rows()
        """,
    "what somebody clears": """\
        from functools import cache
        @cache
        def found(key): return key
        def lambda_handler(event, context):
            found.cache_clear()
            return found(event["id"])
        """,
    "what somebody else takes care of": """\
        from tidy import tidy
        KNOWN = {}
        def lambda_handler(event, context):
            KNOWN[event["id"]] = 1
            tidy(KNOWN)
        """,
    "a container of the invocation": """\
        class Orders:
            def __init__(self): self.known = {}
            def put(self, number): self.known[number] = 1
        def lambda_handler(event, context):
            known = {}
            known[event["id"]] = 1
            Orders().put(event["id"])
        """,
    "a module that no handler loads": "def lambda_handler(event, context): return 1\n",
    "a bound of its own": """\
        from cachetools import TTLCache
        KNOWN = TTLCache(100, 60)
        def lambda_handler(event, context): KNOWN[event["id"]] = 1
        """,
}
UNUSED = """\
from functools import cache
@cache
def found(key): return key
def handle(order): return found(order.number)
"""


@pytest.mark.parametrize("source", BOUNDED.values(), ids=BOUNDED)
def test_what_has_a_bound_is_left_alone(tmp_path: Path, source: str) -> None:
    assert lines(tmp_path, source, "GW404", unused=UNUSED) == []


def test_keys_that_nobody_can_see_the_source_of_are_a_note(tmp_path: Path) -> None:
    source = f"from rates import all\nRATES = {{}}\n{HANDLER}    for rate in all():\n        RATES[rate.name] = rate\n"
    (found,) = findings(tmp_path, {"app.py": source}, "GW404")

    assert (found.at.line, found.severity) == (5, "note")
    assert found.message == (
        "`app.RATES` keeps an entry for every key there ever is, and nothing is ever taken out of it;"
        " bound it, or let it live as long as the invocation"
    )


def test_a_finding_says_where_the_key_comes_from(tmp_path: Path) -> None:
    files = {
        "app.py": f"from prices import price\n\n\n{HANDLER}    return price(event['sku'])\n",
        "prices.py": "from functools import cache\n\n\n@cache\ndef price(sku):\n    return len(sku)\n",
    }
    (found,) = findings(tmp_path, files, "GW404")

    assert (found.path, found.at.line) == ("prices.py", 4)
    assert found.message == (
        "`prices.price` keeps what it returned for every `sku` that an event brings, without bound;"
        " give its cache a `maxsize`"
    )
    assert [(one.path, one.at.line, one.message) for one in found.related] == [
        ("app.py", 5, "hands on what comes with the event")
    ]


# Which functions are handlers


def test_a_template_says_what_is_called(tmp_path: Path) -> None:
    source = "SEEN = []\n\n\ndef answer(request):\n    SEEN.append(request)\n"
    declared = template(function("Answer", "src", handler="main.answer"))

    assert findings(tmp_path, {"src/main.py": source}, "GW404") == []
    assert [one.at.line for one in findings(tmp_path, {"template.yaml": declared}, "GW404")] == [5]


@pytest.mark.parametrize(
    ("header", "count"),
    [
        ("def handler(event, context):", 1),
        ("async def order_handler(_event: dict, _ctx=None):", 1),
        ("def main(event: dict[str, str], lambda_context: object) -> None:", 1),
        ("def handler(signal, frame):", 0),
        ("def spans(event, context):", 0),
        ("def main(event):", 0),
    ],
)
def test_a_handler_takes_an_event_and_a_context(tmp_path: Path, header: str, count: int) -> None:
    source = f"SEEN = []\n\n\n{header}\n    SEEN.append(1)\n"

    assert len(findings(tmp_path, {"app.py": source}, "GW404")) == count


def test_what_a_handler_is_made_of_is_called(tmp_path: Path) -> None:
    source = """\
        from framework import wrapped
        SEEN = []
        def answer(request): SEEN.append(request)
        lambda_handler = wrapped(answer)
        """

    assert lines(tmp_path, source, "GW404") == [3]


def test_tests_and_broken_files_have_no_handlers(tmp_path: Path) -> None:
    source = f"SEEN = []\n\n\n{HANDLER}    SEEN.append(1)\n"

    assert findings(tmp_path, {"tests/test_app.py": source, "app.py": f"{source}    )\n"}, "GW404") == []


# Literals


def test_a_literal_is_weighed_as_data_and_as_source(tmp_path: Path) -> None:
    rows = ", ".join(f"'name {number:06}': {number + 1_000}" for number in range(3_000))
    (found,) = findings(tmp_path, {"app.py": f"ROWS = {{{rows}}}\n\n\n{HANDLER}    return ROWS\n"}, "GW406")

    assert found.message == (
        "`app.ROWS` takes about 0.5 MB once it is loaded, and 4.8 MB and 21 ms where its module is compiled on import,"
        " as in most deployed packages; read it from a JSON file (0.4 MB), or when it is asked for"
    )


@pytest.mark.parametrize(
    "value",
    [
        "[0] * 100",
        "b'x' * 1_000",
        "[make(number) for number in numbers]",
        "{number: 1 for number in range(100_000) if number % 1_000}",
        "[0] * 10 ** 10 ** 10",
        "[0] * (2 << 4000)",
        "range(10 ** 9)",
        "[number for number in range(0, 10 ** 9, 0)]",
        "'" + "x" * 500_000 + "'",
    ],
    ids=lambda value: value[:30],
)
def test_small_data_is_left_alone(tmp_path: Path, value: str) -> None:
    assert lines(tmp_path, f"numbers = ()\nVALUE = {value}\n{HANDLER}    return VALUE\n", "GW406") == []


@pytest.mark.parametrize(
    "value",
    [
        "[0.0] * 2**20",
        "b'x' * (2 * 1024 * 1024)",
        "(0, 1) * 500_000",
        "{number: [number] for number in range(50_000)}",
        "{str(number) for number in range(1, 100_000, 2)}",
        "'" + "x" * 2_000_000 + "'",
    ],
    ids=lambda value: value[:30],
)
def test_large_data_is_reported(tmp_path: Path, value: str) -> None:
    assert lines(tmp_path, f"import os\nVALUE = {value}\n{HANDLER}    return VALUE\n", "GW406") == [2]


# Sessions

SESSIONS = {
    "import boto3\na = boto3.client('s3')\nb = boto3.Session().client('s3')\n": [3],
    "import boto3\na = boto3.Session().client('s3')\nb = boto3.Session().client('s3')\n": [3],
    "import boto3\na = boto3.Session()\nb = boto3.Session()\nc = a.client('s3')\nd = b.resource('s3')\n": [3],
    "import boto3\na = boto3.Session(profile_name='x')\nb = boto3.client('s3')\nc = a.client('s3')\n": [],
    "import boto3\na = boto3.Session()\nb = boto3.client('s3')\nprint(a.region_name)\n": [],
    "import boto3\na = boto3.Session()\nb = a.client('s3')\nc = a.client('sqs')\n": [],
    "import boto3\ndef made(): return boto3.Session()\na = made().client('s3')\nb = boto3.client('s3')\n": [2],
    "import boto3, os\na = boto3.client('s3')\nb = boto3.Session(None, os.environ['AWS_REGION'])\nb.client('s3')\n": [],
    "import boto3\nfrom os import getenv as e\na = boto3.client('s3')\n"
    "b = boto3.Session(region_name=e('AWS_REGION')).client('s3')\n": [4],
    "import boto3\nfor name in names():\n    boto3.Session(profile_name=name).client('s3')\n": [],
    "import boto3, botocore.session as s\na = boto3.client('s3')\nb = s.get_session().create_client('s3')\n": [3],
}


@pytest.mark.parametrize(("source", "expected"), SESSIONS.items())
def test_a_session_like_another_one_is_reported(tmp_path: Path, source: str, expected: list[int]) -> None:
    assert lines(tmp_path, f"{source}{HANDLER}    return 1\n", "GW411") == expected


# Clients

ANEW = {
    "in the handler": "def lambda_handler(event, context):\n    boto3.client('s3')\n",
    "in a function of another module": "from other import made\ndef lambda_handler(event, context):\n    made()\n",
    "by way of a gateway": "import gate\ndef lambda_handler(event, context):\n    gate.make()\n",
    "in a class": """\
        class Store:
            def __init__(self):
                self.client = boto3.client('s3')
        def lambda_handler(event, context):
            return Store().client
        """,
    "in a base class": """\
        class Base:
            def __init__(self): self.client = boto3.client('s3')
        class Store(Base):
            pass
        def lambda_handler(event, context): return Store()
        """,
    "in a lazy attribute of an object that is made anew": """\
        class Store:
            client = None
            def get(self):
                if self.client is None:
                    self.client = boto3.client('s3')
                return self.client
        def lambda_handler(event, context): return Store().get()
        """,
    "in a comprehension": "def lambda_handler(event, context):\n    return [boto3.client('s3') for _ in event]\n",
    "in a thread": """\
        from concurrent.futures import ThreadPoolExecutor
        def one(record): boto3.client('s3').put_object(Body=record)
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                pool.map(one, event["Records"])
        """,
    "with settings that are the same each time": """\
        from botocore.config import Config
        def made(region): return boto3.client('s3', region_name=region, config=Config(retries={'max_attempts': 3}))
        def lambda_handler(event, context): return made('eu-central-1')
        """,
    "with a secret": """\
        from openai import OpenAI
        def secret(name): return name
        def lambda_handler(event, context): return OpenAI(api_key=secret('x'))
        """,
}
OTHERS = {
    "other": "import boto3\ndef made(): return boto3.client('s3')\n",
    "gate": "from other import made as make\n",
}


@pytest.mark.parametrize("source", ANEW.values(), ids=ANEW)
def test_a_client_that_each_invocation_makes_is_reported(tmp_path: Path, source: str) -> None:
    assert len(lines(tmp_path, f"import boto3\n{dedent(source)}", "GW412", **OTHERS)) == 1


ONCE = {
    "in the module": "made = boto3.client('s3')\ndef lambda_handler(event, context): return made\n",
    "in a default": "def lambda_handler(event, context, made=boto3.client('s3')): return made\n",
    "in a cache": """\
        from functools import lru_cache
        @lru_cache
        def made(): return boto3.client('s3')
        def lambda_handler(event, context): return made()
        """,
    "in a global": """\
        made = None
        def lambda_handler(event, context):
            global made
            made = made or boto3.client('s3')
            return made
        """,
    "in a global that another function is to fill": """\
        made = None
        def fill():
            global made
            made = make()
        def make(): return boto3.client('s3')
        def lambda_handler(event, context):
            if not made:
                fill()
        """,
    "in a container": """\
        made = {}
        def client(name):
            try:
                return made[name]
            except KeyError:
                found = made[name] = boto3.client(name)
                return found
        def lambda_handler(event, context): return client('s3')
        """,
    "with setdefault": "M = {}\ndef lambda_handler(event, context): return M.setdefault('a', boto3.client('s3'))\n",
    "on the handler itself": """\
        def lambda_handler(event, context):
            if not hasattr(lambda_handler, 'made'):
                lambda_handler.made = boto3.client('s3')
        """,
    "in an attribute of a class": """\
        class Store:
            made = None
            @classmethod
            def get(cls):
                if cls.made is None:
                    cls.made = boto3.client('s3')
                return cls.made
        def lambda_handler(event, context): return Store.get()
        """,
    "in an object that lives on": """\
        class Store:
            def __init__(self): self.made = boto3.client('s3')
        store = Store()
        def lambda_handler(event, context): return store.made
        """,
    "in the only object of a class": """\
        class Store:
            it = None
            def __new__(cls):
                if cls.it is None:
                    cls.it = super().__new__(cls)
                    cls.it.made = boto3.client('s3')
                return cls.it
        def lambda_handler(event, context): return Store()
        """,
    "for each tenant": "def lambda_handler(event, context): return boto3.client('s3', region_name=event['region'])\n",
    "for each service": """\
        def made(name): return boto3.client(name)
        def lambda_handler(event, context): return made(event['service'])
        """,
    "for each region": """\
        def lambda_handler(event, context):
            for region in regions():
                boto3.client('s3', region_name=region)
        """,
    "with an assumed role": """\
        sts = boto3.client('sts')
        def lambda_handler(event, context):
            given = sts.assume_role(RoleArn='arn')['Credentials']
            session = boto3.Session(aws_access_key_id=given['AccessKeyId'])
            return session.client('s3')
        """,
    "when something fails": """\
        def lambda_handler(event, context):
            try:
                return event['a']
            except KeyError:
                boto3.client('sns').publish()
                raise
        """,
    "somewhere else": "def lambda_handler(event, context): return 1\ndef tool(): return boto3.client('s3')\n",
    "when a factory is asked": """\
        from registry import shared
        def make(): return boto3.client('s3')
        def lambda_handler(event, context): return shared('s3', make)
        """,
    "under a name of the function's own": """\
        def lambda_handler(event, context):
            boto3 = event['library']
            return boto3.client('s3')
        """,
}


@pytest.mark.parametrize("source", ONCE.values(), ids=ONCE)
def test_a_client_that_is_kept_or_belongs_to_the_event_is_left_alone(tmp_path: Path, source: str) -> None:
    assert lines(tmp_path, f"import boto3\n{dedent(source)}", "GW412") == []


def test_a_client_in_a_loop_is_named_as_such(tmp_path: Path) -> None:
    source = f"import boto3\n\n\n{HANDLER}    for one in event:\n        boto3.client('s3')\n"
    (found,) = findings(tmp_path, {"app.py": source}, "GW412")

    assert found.message == (
        "`app.lambda_handler` calls `boto3.client` in a loop of every invocation, which takes 6 to 32 ms of CPU each"
        " time; make it once, in the module or when it is first asked for"
    )
