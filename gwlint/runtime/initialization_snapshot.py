"""What has to be done before the memory of an environment is copied, and after it has come to life again."""

from __future__ import annotations

import sys

from .errors import ComponentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Hook = TypeVar("Hook", bound=Callable[[], object])


class Snapshots:
    """Hooks around a snapshot, as SnapStart takes them. `epoch` counts how often one was restored."""

    __slots__ = ("_after", "_before", "_is_registered", "epoch")

    def __init__(self) -> None:
        self._before: list[Callable[[], object]] = []
        self._after: list[Callable[[], object]] = []
        self._is_registered = False
        self.epoch = 0

    def before_snapshot(self, hook: Hook) -> Hook:
        """Call a function before a snapshot is taken, the last one first."""
        self._before.append(hook)
        return hook

    def after_restore(self, hook: Hook) -> Hook:
        """Call a function after a snapshot was restored, the first one first."""
        self._after.append(hook)
        return hook

    def register(self) -> bool:
        """Have the runtime call the hooks, once; tell whether it is one that knows of snapshots."""
        if not self._is_registered:
            try:
                from importlib import import_module

                runtime = import_module("snapshot_restore_py")
            except ImportError:
                return False
            self._is_registered = True
            runtime.register_before_snapshot(self.run_before_snapshot)
            runtime.register_after_restore(self.run_after_restore)
        return True

    def run_before_snapshot(self) -> None:
        """Call all hooks, the last one first. Raises `ComponentError` afterwards where some have failed."""
        _run(self._before[::-1])

    def run_after_restore(self) -> None:
        """Let chance begin anew, count the epoch, and call all hooks. Raises `ComponentError` as before a snapshot."""
        self.epoch += 1
        # All copies of a snapshot have the same state. What is loaded later seeds itself.
        if "random" in sys.modules:
            import random

            random.seed()
        from . import utility

        utility.reseed_ids()
        _run(self._after)


def _run(hooks: list[Callable[[], object]]) -> None:
    failed = []
    for hook in hooks:
        try:
            hook()
        except Exception as error:
            failed.append(f"{getattr(hook, '__qualname__', repr(hook))}: {error or type(error).__name__}")
    if failed:
        raise ComponentError(f"hooks have failed: {'; '.join(failed)}")
