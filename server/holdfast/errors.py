"""What can go wrong with work that was asked for.

What is wrong with a user's machine is a fact (a chain's state, a problem), never an exception. These are
raised when something was asked for and could not be done; each message is ready for the user.
"""


class HoldfastError(Exception):
    """The work could not be done; the message says why and what to do."""


class UsageError(HoldfastError):
    """The call itself was wrong (exit code 2)."""


class CancelledError(HoldfastError):
    """The user cancelled the work; nothing is left of it."""


class ChangedError(HoldfastError):
    """A file is no longer what the plan saw, so the plan was not applied."""
