import http.client
import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from gwlint.runtime.security import Audit, spki_pin, tls_context

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl makes the certificates, and is not here"
)


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make(folder: Path, name: str, ca: str, names: str = "DNS:localhost", days: int = 2) -> None:
    """Make a key and a certificate for it that an authority has signed."""
    key, request, certificate = (folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
    extensions = folder / f"{name}.ext"
    extensions.write_text(f"subjectAltName={names}\nbasicConstraints=CA:FALSE\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
            "-keyout", key, "-out", request)  # fmt: skip
    openssl("x509", "-req", "-in", request, "-CA", folder / f"{ca}.pem", "-CAkey", folder / f"{ca}.key",
            "-CAcreateserial", "-days", days, "-extfile", extensions, "-out", certificate)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("certificates")
    for ca in ("ca", "other"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", 2,
                "-subj", f"/CN={ca}", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout", made / f"{ca}.key", "-out", made / f"{ca}.pem")  # fmt: skip
    make(made, "good", "ca")
    make(made, "elsewhere", "ca", names="DNS:example.org")
    make(made, "expired", "ca", days=-1)
    make(made, "stranger", "other")
    make(made, "client", "ca", names="DNS:client")
    return made


@contextmanager
def server(
    folder: Path, name: str, *, asks: bool = False, most: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> Iterator[int]:
    """Answer every connection until it is over; return the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = most
    if asks:
        context.load_verify_locations(folder / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(5)
            with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(4096)
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def answer(port: int, context: ssl.SSLContext) -> str:
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()
    except ssl.SSLCertVerificationError:
        return "not trusted"
    except (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected):
        return "no connection"
    finally:
        connection.close()


@needs_openssl
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize(
    ("name", "expected"),
    [("good", "ok"), ("elsewhere", "not trusted"), ("expired", "not trusted"), ("stranger", "not trusted")],
)
def test_trusts_only_whom_its_authorities_vouch_for(folder: Path, name: str, expected: str) -> None:
    with server(folder, name) as port:
        got = [
            answer(port, tls_context("custom-ca", ca_file=str(folder / "ca.pem"))),
            answer(port, tls_context("custom-ca", ca_data=(folder / "ca.pem").read_text())),
            answer(port, tls_context()),
        ]

    assert got == [expected, expected, "not trusted"]


@needs_openssl
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_speaks_no_tls_before_1_2(folder: Path) -> None:
    context = tls_context("custom-ca", ca_file=str(folder / "ca.pem"))
    with server(folder, "good", most=ssl.TLSVersion.TLSv1_2) as port:
        newer = answer(port, context)
    with server(folder, "good", most=ssl.TLSVersion.TLSv1_1) as port:
        older = answer(port, context)

    assert (newer, older, context.minimum_version) == ("ok", "no connection", ssl.TLSVersion.TLSv1_2)


@needs_openssl
def test_shows_its_own_certificate_where_both_sides_ask(folder: Path) -> None:
    ca = str(folder / "ca.pem")
    mutual = tls_context(
        "mutual", ca_file=ca, cert_file=str(folder / "client.pem"), key_file=str(folder / "client.key")
    )
    with server(folder, "good", asks=True) as port:
        got = [answer(port, mutual), answer(port, tls_context("custom-ca", ca_file=ca))]

    assert got == ["ok", "no connection"]


@needs_openssl
def test_a_pinned_key_has_to_be_there_and_trusted_as_well(folder: Path) -> None:
    pins = {
        name: spki_pin(ssl.PEM_cert_to_DER_cert((folder / f"{name}.pem").read_text())) for name in ("good", "stranger")
    }
    ca = str(folder / "ca.pem")
    got = {}
    for name in pins:
        with server(folder, name) as port:
            got[name] = [answer(port, tls_context("custom-ca", ca_file=ca, pins=[pin])) for pin in pins.values()]

    assert got == {"good": ["ok", "not trusted"], "stranger": ["not trusted", "not trusted"]}


@needs_openssl
def test_a_pin_is_the_hash_that_openssl_has_of_the_key(folder: Path) -> None:
    from base64 import b64encode
    from hashlib import sha256

    openssl("x509", "-in", folder / "good.pem", "-pubkey", "-noout", "-out", folder / "good.pub")
    openssl("pkey", "-pubin", "-in", folder / "good.pub", "-outform", "DER", "-out", folder / "good.spki")
    expected = b64encode(sha256((folder / "good.spki").read_bytes()).digest()).decode()

    assert spki_pin(ssl.PEM_cert_to_DER_cert((folder / "good.pem").read_text())) == expected


@needs_openssl
def test_verifies_nothing_for_one_host_only_and_not_without_a_trace(folder: Path) -> None:
    lines: list[str] = []
    context = tls_context("unverified", host="localhost", reason="a lab", audit=Audit(lines.append))
    with server(folder, "expired") as port:
        got = answer(port, context)
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            pytest.raises(ValueError, match="for localhost only"),
        ):
            context.wrap_socket(plain, server_hostname="example.org")
    event = json.loads(lines[0])["audit"]

    assert (got, len(lines), event["on"], event["decision"], event["rule"], event["reason"]) == (
        "ok", 1, "localhost", "off", "tls.unverified", "a lab",
    )  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        {"mode": "nothing"},
        {"mode": "default", "ca_file": "x"},
        {"mode": "custom-ca"},
        {"mode": "mutual"},
        {"mode": "unverified"},
        {"mode": "unverified", "host": "x", "reason": "y"},
        {"mode": "default", "host": "x", "reason": "y", "audit": Audit()},
    ],
)
def test_refuses_options_that_do_not_go_together(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"is no mode|go with the mode 'unverified'"):
        tls_context(**options)  # type: ignore[arg-type]  # whatever a test wants


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80", b"\x30\x82\xff\xff\x00", b"\x30\x03\x30\x01\x02", b"x" * 100]
)
def test_refuses_what_is_no_certificate(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^this is no certificate in DER$"):
        spki_pin(data)
