"""The one exception that a user is meant to see."""


class UserError(Exception):
    """A mistake in the input, told in one message: file, key or variable, value, fix."""
