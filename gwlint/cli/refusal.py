"""The one way to say that nothing can be checked before the user has put something right."""

import click

COULD_NOT_CHECK = 2


class Refusal(click.ClickException):
    """What the user has to put right before anything can be done: exit 2."""

    exit_code = COULD_NOT_CHECK
