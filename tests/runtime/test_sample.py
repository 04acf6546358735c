"""The sample function, with an export of the runtime, under AWS's own bootstrap."""

import json
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.projects import FIXTURES, gwlint
from tests.runtime import events
from tests.runtime.runtime_api import Function, RuntimeApi

GATEWAYS = "cache,circuit_breaker,lambda_,metrics,singleton"

bootstrapped = pytest.mark.skipif(find_spec("awslambdaric") is None, reason="awslambdaric is not installed")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "quotes"
    shutil.copytree(FIXTURES / "quotes", folder)
    ran = gwlint("runtime", "export", "src", "--gateways", GATEWAYS, cwd=folder)

    assert (ran.code, ran.err) == (0, "")
    return folder


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    with RuntimeApi() as api:
        yield api


def function(api: RuntimeApi, project: Path, **environment: str) -> Function:
    return Function(api, project / "src", "app.lambda_handler", project / "output", **environment)


def get(api: RuntimeApi, path: str, seconds: float = 3.0) -> tuple[int, Any]:
    answer = api.ask(events.http(path=path), seconds)

    assert answer.is_result
    return answer.said["statusCode"], json.loads(answer.said["body"])


def test_the_sample_is_clean(project: Path) -> None:
    ran = gwlint("check", ".", "--no-cache", cwd=project)

    assert (ran.code, ran.out.split(" in ")[0]) == (0, "no findings")


@bootstrapped
def test_it_starts_cold_and_goes_on_warm(api: RuntimeApi, project: Path) -> None:
    with function(api, project):
        first, second = get(api, "/status", 3.0)[1], get(api, "/status", 5.0)[1]

    assert (first["pid"], first["cold_start"], second["cold_start"]) == (second["pid"], True, False)
    assert (first["request_id"], first["trace_id"]) == ("request-1", "Root=1-request-1;Sampled=1")
    assert 1.0 < first["remaining"] <= 2.8 < second["remaining"] <= 4.8


@bootstrapped
def test_it_answers_and_keeps_what_it_has_fetched(api: RuntimeApi, project: Path) -> None:
    with function(api, project):
        answers = [
            get(api, "/quotes/DE"),
            get(api, "/quotes/DE")[0],
            get(api, "/quotes/ZZ")[0],
            get(api, "/x")[0],
        ]
        fetched = get(api, "/status")[1]["fetched"]

    assert (answers, fetched) == ([(200, {"country": "DE", "cents": 599}), 200, 404, 404], 2)


@bootstrapped
def test_it_stops_asking_who_does_not_answer(api: RuntimeApi, project: Path) -> None:
    with function(api, project):
        statuses = [get(api, "/quotes/XX")[0] for _ in range(3)]
        status = get(api, "/status")[1]

    assert (statuses, status["circuit"], status["fetched"]) == ([502, 502, 503], "open", 2)


@bootstrapped
def test_what_it_keeps_grows_old_while_it_is_frozen(api: RuntimeApi, project: Path) -> None:
    with function(api, project, RATES_TTL="0.5") as running:
        get(api, "/quotes/DE")
        running.freeze(0.6)
        get(api, "/quotes/DE")
        status = get(api, "/status")[1]

    assert (status["fetched"], status["cold_start"]) == (2, False)


@bootstrapped
def test_it_names_the_messages_that_failed(api: RuntimeApi, project: Path) -> None:
    bodies = [json.dumps({"id": one, "country": one, "grams": 1500}) for one in ("FR", "ZZ")]
    with function(api, project):
        answer = api.ask(events.sqs(*bodies))

    assert (answer.is_result, answer.said) == (True, {"batchItemFailures": [{"itemIdentifier": "m1"}]})


@bootstrapped
def test_it_writes_metrics_of_every_invocation(api: RuntimeApi, project: Path) -> None:
    with function(api, project) as running:
        for _ in range(2):
            get(api, "/status")
        printed = running.printed
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith('{"_aws"')]

    assert [(line["Invocations"], line["service"]) for line in lines] == [(1, "quotes")] * 2


@bootstrapped
def test_it_serves_four_at_a_time_in_processes_of_their_own(api: RuntimeApi, project: Path) -> None:
    with function(
        api, project, AWS_LAMBDA_MAX_CONCURRENCY="4", AWS_LAMBDA_INITIALIZATION_TYPE="lambda-managed-instances"
    ):
        api.wait_for(4)
        waiting = [api.send(events.http(path="/status")) for _ in range(32)]
        answers = [json.loads(one.get(timeout=20).said["body"]) for one in waiting]

    assert {answer["request_id"] for answer in answers} == {f"request-{number}" for number in range(1, 33)}
    assert {answer["cold_start"] for answer in answers} == {False}
    assert 1 < len({answer["pid"] for answer in answers}) <= 4
