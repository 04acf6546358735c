"""Doubles for tests: what Lambda calls a handler with."""

from __future__ import annotations

import json

from .clock import CLOCK, Clock, Until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Event = dict[str, Any]  # Any: JSON

_ACCOUNT = "123456789012"
_REGION = "eu-west-1"
_REQUEST = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
_TIME = "2026-01-15T12:00:00.000Z"
_MILLISECONDS = 1_768_478_400_000
_ADDRESS = "192.0.2.1"


class FakeContext:
    """The context of a handler, with its attributes, and a clock that may be another one."""

    client_context = None
    identity = None

    def __init__(
        self,
        *,
        function_name: str = "orders",
        request_id: str = _REQUEST,
        memory_mb: int = 128,
        seconds: float = 30.0,
        clock: Clock = CLOCK,
    ) -> None:
        self.function_name = function_name
        self.function_version = "$LATEST"
        self.invoked_function_arn = f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:{function_name}"
        self.memory_limit_in_mb = str(memory_mb)
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.log_stream_name = "2026/01/15/[$LATEST]0123456789abcdef0123456789abcdef"
        self._until = Until(clock, seconds)

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds there are left."""
        return max(int(self._until.remaining() * 1000), 0)


def api_gateway_v1_event(
    method: str = "GET",
    path: str = "/",
    *,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    path_parameters: Mapping[str, str] | None = None,
) -> Event:
    """Return what a REST API sends."""
    headers, query = dict(headers or {}), dict(query or {})
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": dict(path_parameters or {}) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": _ACCOUNT,
            "apiId": "abcdef1234",
            "domainName": f"abcdef1234.execute-api.{_REGION}.amazonaws.com",
            "httpMethod": method,
            "identity": {"sourceIp": _ADDRESS, "userAgent": headers.get("User-Agent")},
            "path": f"/prod{path}",
            "protocol": "HTTP/1.1",
            "requestId": _REQUEST,
            "requestTime": "15/Jan/2026:12:00:00 +0000",
            "requestTimeEpoch": _MILLISECONDS,
            "resourceId": "abc123",
            "resourcePath": path,
            "stage": "prod",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def api_gateway_v2_event(
    method: str = "GET",
    path: str = "/",
    *,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    cookies: tuple[str, ...] = (),
    path_parameters: Mapping[str, str] | None = None,
) -> Event:
    """Return what an HTTP API or a function URL sends."""
    from urllib.parse import urlencode

    headers = {name.lower(): value for name, value in (headers or {}).items()}
    event: Event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": headers,
        "requestContext": {
            "accountId": _ACCOUNT,
            "apiId": "abcdef1234",
            "domainName": f"abcdef1234.execute-api.{_REGION}.amazonaws.com",
            "domainPrefix": "abcdef1234",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": _ADDRESS,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "time": "15/Jan/2026:12:00:00 +0000",
            "timeEpoch": _MILLISECONDS,
        },
        "isBase64Encoded": False,
    }
    # Those that are empty are left out.
    given = {"cookies": list(cookies), "queryStringParameters": dict(query or {}), "body": body}
    given["pathParameters"] = dict(path_parameters or {})
    return {**event, **{name: value for name, value in given.items() if value}}


def sqs_event(*bodies: object, fifo_group: str = "") -> Event:
    """Return messages of a queue; what is no text is sent as JSON."""
    queue = "orders.fifo" if fifo_group else "orders"
    ordered = {"MessageGroupId": fifo_group, "SequenceNumber": "18849496460467696128"} if fifo_group else {}
    return {
        "Records": [
            {
                "messageId": _numbered_id(place),
                "receiptHandle": f"receipt-{place}",
                "body": _text(body),
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": str(_MILLISECONDS),
                    "SenderId": _ACCOUNT,
                    "ApproximateFirstReceiveTimestamp": str(_MILLISECONDS + 1),
                    **ordered,
                },
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{_REGION}:{_ACCOUNT}:{queue}",
                "awsRegion": _REGION,
            }
            for place, body in enumerate(bodies)
        ]
    }


def sns_event(*messages: object, subject: str | None = None) -> Event:
    """Return notifications of a topic; what is no text is sent as JSON."""
    topic = f"arn:aws:sns:{_REGION}:{_ACCOUNT}:orders"
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": f"{topic}:{_numbered_id(0)}",
                "Sns": {
                    "Type": "Notification",
                    "MessageId": _numbered_id(place),
                    "TopicArn": topic,
                    "Subject": subject,
                    "Message": _text(message),
                    "Timestamp": _TIME,
                    "SignatureVersion": "1",
                    "Signature": "",
                    "SigningCertUrl": "",
                    "UnsubscribeUrl": "",
                    "MessageAttributes": {},
                },
            }
            for place, message in enumerate(messages)
        ]
    }


def s3_event(*keys: str, bucket: str = "orders", name: str = "ObjectCreated:Put", size: int = 1024) -> Event:
    """Return notifications of a bucket, with keys encoded as S3 does."""
    from urllib.parse import quote_plus

    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": _REGION,
                "eventTime": _TIME,
                "eventName": name,
                "userIdentity": {"principalId": "AWS:EXAMPLE"},
                "requestParameters": {"sourceIPAddress": _ADDRESS},
                "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "example"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "orders",
                    "bucket": {
                        "name": bucket,
                        "ownerIdentity": {"principalId": "EXAMPLE"},
                        "arn": f"arn:aws:s3:::{bucket}",
                    },
                    "object": {
                        "key": quote_plus(key, safe="/"),
                        "size": size,
                        "eTag": "0123456789abcdef0123456789abcdef",
                        "sequencer": f"{place:016X}",
                    },
                },
            }
            for place, key in enumerate(keys)
        ]
    }


def eventbridge_event(
    detail: Mapping[str, Any] | None = None,  # Any: JSON
    *,
    source: str = "com.example.orders",
    detail_type: str = "OrderPlaced",
) -> Event:
    """Return an event of a bus."""
    return {
        "version": "0",
        "id": _numbered_id(0),
        "detail-type": detail_type,
        "source": source,
        "account": _ACCOUNT,
        "time": "2026-01-15T12:00:00Z",
        "region": _REGION,
        "resources": [],
        "detail": dict(detail or {}),
    }


def dynamodb_stream_event(
    *changes: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None], key: str = "id"
) -> Event:
    """Return changes of a table, each as its old and its new item in the form of DynamoDB, None where there is none."""
    records = []
    for place, (old, new) in enumerate(changes):
        images = {"OldImage": old, "NewImage": new}
        name = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        records.append(
            {
                "eventID": f"{place:032x}",
                "eventName": name,
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": _REGION,
                "dynamodb": {
                    "ApproximateCreationDateTime": _MILLISECONDS / 1000,
                    "Keys": {key: (new or old or {}).get(key)},
                    **{label: dict(image) for label, image in images.items() if image is not None},
                    "SequenceNumber": f"{place + 1:021d}",
                    "SizeBytes": 26,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
                "eventSourceARN": f"arn:aws:dynamodb:{_REGION}:{_ACCOUNT}:table/orders/stream/2026-01-15T00:00:00.000",
            }
        )
    return {"Records": records}


def _numbered_id(place: int) -> str:
    return f"00000000-0000-4000-8000-{place:012x}"


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body)
