"""What others log of the same. Their packages need not be there."""

import io
import json
import logging as stdlib
from typing import Any

import pytest

from gwlint.runtime.context import Context, entered
from gwlint.runtime.logging import Logger, handler

REQUEST = "79b4f56e-95b1-4643-9700-2807f4e68189"


class LambdaContext:
    """What Lambda tells of an invocation, as far as it is logged."""

    function_name = "shop"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:::shop"
    aws_request_id = REQUEST


def standard(handling: stdlib.Handler) -> stdlib.Logger:
    logger = stdlib.Logger("shop.orders")
    logger.addHandler(handling)
    return logger


def fail(logger: stdlib.Logger) -> None:
    try:
        raise ValueError("x")
    except ValueError:
        logger.exception("down %s", 17, extra={"order": 1, "aws_request_id": REQUEST})


def test_the_runtime_has_the_same_keys_and_values() -> None:
    theirs = pytest.importorskip("awslambdaric.lambda_runtime_log_utils", reason="awslambdaric is not installed")
    out, written = io.StringIO(), list[str]()
    stream = stdlib.StreamHandler(out)
    stream.setFormatter(theirs.JsonFormatter())
    fail(standard(stream))
    with entered(Context(request_id=REQUEST)):
        fail(standard(handler(Logger(redact=False, write=written.append, env={}))))
    expected, got = json.loads(out.getvalue()), json.loads(written[0])

    assert (got.pop("timestamp")[-1], expected.pop("timestamp")[-1]) == ("Z", "Z")
    assert got == expected


def test_powertools_has_the_same_keys_and_values() -> None:
    theirs = pytest.importorskip("aws_lambda_powertools", reason="Powertools is not installed")
    out, written = io.StringIO(), list[str]()
    other = theirs.Logger(service="orders", stream=out)

    @other.inject_lambda_context(correlation_id_path="id")  # type: ignore[untyped-decorator]  # it may not be there
    def handle(event: dict[str, str], context: Any) -> None:  # Any: as Lambda calls it
        other.info("order placed", order=17)

    handle({"id": "c-1"}, LambdaContext())
    context = Context(
        request_id=REQUEST,
        function_name="shop",
        function_arn=LambdaContext.invoked_function_arn,
        memory_mb=128,
        correlation_id="c-1",
        cold_start=True,
    )
    with entered(context):
        Logger("orders", format="powertools", redact=False, write=written.append).info("order placed", order=17)
    expected, got = json.loads(out.getvalue()), json.loads(written[0])
    for line in (expected, got):
        assert len(line.pop("timestamp")) == len("2023-11-14 22:13:20,000+0000")
        assert line.pop("location").split(":")[1].isdigit()

    assert got == expected
