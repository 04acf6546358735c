"""Events as Lambda is given them, one of each source, written for these tests."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

Event = dict[str, Any]  # Any: JSON


def rest(method: str = "GET", path: str = "/orders/7", **changes: object) -> Event:
    """Return a request through a REST API (payload 1.0)."""
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": {"Host": "api.example.org", "X-Amzn-Trace-Id": "Root=1-abc"},
        "multiValueHeaders": {"Host": ["api.example.org"], "Accept": ["text/html", "text/plain"]},
        "queryStringParameters": {"tag": "b"},
        "multiValueQueryStringParameters": {"tag": ["a", "b"]},
        "requestContext": {"stage": "prod", "identity": {"sourceIp": "192.0.2.1"}, "httpMethod": method},
        "body": None,
        "isBase64Encoded": False,
        **changes,
    }


def http(method: str = "GET", path: str = "/orders/7", *, stage: str = "$default", **changes: object) -> Event:
    """Return a request through an HTTP API or a function URL (payload 2.0)."""
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "tag=a&tag=b%2Cc&empty=",
        "cookies": ["s=1", "t=2"],
        "headers": {"host": "api.example.org", "accept": "text/html,text/plain", "x-correlation-id": "c-1"},
        "queryStringParameters": {"tag": "a,b,c", "empty": ""},
        "requestContext": {"stage": stage, "http": {"method": method, "path": path, "sourceIp": "192.0.2.2"}},
        "isBase64Encoded": False,
        **changes,
    }


def alb(method: str = "GET", path: str = "/orders/7", **changes: object) -> Event:
    """Return a request through a load balancer."""
    return {
        "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b"}},
        "httpMethod": method,
        "path": path,
        "queryStringParameters": {"tag": "a%20b+c"},
        "headers": {"host": "lb.example.org", "x-forwarded-for": "10.9.9.9, 192.0.2.3", "cookie": "s=1; t=2"},
        "body": "",
        "isBase64Encoded": False,
        **changes,
    }


def lattice(method: str = "GET", path: str = "/orders/7", **changes: object) -> Event:
    """Return a request through VPC Lattice (payload 2.0)."""
    return {
        "version": "2.0",
        "path": path,
        "method": method,
        "headers": {"accept": ["text/html", "text/plain"], "x-forwarded-for": ["192.0.2.4"]},
        "queryStringParameters": {"tag": ["a", "b"]},
        "body": b64encode(b'{"n": 1}').decode(),
        "isBase64Encoded": True,
        "requestContext": {"serviceNetworkArn": "arn:aws:vpc-lattice:eu-west-1:1:servicenetwork/sn-1"},
        **changes,
    }


def first_lattice(method: str = "GET", path: str = "/orders/7?tag=a") -> Event:
    """Return a request through VPC Lattice (payload 1.0)."""
    return {
        "raw_path": path,
        "method": method,
        "headers": {"accept": "text/html"},
        "query_string_parameters": {"tag": "a"},
        "body": "hello",
        "is_base64_encoded": False,
    }


def websocket() -> Event:
    """Return a message through a WebSocket API."""
    return {"requestContext": {"routeKey": "$default", "eventType": "MESSAGE", "connectionId": "x="}, "body": "hello"}


def sqs(*bodies: str, queue: str = "orders", groups: tuple[str, ...] = ()) -> Event:
    """Return messages of a queue."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "body": body,
                "attributes": {"MessageGroupId": groups[number]} if groups else {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-west-1:1:{queue}",
            }
            for number, body in enumerate(bodies)
        ]
    }


def kinesis(*numbers: str, stream: str = "clicks") -> Event:
    """Return records of a stream."""
    return {
        "Records": [
            {
                "eventSource": "aws:kinesis",
                "eventSourceARN": f"arn:aws:kinesis:eu-west-1:1:stream/{stream}",
                "kinesis": {"sequenceNumber": number, "partitionKey": "1", "data": ""},
            }
            for number in numbers
        ]
    }


def dynamodb(*numbers: str, table: str = "orders") -> Event:
    """Return changes of a table."""
    return {
        "Records": [
            {
                "eventSource": "aws:dynamodb",
                "eventSourceARN": f"arn:aws:dynamodb:eu-west-1:1:table/{table}/stream/2026-01-01T00:00:00.000",
                "dynamodb": {"SequenceNumber": number, "Keys": {"id": {"S": "1"}}},
            }
            for number in numbers
        ]
    }


def sns(*messages: str, topic: str = "alarms") -> Event:
    """Return messages of a topic."""
    arn = f"arn:aws:sns:eu-west-1:1:{topic}"
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"TopicArn": arn, "Message": one}} for one in messages]}


def s3(*keys: str, bucket: str = "uploads") -> Event:
    """Return what has happened in a bucket."""
    return {
        "Records": [
            {"eventSource": "aws:s3", "s3": {"bucket": {"name": bucket}, "object": {"key": key}}} for key in keys
        ]
    }


def eventbridge(source: str = "shop", detail_type: str = "paid") -> Event:
    """Return an event of a bus."""
    return {"id": "e-1", "source": source, "detail-type": detail_type, "detail": {"order": 7}, "resources": []}


def schedule(rule: str = "nightly") -> Event:
    """Return what a rule says when it is time."""
    arn = f"arn:aws:events:eu-west-1:1:rule/{rule}"
    return {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}, "resources": [arn]}


class LambdaContext:
    """What Lambda tells of an invocation."""

    aws_request_id = "r-1"
    function_name = "orders"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:1:function:orders"
    memory_limit_in_mb = "128"

    def __init__(self, milliseconds: int = 3000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds there are left."""
        return self.milliseconds
