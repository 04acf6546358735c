"""The gateway to Lambda: what an invocation is, where it goes, what it answers, and that it is done once."""

from .lambda_batch import batch
from .lambda_events import Request, kind_of, request_of
from .lambda_idempotency import Idempotency
from .lambda_invocation import handler
from .lambda_response import Problem, Response
from .lambda_router import Router
from .lambda_wsgi import wsgi

__all__ = [
    "Idempotency",
    "Problem",
    "Request",
    "Response",
    "Router",
    "batch",
    "handler",
    "kind_of",
    "request_of",
    "wsgi",
]
