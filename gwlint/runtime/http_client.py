"""The gateway to HTTP: kept connections, times that end with the invocation, and nothing sent where it must not go."""

from .http_client_core import Client, delete, get, patch, post, put, request, stream
from .http_client_errors import StatusError, TransportError
from .http_client_headers import Headers
from .http_client_limits import Timeouts
from .http_client_pool import Pool
from .http_client_response import Response, Stream
from .http_client_retries import RetryBudget
from .http_client_sigv4 import Credentials, SigV4

__all__ = [
    "Client",
    "Credentials",
    "Headers",
    "Pool",
    "Response",
    "RetryBudget",
    "SigV4",
    "StatusError",
    "Stream",
    "Timeouts",
    "TransportError",
    "delete",
    "get",
    "patch",
    "post",
    "put",
    "request",
    "stream",
]
