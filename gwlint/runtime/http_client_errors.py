"""What becomes of requests that come to nothing, as far as it matters why."""

from __future__ import annotations

from .errors import HttpError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .http_client_response import Response


class TransportError(HttpError):
    """The way to the server, or back from it, is broken.

    `is_unsent` tells that no byte of the request has been written, `is_timeout` that a phase took too long, `is_final`
    that trying again can't help.
    """

    def __init__(
        self, message: str, *, is_unsent: bool = False, is_timeout: bool = False, is_final: bool = False
    ) -> None:
        super().__init__(message)
        self.is_unsent = is_unsent
        self.is_timeout = is_timeout
        self.is_final = is_final


class StatusError(HttpError):
    """The server says that something is wrong: `response` is what it says."""

    def __init__(self, message: str, response: Response) -> None:
        super().__init__(message)
        self.response = response
