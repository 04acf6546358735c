"""The gateway to metrics: values that CloudWatch makes metrics of, within a budget of them."""

from .metrics_core import Metrics, Timer
from .metrics_emf import UNITS
from .metrics_sketch import Sketch

__all__ = ["UNITS", "Metrics", "Sketch", "Timer"]
