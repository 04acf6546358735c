"""The gateway to what there is one of: made once when it is first asked for, closed in the end."""

from .singleton_core import Registry, close_all, get, lazy, override, register, release, reset

__all__ = ["Registry", "close_all", "get", "lazy", "override", "register", "release", "reset"]
