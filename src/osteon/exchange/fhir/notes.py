"""What the FHIR reader has to say beside the person: warnings, and everything that it did not read."""

from __future__ import annotations

from dataclasses import dataclass, field

from osteon.exchange.result import Ignored


@dataclass(slots=True)
class Notes:
    """Collects remarks while a file is read, in the order of the file."""

    ignored: list[Ignored] = field(default_factory=list)
    _warnings: dict[str, list[str]] = field(default_factory=dict)

    def ignore(self, where: str, what: str, reason: str) -> None:
        """Record a part that does not enter the person."""
        self.ignored.append(Ignored(where, what, reason))

    def warn(self, where: str, message: str) -> None:
        """Record something that was read and should be looked at."""
        self._warnings.setdefault(message, []).append(where)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings as lines; places that share a message stand in one line."""
        lines = []
        for message, places in self._warnings.items():
            named = ", ".join(place for place in places[:4] if place)
            more = f" and {len(places) - 4} more" if len(places) > 4 else ""
            lines.append(f"{named}{more}: {message}." if named else f"{message}.")
        return tuple(lines)
