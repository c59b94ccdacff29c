"""What can go wrong with a download, beyond mistakes of the user."""

from downbench.core.errors import UserError


class TemporaryError(UserError):
    """A failure that the same request may not meet again: a full queue, a broken connection.

    Attributes
    ----------
    wait_s
        The wait that the server asks for [s].
    """

    def __init__(self, message: str, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class ChangedError(UserError):
    """A file that is not the one of the archive's record: another length."""


class StatusError(UserError):
    """A refusal by the server, whose status and text let a provider name the fix.

    Attributes
    ----------
    status
        HTTP status.
    text
        First part of the answer.
    """

    def __init__(self, message: str, status: int, text: str) -> None:
        super().__init__(message)
        self.status, self.text = status, text


class ContentError(UserError):
    """A page or a message instead of data, whose text lets a provider name the fix.

    Attributes
    ----------
    text
        First part of it, without tags.
    """

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message)
        self.text = text
