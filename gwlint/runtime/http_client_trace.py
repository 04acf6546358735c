"""The trace of the invocation that is going on, as headers for those who are asked meanwhile."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .context import Context

_ROOT = re.compile(r"(?:^|;) *Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?=;|$)")
_PARENT = re.compile(r"(?:^|;) *Parent=([0-9a-f]{16})(?=;|$)")
_SAMPLED = re.compile(r"(?:^|;) *Sampled=1(?=;|$)")
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_LONGEST = 1024


def trace_headers(context: Context) -> dict[str, str]:
    """Return the headers by which a trace goes on: that of X-Ray and that of the W3C, as far as it makes sense as one.

    What makes no sense is left out: nothing fails because it can't be traced.
    """
    trace = context.trace_id
    if not trace or len(trace) > _LONGEST:
        return {}
    if _TRACEPARENT.fullmatch(trace):
        return {"traceparent": trace}
    root, parent = _ROOT.search(trace), _PARENT.search(trace)
    if root is None or not (trace.isascii() and trace.isprintable()):
        return {}
    headers = {"X-Amzn-Trace-Id": trace}
    if parent is not None and parent[1] != "0" * 16:
        flags = "01" if _SAMPLED.search(trace) else "00"
        headers["traceparent"] = f"00-{root[1]}{root[2]}-{parent[1]}-{flags}"
    return headers
