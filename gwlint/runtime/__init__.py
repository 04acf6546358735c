"""Ten gateways for AWS Lambda functions, each loaded when it is first used. Standard library only.

This package can be copied into a function under another name: it imports nothing from outside of itself.
"""

__version__ = "0.1.0"

_GATEWAYS = {
    "cache": ".cache",
    "circuit_breaker": ".circuit_breaker",
    "http_client": ".http_client",
    "initialization": ".initialization",
    "lambda_": ".lambda_",
    "logging": ".logging",
    "metrics": ".metrics",
    "security": ".security",
    "singleton": ".singleton",
    "utility": ".utility",
}

__all__ = ["__version__", *_GATEWAYS]


def __getattr__(name: str) -> object:
    """Return a gateway, loaded now if it was not before."""
    if name not in _GATEWAYS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return import_module(_GATEWAYS[name], __name__)


def __dir__() -> list[str]:
    return sorted([*globals(), *_GATEWAYS])
