"""The whole of screening for one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from osteon.care.monitoring import monitoring
from osteon.care.screening.facts import ScreeningFacts
from osteon.care.screening.opinions import FIRST_STEPS, concerns, opinion
from osteon.care.screening.result import BodyOpinion, Interval, Screening, SpineImaging
from osteon.care.screening.rules import INTERNATIONAL, Rule, country_named, rules
from osteon.care.screening.signs import UNNOTICED_SOURCES, signs, unnoticed
from osteon.care.screening.spine import by_table, iscd
from osteon.care.screening.tools import named_tools
from osteon.care.wording import listed
from osteon.densitometry import assess
from osteon.densitometry.diagnosis import PRESUMED_MENOPAUSE
from osteon.evidence import value
from osteon.person import Person

_FRACTURE = "A bone has broken from a minor fall: that calls for an assessment now, and is no longer screening. "


def screen(person: Person, country: str | None = None) -> Screening:
    """Who would screen this person, with which tool, for which signs to look, and when to look again.

    Parameters
    ----------
    person
        The record; scans are not needed.
    country
        Only the bodies of this country and the international ones; all when left out. ``US``, ``UK`` and other short
        names are understood.

    Raises
    ------
    UsageError
        No body of that country is known.
    """
    wanted = country_named(country)
    densitometry = assess(person)
    facts = ScreeningFacts(person, densitometry)
    kept = [rule for rule in rules() if wanted is None or rule.country in (wanted, INTERNATIONAL)]
    bodies = _opinions(facts, kept)
    imaging = (iscd(facts), *(by_table(facts, rows) for rows in _by_body(kept, ("spine image",))))
    scanned = densitometry.diagnosis != "undetermined"
    intervals = tuple(_intervals(facts, kept)) if scanned else ()
    next_look = monitoring(person, densitometry)[0] if scanned else None
    found_signs = signs(facts)
    cited = [
        *(one.sources for one in bodies),
        *(one.sources for one in imaging),
        *(one.sources for one in intervals),
        *(one.sources for one in found_signs),
        UNNOTICED_SOURCES,
        next_look.sources if next_look else (),
        (PRESUMED_MENOPAUSE,) if _menopause_is_presumed(facts) else (),
    ]
    return Screening(
        country=wanted,
        scan_date=densitometry.scan_date if scanned else None,
        headline=_headline(facts, bodies, scanned=scanned) + _after_menopause(facts, kept, _answer(bodies)),
        bodies=bodies,
        tools=named_tools(person, [one for one in bodies if one.standing != "outside its scope"]),
        signs=found_signs,
        unnoticed=unnoticed(),
        spine_imaging=imaging,
        next_look=next_look,
        intervals=intervals,
        missing=_most_decisive_first(bodies, imaging),
        sources=tuple(dict.fromkeys(key for keys in cited for key in keys)),
    )


def _opinions(facts: ScreeningFacts, kept: Sequence[Rule]) -> tuple[BodyOpinion, ...]:
    return tuple(opinion(facts, rows) for rows in _by_body(kept, FIRST_STEPS) if concerns(rows, sex=facts.person.sex))


def _menopause_is_presumed(facts: ScreeningFacts) -> bool:
    """Whether a scan is read as that of a woman after the menopause by her age alone."""
    return facts.person.sex == "female" and facts.menopause.yes is None and facts.person.age_years >= _presumed_age()


def _presumed_age() -> float:
    return value(PRESUMED_MENOPAUSE)


def _after_menopause(facts: ScreeningFacts, kept: Sequence[Rule], as_recorded: str) -> str:
    """The answer that would follow, where the menopause is not recorded and a scan is read as if it had passed.

    Empty where that would change nothing.
    """
    if not _menopause_is_presumed(facts):
        return ""
    past = facts.person.model_copy(update={"menopausal_status": "postmenopausal"})
    answer = _answer(_opinions(ScreeningFacts(past, facts.densitometry), kept))
    if answer == as_recorded:
        return ""
    return (
        " Whether the menopause has passed is not recorded. If it has, as is presumed from the age of "
        f"{_presumed_age():g} where a scan is read: {answer}"
    )


def _by_body(kept: Sequence[Rule], steps: tuple[str, ...]) -> list[list[Rule]]:
    """The rows for these steps, one list a body, bodies in file order."""
    chosen = [rule for rule in kept if rule.step in steps]
    return [list(rows) for _, rows in groupby(chosen, key=lambda rule: rule.body)]


def _intervals(facts: ScreeningFacts, kept: Sequence[Rule]) -> Iterable[Interval]:
    for rule in kept:
        if rule.step != "look again":
            continue
        truth = facts.fits(rule)
        if truth.yes is not False:
            yield Interval(
                body=rule.body,
                country=rule.country,
                year=rule.year,
                applies=True if truth.yes else "uncertain",
                who=rule.who,
                advice=rule.advice,
                missing=truth.missing,
                sources=rule.sources,
            )


def _headline(facts: ScreeningFacts, bodies: Sequence[BodyOpinion], *, scanned: bool) -> str:
    """The answer in short, with what comes before it."""
    text = _answer(bodies)
    if scanned:
        already = "A scan is there already, so the question is when to look again."
        text = f"{already} Had there been none, the answer would be this. {text}"
    return (_FRACTURE if facts.holds("fracture").yes else "") + text


def _answer(bodies: Sequence[BodyOpinion]) -> str:
    """What the bodies say. They are named, not counted into one answer."""
    groups = (
        ("A bone-density scan", [one for one in bodies if one.advised is True and one.step == "scan"]),
        ("A risk tool first", [one for one in bodies if one.advised is True and one.step != "scan"]),
        ("Not asked for", [one for one in bodies if one.advised is False]),
        ("Depends on what is missing", [one for one in bodies if one.standing == "depends"]),
        ("No recommendation", [one for one in bodies if one.standing == "no recommendation"]),
        ("Not meant for this person", [one for one in bodies if one.standing == "outside its scope"]),
    )
    parts = [f"{what}: {listed(one.body for one in named)}." for what, named in groups if named]
    return " ".join(parts) or "No body in the table speaks about this person."


def _most_decisive_first(bodies: Sequence[BodyOpinion], imaging: Sequence[SpineImaging]) -> tuple[str, ...]:
    named = [*(one.missing for one in bodies), *(one.missing for one in imaging)]
    counted = Counter(name for names in named for name in names)
    return tuple(name for name, _ in counted.most_common())
