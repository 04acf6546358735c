"""Rows of the runtime's benchmark: each function returns what is to be timed, by floor, by us and by others."""
