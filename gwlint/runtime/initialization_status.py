"""How far components are, and what they have cost."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    ComponentState = Literal["pending", "ready", "failed", "skipped", "closed"]
    State = Literal["pending", "ready", "degraded", "failed"]


class ComponentStatus:
    """One component: how far it is, how many seconds it took to start, and by how many bytes memory grew meanwhile."""

    __slots__ = ("error", "memory_bytes", "name", "optional", "seconds", "state")

    def __init__(self, name: str, optional: bool) -> None:
        self.name = name
        self.optional = optional
        self.state: ComponentState = "pending"
        self.seconds = 0.0
        self.memory_bytes = 0
        self.error = ""

    def as_dict(self) -> dict[str, object]:
        """Return all of it by name."""
        return {name: getattr(self, name) for name in self.__slots__}


class Status:
    """All components. `degraded`: what is optional has failed. `epoch` counts how often a snapshot was restored."""

    __slots__ = ("components", "epoch", "initialization_type", "state")

    def __init__(self, components: tuple[ComponentStatus, ...], initialization_type: str, epoch: int) -> None:
        self.components = components
        self.initialization_type = initialization_type
        self.epoch = epoch
        self.state = _state(components)

    @property
    def seconds(self) -> float:
        """How long all of them took together."""
        return sum(one.seconds for one in self.components)

    def as_dict(self) -> dict[str, object]:
        """Return all of it by name."""
        return {
            "state": self.state,
            "seconds": self.seconds,
            "initialization_type": self.initialization_type,
            "epoch": self.epoch,
            "components": [one.as_dict() for one in self.components],
        }


class Preloaded:
    """A module that was loaded ahead of its use, or why it was not."""

    __slots__ = ("error", "memory_bytes", "name", "seconds")

    def __init__(self, name: str, seconds: float, memory_bytes: int, error: str) -> None:
        self.name = name
        self.seconds = seconds
        self.memory_bytes = memory_bytes
        self.error = error


def _state(components: tuple[ComponentStatus, ...]) -> State:
    broken = [one for one in components if one.state in ("failed", "skipped")]
    if any(not one.optional for one in broken):
        return "failed"
    if any(one.state in ("pending", "closed") for one in components):
        return "pending"
    return "degraded" if broken else "ready"
