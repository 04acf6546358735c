"""Servers that tests start for themselves, on free ports, and stop."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def redis_server(folder: Path) -> Iterator[int]:
    """Run a server of Redis that writes nothing, and yield its port."""
    port = free_port()
    server_of = shutil.which("redis-server") or ""
    command = [server_of, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _await_port(port)
            yield port
        finally:
            server.terminate()
            server.wait(10)


def _await_port(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with closing(socket.socket()) as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")
