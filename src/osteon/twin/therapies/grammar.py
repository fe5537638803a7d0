"""How a regimen is written: ``denosumab:24,zoledronate:12`` (months, one after the other), ``exercise+alendronate``.

::

    regimen  = phase { "," phase }
    phase    = therapy { "+" therapy } [ ":" months ]
    therapy  = name [ "@" dose ]                              see :mod:`osteon.twin.therapies.dose`

Only the last phase may leave its months out, and goes on to the end; an earlier one may where each of its therapies
has a licensed length (``romosozumab,alendronate``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from osteon.errors import UsageError
from osteon.evidence.drug_names import what_was_meant
from osteon.evidence.therapies import THERAPIES, therapy_label
from osteon.twin.therapies.dose import Dose, read_dose

LONGEST_MONTHS = 1200.0


@dataclass(frozen=True, slots=True)
class Phase:
    """Therapies given together, for so many months; ``None`` is to the end.

    ``doses`` names those that are given otherwise than usually.
    """

    therapies: tuple[str, ...]
    months: float | None
    doses: tuple[tuple[str, Dose], ...] = ()

    def dose(self, name: str) -> Dose | None:
        """The dose of a therapy; none is the usual one."""
        return dict(self.doses).get(name)

    @property
    def text(self) -> str:
        """The phase as it is written."""
        names = [name + (f"@{dose.text}" if (dose := self.dose(name)) else "") for name in self.therapies]
        return "+".join(names) + ("" if self.months is None else f":{self.months:g}")


@dataclass(frozen=True, slots=True)
class TherapyPlan:
    """A parsed regimen.

    Attributes
    ----------
    phases
        One after the other.
    licensed_months
        The licensed length of the therapies that have one: in a last phase without months they stop then.
    """

    phases: tuple[Phase, ...]
    licensed_months: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The regimen as it is written, in its plain form."""
        return ",".join(phase.text for phase in self.phases)

    @property
    def label(self) -> str:
        """The regimen in words, with every length: what stops says so, and a single therapy that goes on too."""
        if all(phase.therapies == ("none",) for phase in self.phases):
            return therapy_label("none")
        parts = [self._phase_label(phase) for phase in self.phases]
        last = self.phases[-1]
        if "none" in last.therapies and last.months is None:
            pass  # the last part already says "nothing"
        elif all(self._length(name, last) is not None for name in last.therapies):
            parts.append("nothing")
        elif len(parts) == 1 and not all(_is_once(last.dose(name)) for name in last.therapies):
            parts[0] += ", continued"
        return ", then ".join(_lower_first(part, number) for number, part in enumerate(parts))

    def _phase_label(self, phase: Phase) -> str:
        if phase.therapies == ("none",):
            return "Nothing" + _for(phase.months)
        lengths = [self._length(name, phase) for name in phase.therapies]
        names = [
            _lower_first(therapy_label(name), number) + (f" ({dose.words})" if (dose := phase.dose(name)) else "")
            for number, name in enumerate(phase.therapies)
        ]
        if len(set(lengths)) == 1:
            return " with ".join(names) + _for(lengths[0])
        return " with ".join(name + _for(length) for name, length in zip(names, lengths, strict=True))

    def _length(self, name: str, phase: Phase) -> float | None:
        """How many months a therapy of a phase lasts; none to the end."""
        return self.licensed_months.get(name) if phase.months is None else phase.months

    @property
    def therapies(self) -> tuple[str, ...]:
        """Every therapy that is named, each once, in order."""
        return tuple(dict.fromkeys(name for phase in self.phases for name in phase.therapies))


def parse_therapy(text: str, *, licensed_months: Mapping[str, float] | None = None) -> TherapyPlan:
    """Read a regimen.

    Parameters
    ----------
    text
        For example ``denosumab:24,alendronate``. Case, spaces, and hyphens in names do not matter.
    licensed_months
        Therapies with a licensed length; a phase of nothing else may leave its months out anywhere.

    Raises
    ------
    UsageError
        An unknown name (with the nearest known one), an impossible duration, or a slip in the grammar.
    """
    if not text.strip():
        raise UsageError("no therapy is named", mend="Write for example alendronate, or denosumab:24,alendronate")
    pieces = text.split(",")
    phases = []
    for number, piece in enumerate(pieces):
        names_text, colon, months_text = piece.partition(":")
        written = [one.partition("@") for one in names_text.split("+")]
        names = tuple(_name(name, text) for name, _, _ in written)
        doses = tuple(
            (name, read_dose(dose, text)) for name, (_, sign, dose) in zip(names, written, strict=True) if sign
        )
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise UsageError(f"{twice[0]} stands twice in one combination", where=text, mend="Name it once")
        if "none" in names and len(names) > 1:
            raise UsageError("none cannot be combined with a therapy", where=text, mend="Leave none out")
        months = _months(months_text, text) if colon else None
        if months is None and number < len(pieces) - 1:
            lengths = [(licensed_months or {}).get(name) for name in names]
            if any(length is None for length in lengths):
                raise UsageError(
                    f"{'+'.join(names)} is followed by another therapy and has no duration",
                    where=text,
                    mend=f"Write its months, for example {'+'.join(names)}:24",
                )
            months = max(length for length in lengths if length is not None)
        phases.append(Phase(names, months, doses))
    return TherapyPlan(tuple(phases), dict(licensed_months or {}))


def _name(text: str, where: str) -> str:
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    if name in THERAPIES:
        return name
    if not name:
        raise UsageError("a therapy's name is missing", where=where, mend="Look for a stray comma or plus sign")
    raise UsageError(
        f"there is no therapy called {text.strip()!r}",
        where=where,
        mend=what_was_meant(text) or f"Known: {', '.join(THERAPIES)}",
    )


def _is_once(dose: Dose | None) -> bool:
    return dose is not None and dose.every is None


def _lower_first(label: str, number: int) -> str:
    """A label inside a sentence: all but the first lose their capital."""
    return label if number == 0 else label[0].lower() + label[1:]


def _for(months: float | None) -> str:
    return "" if months is None else f" for {months:g} month" + ("" if months == 1.0 else "s")


def _months(text: str, where: str) -> float:
    try:
        months = float(text)
    except ValueError:
        raise UsageError(
            f"{text.strip()!r} is not a number of months", where=where, mend="Write for example denosumab:24"
        ) from None
    if not (math.isfinite(months) and 0.0 < months <= LONGEST_MONTHS):
        raise UsageError(
            f"a duration of {months:g} months is not possible",
            where=where,
            mend=f"Write a number of months above 0 and up to {LONGEST_MONTHS:g}",
        )
    return months
