"""The gateway to caches: bounded in number, bytes and age, and loaded once for all who miss a key at the same time."""

from .cache_core import Cache
from .cache_decorator import cached
from .cache_entries import Stats
from .cache_size import size_of
from .cache_tiers import FileTier, StoreTier

__all__ = ["Cache", "FileTier", "Stats", "StoreTier", "cached", "size_of"]
