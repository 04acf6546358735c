"""Measure clients of boto3: the first one of a process, and each further one, by the size of the service's files."""

import gzip
from pathlib import Path
from typing import NamedTuple

from calls import measured

SERVICES = (
    "apigatewaymanagementapi", "athena", "bedrock-runtime", "cloudformation", "cloudwatch", "cognito-idp", "dynamodb",
    "ec2", "ecs", "events", "firehose", "glue", "iam", "kinesis", "kms", "lambda", "logs", "rds", "rds-data",
    "route53", "s3", "secretsmanager", "ses", "sesv2", "sns", "sqs", "ssm", "stepfunctions", "sts", "textract",
)  # fmt: skip
RESOURCES = ("cloudwatch", "dynamodb", "ec2", "s3", "sns", "sqs")
_SETUP = "import boto3"


class Client(NamedTuple):
    """What clients of a service cost, and the bytes of its model and of its rules for endpoints."""

    service: str
    service_bytes: int
    rules_bytes: int
    first_kb: float
    first_ms: float
    further_kb: float
    further_ms: float
    imports: tuple[str, ...]


def size(data: Path, service: str, name: str) -> int:
    """Return how large the newest file of a service is, once unpacked."""
    version = max(path for path in (data / service).iterdir() if path.is_dir())
    packed = version / f"{name}.json.gz"
    if packed.exists():
        return len(gzip.decompress(packed.read_bytes()))
    plain = version / f"{name}.json"
    return plain.stat().st_size if plain.exists() else 0


def client(python: Path, service: str, runs: int) -> Client:
    """Measure the clients of a service."""
    other = "sqs" if service == "sts" else "sts"
    first = measured(python, _SETUP, [f"a = boto3.client({service!r})"], runs)
    both = measured(python, _SETUP, [f"a = boto3.client({other!r})", f"b = boto3.client({service!r})"], runs)
    (data,) = python.parent.parent.glob("lib/python*/site-packages/botocore/data")
    return Client(
        service,
        size(data, service, "service-2"),
        size(data, service, "endpoint-rule-set-1"),
        first["memory_kb"][0],
        first["cpu_ms"][0],
        both["memory_kb"][1],
        both["cpu_ms"][1],
        tuple(first["imports"]),
    )


def resource(python: Path, service: str, runs: int) -> dict[str, object]:
    """Measure a resource: the first one of a process, and a further one after another resource's client."""
    first = measured(python, _SETUP, [f"a = boto3.resource({service!r})"], runs)
    both = measured(python, _SETUP, ["a = boto3.client('sts')", f"b = boto3.resource({service!r})"], runs)
    return {
        "callee": f"boto3.resource({service})",
        "memory_kb": first["memory_kb"][0],
        "cpu_ms": first["cpu_ms"][0],
        "further_memory_kb": both["memory_kb"][1],
        "further_cpu_ms": both["cpu_ms"][1],
        "imports": first["imports"],
        "libraries": [],
        "failed": first["failed"],
    }


def second_session(python: Path, service: str, runs: int) -> dict[str, object]:
    """Measure a client of another session, next to one of the default session."""
    codes = ["a = boto3.client('sts')", f"b = boto3.Session().client({service!r})"]
    found = measured(python, _SETUP, codes, runs)
    return {"service": service, "memory_kb": found["memory_kb"][1], "cpu_ms": found["cpu_ms"][1]}
