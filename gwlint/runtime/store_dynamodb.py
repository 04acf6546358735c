"""State in a table of DynamoDB, every change of it a conditional write."""

from __future__ import annotations

from math import ceil

from .clock import CLOCK, Clock
from .errors import StoreError
from .store import ANY, checked_key, checked_number, checked_ttl, new_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .store import Version

    Item = dict[str, dict[str, Any]]  # Any: a value as DynamoDB writes it

_ATTEMPTS = 8
_NAMES = {"#k": "key", "#n": "number", "#t": "version", "#e": "ends"}
_ALIVE = "(attribute_not_exists(#e) OR #e > :now)"
# botocore sends again what it has heard no answer to: a version that is there already says that it has been done.
_IS_ABSENT = "attribute_not_exists(#k) OR #e <= :now OR #t = :mine"
_IS_VERSION = f"(#t = :expected AND {_ALIVE}) OR #t = :mine"
_IS_OTHER_NUMBER = f"attribute_exists(#n) AND {_ALIVE} AND #t <> :mine AND #n BETWEEN :least AND :most"
_LEAST, _MOST = -(2**63), 2**63 - 1


class DynamoDBStore:
    """A store in a table whose partition key is the text `key`; its attribute for the time to live is `expires`.

    DynamoDB removes what has outlived its time some days later; it is not there from the moment on, by the clock of
    this machine: DynamoDB tells nobody its own. `client` is the one of boto3 for DynamoDB, which is made where none is
    given; it reads what is newest.
    """

    def __init__(
        self,
        table: str,
        *,
        client: Any = None,  # Any: boto3 makes its classes when they are asked for
        prefix: str = "",
        timeout: float = 1.0,
        clock: Clock = CLOCK,
    ) -> None:
        """Raise `StoreError` where there is no client."""
        self._table = table
        self._client = _made(timeout) if client is None else client
        self._prefix = prefix
        self._wall = clock.wall

    def get(self, key: str) -> tuple[bytes, Version] | None:
        """Return what is there, and its version."""
        item = self._alive(self._key(key))
        if item is None:
            return None
        value = item["value"]["B"] if "value" in item else item["number"]["N"].encode()
        return bytes(value), item["version"]["S"]

    def put_if(self, key: str, value: bytes, version: Version | None, ttl: float | None = None) -> Version | None:
        """Put something in place of a version, and return the one that it got; None where something else is there."""
        mine = new_version()
        item = {**self._key(key), "value": {"B": bytes(value)}, **self._signed(mine, checked_ttl(ttl))}
        return mine if self._put(item, mine, version) else None

    def incr(self, key: str, n: int = 1, ttl: float | None = None) -> int:
        """Add to a number, from 0 on, and return it."""
        own, mine = self._key(key), new_version()
        checked_number(n)
        ttl = checked_ttl(ttl)
        for _ in range(_ATTEMPTS):
            number = self._added(own, n, mine)
            if number is not None:
                return number
            item = self._alive(own)
            if item is None:
                begun = {**own, "number": {"N": str(n)}, **self._signed(mine, ttl)}
                if self._put(begun, mine, None):
                    return n
            elif "number" not in item:
                raise StoreError(f"{key!r} is not a number")
            elif item["version"]["S"] == mine:
                return int(item["number"]["N"])
            else:
                checked_number(int(item["number"]["N"]) + n)
        raise StoreError(f"{key!r} is changed by others all the time")

    def delete(self, key: str) -> None:
        """Remove what is there, if anything is."""
        self._ask("delete_item", Key=self._key(key))

    def now(self) -> float:
        """Return the time of this machine, in seconds since 1970."""
        return self._wall()

    def _key(self, key: str) -> Item:
        return {"key": {"S": self._prefix + checked_key(key)}}

    def _alive(self, key: Item) -> Item | None:
        item: Item | None = self._ask("get_item", Key=key, ConsistentRead=True).get("Item")
        if item is None or ("ends" in item and float(item["ends"]["N"]) <= self._milliseconds()):
            return None
        return item

    def _signed(self, version: str, ttl: float | None) -> Item:
        signed: Item = {"version": {"S": version}}
        if ttl is not None:
            ends = self._milliseconds() + ceil(ttl * 1000)
            signed |= {"ends": {"N": str(ends)}, "expires": {"N": str(max(ceil(ends / 1000), 0))}}
        return signed

    def _put(self, item: Item, mine: str, version: Version | None) -> bool:
        if version == ANY:
            self._ask("put_item", Item=item)
            return True
        values = {":now": {"N": str(self._milliseconds())}, ":mine": {"S": mine}}
        condition = _IS_ABSENT
        if version is not None:
            condition, values[":expected"] = _IS_VERSION, {"S": str(version)}
        return self._ask_if(condition, "put_item", Item=item, ExpressionAttributeValues=values) is not None

    def _added(self, key: Item, n: int, mine: str) -> int | None:
        answer = self._ask_if(
            _IS_OTHER_NUMBER,
            "update_item",
            Key=key,
            UpdateExpression="SET #n = #n + :n, #t = :mine",
            ExpressionAttributeValues={
                ":n": {"N": str(n)},
                ":now": {"N": str(self._milliseconds())},
                ":mine": {"S": mine},
                ":least": {"N": str(max(_LEAST - n, _LEAST))},
                ":most": {"N": str(min(_MOST - n, _MOST))},
            },
            ReturnValues="ALL_NEW",
        )
        return None if answer is None else int(answer["Attributes"]["number"]["N"])

    def _milliseconds(self) -> int:
        return int(self._wall() * 1000)

    def _ask_if(self, condition: str, call: str, **options: object) -> Any:  # Any: as boto3 answers
        """Return the answer, or None where the condition does not hold."""
        used = f"{condition} {options.get('UpdateExpression')}"
        names = {short: name for short, name in _NAMES.items() if short in used}
        try:
            return self._ask(call, ConditionExpression=condition, ExpressionAttributeNames=names, **options)
        except _RefusedError:
            return None

    def _ask(self, call: str, **options: object) -> Any:  # Any: as boto3 answers
        ask: Callable[..., Any] = getattr(self._client, call)
        try:
            return ask(TableName=self._table, **options)
        except Exception as error:
            response = getattr(error, "response", None)
            code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
            kind = _RefusedError if code == "ConditionalCheckFailedException" else StoreError
            raise kind(f"DynamoDB: {error or type(error).__name__}") from error


class _RefusedError(StoreError):
    """The condition of a write does not hold."""


def _made(timeout: float) -> Any:  # Any: as boto3 says
    try:
        from importlib import import_module

        boto3, config = import_module("boto3"), import_module("botocore.config")
    except ImportError:
        raise StoreError("a store in DynamoDB takes the package boto3, which is not installed") from None
    return boto3.client(
        "dynamodb",
        config=config.Config(
            connect_timeout=timeout, read_timeout=timeout, retries={"mode": "standard", "total_max_attempts": 3}
        ),
    )
