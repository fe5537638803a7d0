"""Read what can be read safely from a registry record, and hold it against the person.

Registries give only age and sex as fields; T-score limits, menopause and body mass index stand in free text.
A rule reads a condition only where its wording leaves no choice. Everything else is left to the study team.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from osteon.care.studies.result import Criterion, Study, Verdict
from osteon.densitometry.result import Densitometry
from osteon.person import Person

_OPEN = {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"}
_CLOSED = {"COMPLETED", "TERMINATED", "WITHDRAWN", "SUSPENDED", "ACTIVE_NOT_RECRUITING", "NO_LONGER_AVAILABLE"}
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_T_RANGE = re.compile(
    rf"\bT(?:-?scores?)?\s*(?:between|from|of)?\s*{_NUMBER}\s*(?:to|and|\.\.)\s*{_NUMBER}", re.IGNORECASE
)
_T_BOUND = re.compile(rf"\bT(?:-?scores?)?\s*(<=|≤|<|>=|≥|>)\s*{_NUMBER}", re.IGNORECASE)
_BMI_RANGE = re.compile(rf"\bBMI\s*{_NUMBER}\s*(?:-|to|–)\s*{_NUMBER}", re.IGNORECASE)
_SIGN = r"(<=|≤|<|>=|≥|>)"
_SINCE_MENOPAUSE = (
    re.compile(
        rf"{_SIGN}\s*(\d+)\s*y(?:ears?)?\s*(?:post-?menopaus|(?:since|after|past) (?:the )?menopause)", re.IGNORECASE
    ),
    re.compile(rf"\bmenopause\s*{_SIGN}\s*(\d+)\s*y", re.IGNORECASE),
)
_ALTERNATIVE = re.compile(r"\bor\b|\bplus\b|\bFRAX\b", re.IGNORECASE)
_POSTMENOPAUSAL = re.compile(r"post-?menopaus|menopause >=|amenorrh", re.IGNORECASE)

_OTHER_DISEASE = re.compile(r"osteogenesis imperfecta|\bOI\b|osteoarthritis|non-?union", re.IGNORECASE)
_FRACTURE = re.compile(r"(?<!without )\bfractures?\b", re.IGNORECASE)
_OSTEOPOROSIS = re.compile(r"\bosteoporosis\b", re.IGNORECASE)
_LOW_DENSITY = re.compile(r"osteopeni|low (?:bone mass|BMD)|reduced BMD", re.IGNORECASE)


def criteria_of(study: Study, person: Person, densitometry: Densitometry) -> Iterator[Criterion]:
    """The conditions of the study that can be read, each with a verdict for this person."""
    yield _open_to_new_people(study)
    if study.sex in ("FEMALE", "MALE"):
        wanted = study.sex.lower()
        yield _criterion(f"{wanted} participants", person.sex == wanted, f"the person is {person.sex}")
    yield from _age(study, person)
    yield from _condition(study.condition, person, densitometry)
    inclusion = re.split(r"exclu", study.eligibility_text, maxsplit=1, flags=re.IGNORECASE)[0]
    yield from _t_score(inclusion, densitometry)
    yield from _bmi(inclusion, person)
    if _POSTMENOPAUSAL.search(inclusion) or _POSTMENOPAUSAL.search(study.condition):
        yield _postmenopausal(person)
    yield from _since_menopause(inclusion, person)
    if study.eligibility_text:
        yield Criterion(
            criterion=study.eligibility_text,
            verdict="uncertain",
            reason="conditions in free text, which only the study team can judge",
        )
    else:
        yield Criterion(
            criterion="further conditions",
            verdict="uncertain",
            reason="this copy of the record does not hold the study's conditions",
        )


def _criterion(name: str, met: bool, reason: str) -> Criterion:
    return Criterion(criterion=name, verdict="eligible" if met else "not eligible", reason=reason)


def _uncertain(name: str, reason: str) -> Criterion:
    return Criterion(criterion=name, verdict="uncertain", reason=reason)


def _open_to_new_people(study: Study) -> Criterion:
    seen = f" (as of {study.status_as_of})" if study.status_as_of else ""
    if study.status in _CLOSED:
        return _criterion("open to new participants", False, f"the registry says {study.status}{seen}")
    if study.status in _OPEN:
        verdict: Verdict = "eligible" if study.status == "RECRUITING" else "uncertain"
        return Criterion(
            criterion="open to new participants", verdict=verdict, reason=f"the registry says {study.status}{seen}"
        )
    return _uncertain("open to new participants", f"the status is not known{seen}")


def _age(study: Study, person: Person) -> Iterator[Criterion]:
    for text, name in ((study.min_age, "at least"), (study.max_age, "at most")):
        found = re.match(r"(\d+)(?:\s*Years?)?$", text.strip(), re.IGNORECASE)
        if found:
            limit = int(found[1])
            age = int(person.age_years)
            met = age >= limit if name == "at least" else age <= limit
            yield _criterion(f"age {name} {limit}", met, f"the person is {age}")
        elif text.strip():
            yield _uncertain(f"age {name} {text}", "the limit is not a number of years")


def _condition(condition: str, person: Person, densitometry: Densitometry) -> Iterator[Criterion]:
    """What the study is about, as its registry names it, beside what the record and the scan say."""
    name = f"has what the study is about: {condition}"
    broke = person.history.previous_fragility_fracture
    if person.history.fragility_fracture_sites:
        broke = True
    osteoporosis = _OSTEOPOROSIS.search(condition) is not None
    if _OTHER_DISEASE.search(condition):
        yield _criterion(name, False, "another disease than low bone density, and the record names none such")
    elif _FRACTURE.search(condition):
        if broke is False:
            yield _criterion(name, False, "the record says that no bone has broken from a minor fall")
        else:
            known = "a fracture is recorded; whether it is the one meant, the study team judges"
            yield _uncertain(name, known if broke else "whether a bone has broken from a minor fall is not recorded")
    elif osteoporosis and not _LOW_DENSITY.search(condition) and densitometry.diagnosis in ("osteopenia", "normal"):
        words = "low but not osteoporosis" if densitometry.diagnosis == "osteopenia" else "normal"
        yield _uncertain(name, f"bone density is {words}; studies of prevention are listed under that word too")
    elif osteoporosis and densitometry.diagnosis == "osteoporosis":
        yield _criterion(name, True, "bone density is in the range of osteoporosis")
    elif _LOW_DENSITY.search(condition) and densitometry.diagnosis in ("osteopenia", "osteoporosis", "normal"):
        met = densitometry.diagnosis != "normal"
        yield _criterion(name, met, f"bone density is {'low' if met else 'normal'}")


def _t_score(inclusion: str, densitometry: Densitometry) -> Iterator[Criterion]:
    for clause in re.split(r"[;,]", inclusion):
        span = _T_RANGE.search(clause)
        bound = _T_BOUND.search(clause)
        if not span and not bound:
            continue
        wording = clause.strip()
        lowest = densitometry.lowest_t_score
        if _ALTERNATIVE.search(clause) or len(_T_BOUND.findall(clause)) > 1:
            yield _uncertain(wording, "the wording offers alternatives that a rule cannot judge")
        elif lowest is None:
            yield _uncertain(wording, "no T-score is recorded")
        elif span:
            low, high = sorted((float(span[1]), float(span[2])))
            yield _criterion(wording, low <= lowest <= high, f"the lowest T-score is {lowest:.1f}")
        elif bound:
            yield _criterion(wording, _holds(lowest, bound[1], float(bound[2])), f"the lowest T-score is {lowest:.1f}")


def _holds(value: float, sign: str, limit: float) -> bool:
    return {
        "<": value < limit,
        "<=": value <= limit,
        "≤": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "≥": value >= limit,
    }[sign]


def _bmi(inclusion: str, person: Person) -> Iterator[Criterion]:
    found = _BMI_RANGE.search(inclusion)
    if not found:
        return
    low, high = float(found[1]), float(found[2])
    name = f"BMI {low:g} to {high:g} kg/m²"
    if person.bmi is None:
        yield _uncertain(name, "height or weight is not recorded")
    else:
        yield _criterion(name, low <= person.bmi <= high, f"the BMI is {person.bmi:.1f} kg/m²")


def _since_menopause(inclusion: str, person: Person) -> Iterator[Criterion]:
    """How many years may have passed since the menopause; a man is turned away by the menopause itself."""
    found = next((match for one in _SINCE_MENOPAUSE if (match := one.search(inclusion))), None)
    if found is None or person.sex == "male":
        return
    sign, limit = found[1], float(found[2])
    name = f"years since the menopause {sign} {limit:g}"
    if person.menopause_age_years is None:
        yield _uncertain(name, "the age at menopause is not recorded")
    else:
        years = person.age_years - person.menopause_age_years
        yield _criterion(name, _holds(years, sign, limit), f"the menopause was {years:.0f} years ago")


def _postmenopausal(person: Person) -> Criterion:
    name = "postmenopausal women"
    if person.sex == "male":
        return _criterion(name, False, "the person is male")
    if person.menopause_age_years is not None or person.menopausal_status == "postmenopausal":
        return _criterion(name, True, "menopause is recorded")
    if person.menopausal_status is not None:
        return _criterion(name, False, f"the menopausal status is {person.menopausal_status}")
    return _uncertain(name, "the menopausal status is not recorded")
