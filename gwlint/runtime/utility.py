"""The gateway to what every function needs: ids, durations, deadlines, retries, JSON, responses, doubles for tests."""

from .utility_bulkhead import Bulkhead
from .utility_data import deep_merge, freeze
from .utility_deadlines import DeadlineRunner, run_with_deadline
from .utility_durations import parse_duration
from .utility_ids import Ids, id_time, new_id, reseed_ids
from .utility_json import json_dumps, json_dumps_safe
from .utility_memory import Memory, memory, memory_share
from .utility_responses import problem_response, proxy_response
from .utility_retry import Retry, RetryBudget, retry
from .utility_testing import (
    FakeContext,
    api_gateway_v1_event,
    api_gateway_v2_event,
    dynamodb_stream_event,
    eventbridge_event,
    s3_event,
    sns_event,
    sqs_event,
)

__all__ = [
    "Bulkhead",
    "DeadlineRunner",
    "FakeContext",
    "Ids",
    "Memory",
    "Retry",
    "RetryBudget",
    "api_gateway_v1_event",
    "api_gateway_v2_event",
    "deep_merge",
    "dynamodb_stream_event",
    "eventbridge_event",
    "freeze",
    "id_time",
    "json_dumps",
    "json_dumps_safe",
    "memory",
    "memory_share",
    "new_id",
    "parse_duration",
    "problem_response",
    "proxy_response",
    "reseed_ids",
    "retry",
    "run_with_deadline",
    "s3_event",
    "sns_event",
    "sqs_event",
]
