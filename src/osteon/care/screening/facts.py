"""The phrases of the guideline rules, and two more that only screening asks: ``weight`` and ``transition``."""

from __future__ import annotations

from osteon.care.facts import LATEST_MENOPAUSE_YEARS, Facts
from osteon.care.screening.rules import Factor, Rule
from osteon.care.truth import NO, YES, Truth, every, known
from osteon.densitometry.result import Densitometry
from osteon.person import Person


class ScreeningFacts(Facts):
    """Answers about one person; see :class:`osteon.care.facts.Facts`."""

    def number(self, name: str) -> tuple[float | None, str]:
        """As in :class:`Facts`, and the weight in kg."""
        return (self.person.weight_kg, "weight") if name == "weight" else super().number(name)

    def phrase(self, phrase: str) -> Truth:
        """As in :class:`Facts`, and ``transition``: a woman in the menopausal transition."""
        return self._transition() if phrase == "transition" else super().phrase(phrase)

    def _transition(self) -> Truth:
        person = self.person
        if person.sex == "male" or self.menopause.yes or person.age_years > LATEST_MENOPAUSE_YEARS:
            return NO
        status = person.menopausal_status
        return known(None if status is None else status == "transition", "whether the menopause has passed")

    def present(self, factors: tuple[Factor, ...]) -> tuple[str, ...]:
        """The labels of those factors that the record has."""
        return tuple(one.label for one in factors if self.holds(one.criteria).yes)

    def fits(self, rule: Rule) -> Truth:
        """Whether a rule fits: its criteria hold, and enough of its factors are present."""
        criteria = self.holds(rule.criteria)
        if not rule.factors or criteria.yes is False:
            return criteria
        return every((criteria, at_least(rule.at_least, [self.holds(one.criteria) for one in rule.factors])))


def at_least(number: int, truths: list[Truth]) -> Truth:
    """Whether at least so many hold; not known while those that are missing could still decide it."""
    present = sum(one.yes is True for one in truths)
    open_ = [one for one in truths if one.yes is None]
    if present >= number:
        return YES
    if present + len(open_) < number:
        return NO
    return Truth(None, tuple(dict.fromkeys(name for one in open_ for name in one.missing)))


def aged(person: Person, age_years: int) -> Person:
    """The same record at a later age. A menopause that has not come by the latest age of the record is dropped."""
    changes: dict[str, object] = {"age_years": float(age_years)}
    if age_years > LATEST_MENOPAUSE_YEARS:
        changes["menopausal_status"] = None if person.sex == "male" else "postmenopausal"
    return person.model_copy(update=changes)


def facts_at(person: Person, age_years: int, densitometry: Densitometry) -> ScreeningFacts:
    """The answers for the same record at a later age."""
    return ScreeningFacts(aged(person, age_years), densitometry)
