"""The errors that a user can meet, each with its exit code.

A user error has no traceback on the command line: it says what is wrong, where, and what to write instead.
Anything else that escapes is a bug and leaves with exit code 1.
"""

from __future__ import annotations


class OsteonError(Exception):
    """Base of every error that Osteon raises on purpose.

    Parameters
    ----------
    problem
        What is wrong, as one sentence without a final full stop.
    where
        The place: a file, ``scans[0].sites[1].t_score``, ``Observation[3].valueQuantity.unit``, an option.
    mend
        What to write or do instead, as one sentence without a final full stop.
    """

    exit_code = 1

    def __init__(self, problem: str, *, where: str = "", mend: str = "") -> None:
        self.problem = problem.rstrip(".")
        self.where = where
        self.mend = mend.rstrip(".")
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = "" if not self.mend else f" {self.mend}" if self.mend.endswith("?") else f" {self.mend}."
        return f"{place}{self.problem}.{cure}"


class UsageError(OsteonError):
    """The command or call was made wrongly: an unknown therapy, a bad option. Exit code 2."""

    exit_code = 2


class InputError(OsteonError):
    """A file or record that cannot be accepted as it stands. Exit code 3."""

    exit_code = 3


class ModelError(OsteonError):
    """The question was well put but the model cannot answer it. Exit code 4."""

    exit_code = 4


class MissingExtraError(UsageError):
    """An optional part of Osteon is needed and not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs an optional part of Osteon that is not installed",
            mend=f'Install it with: pip install "osteon[{extra}]"',
        )
