"""A debt that environments share through a store, by the clock of the store."""

from __future__ import annotations

from .errors import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .store import Store

_TRIES = 16
_SLACK = 1e-6
_SPARE = 60.0


class Debt:
    """What is owed, in seconds, and whether the price that was asked is part of it."""

    __slots__ = ("admitted", "seconds")

    def __init__(self, admitted: bool, seconds: float) -> None:
        self.admitted = admitted
        self.seconds = seconds


def admit(store: Store, key: str, price: float, most: float) -> Debt:
    """Add a price to a debt unless it would get beyond the most.

    Where others change it again and again meanwhile, it is not added. Raises `StoreError` where there is no telling.
    """
    owed = 0.0
    for _ in range(_TRIES):
        found = store.get(key)
        now = store.now()
        owed = 0.0 if found is None else min(max(_number(found[0]) - now, 0.0), most)
        due = owed + price
        if due > most + _SLACK:
            return Debt(False, owed)
        paid = repr(now + due).encode()
        if store.put_if(key, paid, None if found is None else found[1], due + _SPARE) is not None:
            return Debt(True, due)
    return Debt(False, owed)


def _number(value: bytes) -> float:
    try:
        return float(value)
    except ValueError:
        raise StoreError("what is kept for a rate limit is no number") from None
