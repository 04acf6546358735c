"""Static architecture checks for Python AWS Lambda codebases."""

__version__ = "0.1.0"
