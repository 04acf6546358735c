"""The Runtime API of Lambda, as far as AWS's own bootstrap asks for it, over real processes on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Lock, Thread
from types import TracebackType
from typing import Any, NamedTuple

_VERSION = "/2018-06-01/runtime"
_SOON = 0.05
_PATIENCE = 20.0
_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:quotes"


class Invocation(NamedTuple):
    """An event that waits for a process to take it."""

    id: str
    event: object
    seconds: float
    answers: Queue[Answer]


class Answer(NamedTuple):
    """What a process has said of an invocation, and whether that is a result."""

    is_result: bool
    said: Any  # Any: JSON


class RuntimeApi:
    """A server that processes of a function ask for events. One that is given to none of them waits."""

    def __init__(self) -> None:
        self._waiting: Queue[Invocation] = Queue()
        self._taken: dict[str, Invocation] = {}
        self._lock = Lock()
        self._count = 0
        self._asking = 0
        self._is_closed = False
        self.init_errors: list[Any] = []  # Any: JSON
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, args=(_SOON,), daemon=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> RuntimeApi:  # noqa: PYI034  nothing is made of it
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closed = True
        self._server.shutdown()
        self._server.server_close()

    def send(self, event: object, seconds: float = 3.0) -> Queue[Answer]:
        """Put an event where processes find it, and return where its answer is to be found."""
        with self._lock:
            self._count += 1
            invocation = Invocation(f"request-{self._count}", event, seconds, Queue())
        self._waiting.put(invocation)
        return invocation.answers

    def ask(self, event: object, seconds: float = 3.0) -> Answer:
        """Return the answer to an event."""
        return self.send(event, seconds).get(timeout=_PATIENCE)

    def next(self) -> Invocation | None:
        """Return what waits, for the process that asks; None when there will be nothing any more."""
        self._asks(1)
        try:
            while not self._is_closed:
                try:
                    invocation = self._waiting.get(timeout=_SOON)
                except Empty:
                    continue
                with self._lock:
                    self._taken[invocation.id] = invocation
                return invocation
            return None
        finally:
            self._asks(-1)

    def wait_for(self, processes: int) -> None:
        """Wait until so many processes ask for events."""
        end = time.monotonic() + _PATIENCE
        while self._asking < processes:
            assert time.monotonic() < end, f"only {self._asking} processes ask for events"
            time.sleep(_SOON)

    def _asks(self, change: int) -> None:
        with self._lock:
            self._asking += change

    def take(self, request_id: str, answer: Answer) -> bool:
        """Take in what was said of an invocation; False where there is no such one, or not any more."""
        with self._lock:
            invocation = self._taken.pop(request_id, None)
        if invocation is not None:
            invocation.answers.put(answer)
        return invocation is not None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None:
        """Let those go who are gone: processes are ended while they ask."""


def _handler(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            invocation = api.next() if self.path == f"{_VERSION}/invocation/next" else None
            if invocation is None:
                self._answer(404, b"{}")
                return
            headers = {
                "Lambda-Runtime-Aws-Request-Id": invocation.id,
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + invocation.seconds) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": _ARN,
                "Lambda-Runtime-Trace-Id": f"Root=1-{invocation.id};Sampled=1",
            }
            self._answer(200, json.dumps(invocation.event).encode(), headers)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
            *_, request_id, what = self.path.split("/")
            if self.path == f"{_VERSION}/init/error":
                api.init_errors.append(body)
                self._answer(202, b"{}")
                return
            is_known = api.take(request_id, Answer(what == "response", body))
            self._answer(202 if is_known else 404, b"{}")

        def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


class Function:
    """A function, run by AWS's bootstrap in processes of its own, whose output goes to a file."""

    def __init__(self, api: RuntimeApi, folder: Path, handler: str, output: Path, **environment: str) -> None:
        known = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "_X_AMZN"))}
        settings = {
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "quotes",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "LAMBDA_TASK_ROOT": str(folder),
        }
        self._output = output
        with output.open("wb") as stream:
            # A session of its own: what it forks ends with it.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", handler],
                cwd=folder,
                env={**known, **settings, **environment},
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def printed(self) -> str:
        """What it has written so far."""
        return self._output.read_text()

    def freeze(self, seconds: float) -> None:
        """Let it stand still for a while, as an environment does that nobody calls."""
        os.killpg(self._process.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(self._process.pid, signal.SIGCONT)

    def __enter__(self) -> Function:  # noqa: PYI034  nothing is made of it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
