"""What can go wrong with a download, beyond mistakes of the user."""

from typing import Self

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


class RefusalError(UserError):
    """A refusal by the server: nothing that has arrived is its cause."""

    def with_fix(self, fix: str) -> Self:
        """Return the error with what to do at the end of its message."""
        self.args = (f"{self}: {fix}",)
        return self


class StatusError(RefusalError):
    """A refusal by status, which lets a provider name the fix with its text.

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


class ContentError(RefusalError):
    """A page or a message instead of data, whose text lets a provider name the fix.

    Attributes
    ----------
    text
        First part of it, without tags.
    """

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message)
        self.text = text
