"""Records in batches: each one for itself, and those that fail are told to be tried again, not those that did not."""

from __future__ import annotations

from .context import current
from .errors import Invalid
from .lambda_events import kind_of
from .lambda_report import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    Record = dict[str, Any]  # Any: JSON

STREAMS = ("dynamodb", "kinesis")


def batch(
    event: Mapping[str, Any],  # Any: JSON
    function: Callable[[Record], object],
    *,
    on_error: Callable[[Exception], object] | None = None,
) -> dict[str, list[dict[str, str]]]:
    """Call a function with every record of SQS, Kinesis or DynamoDB, and return which of them are to be tried again.

    The event source has to be set up for `ReportBatchItemFailures`. Of a stream, and of a message group of a FIFO
    queue, nothing is done after a record that failed, so that the order holds. Records that there is no time left for
    are left for the next time. Errors are given to `on_error`, or else logged. Raises `Invalid` for other events.
    """
    kind = kind_of(event)
    if kind == "sqs":
        failed = _of_queue(event["Records"], function, on_error or _logged)
    elif kind in STREAMS:
        failed = _of_stream(kind, event["Records"], function, on_error or _logged)
    else:
        raise Invalid("the event is no batch of SQS, Kinesis or DynamoDB", "Records", "kind")
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _of_queue(
    records: Iterable[Record], function: Callable[[Record], object], on_error: Callable[[Exception], object]
) -> list[str]:
    identified = [(_identifier(record, "messageId"), record) for record in records]
    failed = []
    halted = set()
    for identifier, record in identified:
        group = _group(record)
        if group in halted or not _is_done(record, function, on_error):
            failed.append(identifier)
            if group:
                halted.add(group)
    return failed


def _of_stream(
    kind: str, records: Iterable[Record], function: Callable[[Record], object], on_error: Callable[[Exception], object]
) -> list[str]:
    part, name = ("dynamodb", "SequenceNumber") if kind == "dynamodb" else ("kinesis", "sequenceNumber")
    identified = [(_identifier(record.get(part), name), record) for record in records]
    # All that come after the first one named are sent again anyway.
    return next(([identifier] for identifier, record in identified if not _is_done(record, function, on_error)), [])


def _is_done(record: Record, function: Callable[[Record], object], on_error: Callable[[Exception], object]) -> bool:
    if current().remaining() <= 0:
        return False
    try:
        function(record)
    except Exception as error:
        on_error(error)
        return False
    return True


def _identifier(where: object, name: str) -> str:
    found = where.get(name) if isinstance(where, dict) else None
    if not isinstance(found, str) or not found:
        # Told an empty one, Lambda takes the whole batch for failed.
        raise Invalid(f"a record has no {name}", "Records", name)
    return found


def _group(record: Record) -> str:
    about = record.get("attributes")
    is_fifo = str(record.get("eventSourceARN", "")).endswith(".fifo")
    return str(about.get("MessageGroupId", "")) if is_fifo and isinstance(about, dict) else ""


def _logged(error: Exception) -> None:
    report("a record could not be processed", error)
