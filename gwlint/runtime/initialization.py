"""The gateway to what is done before the first invocation, around a snapshot, and in the end."""

from .initialization_core import (
    Components,
    after_restore,
    before_snapshot,
    close_on_sigterm,
    cold_start,
    component,
    get,
    initialize,
    preload,
    reset,
    run_after_restore,
    run_before_snapshot,
    shutdown,
    status,
)
from .initialization_status import ComponentStatus, Preloaded, Status

__all__ = [
    "ComponentStatus",
    "Components",
    "Preloaded",
    "Status",
    "after_restore",
    "before_snapshot",
    "close_on_sigterm",
    "cold_start",
    "component",
    "get",
    "initialize",
    "preload",
    "reset",
    "run_after_restore",
    "run_before_snapshot",
    "shutdown",
    "status",
]
