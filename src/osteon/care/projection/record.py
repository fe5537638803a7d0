"""From one person's record to what the bone model's personal fit takes, and what it cannot take.

Treatments become doses from their dates on; medicines that cost bone go on as they are. Scans of other makers are
brought onto the scale of Hologic scanners for the fit (the projection itself stays on the scanner's own scale). What is
assumed, and what the record holds and the model has no term for, is said in sentences.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from osteon.densitometry import NHANES_SCALE, bmd_from_t_score, maker_of, standardised_bmd
from osteon.errors import ModelError
from osteon.evidence import THERAPIES, therapy_label, value
from osteon.person import DAYS_PER_YEAR, SITE_LABELS, Person, Site, month_words
from osteon.twin.engine.model import DAYS_PER_YEAR as MODEL_DAYS
from osteon.twin.engine.regimen import NO_TREATMENT, Bolus, Course, Infusion, Regimen
from osteon.twin.osteon_model.regimens import covered
from osteon.twin.personalise import PersonData, read_person

YOUNGEST_YEARS = 20.0
UNDATED_YEARS = 1.0
"""A present medicine whose start is not recorded is taken as begun so long ago; the report says so."""

PASSING_YEARS = 0.5
"""Bed rest and the loss of weight are taken as begun so long ago, and as over in as long; the report says so."""

CELLS = "cells_iv"
STEROID = "glucocorticoid"
HABITS = ("stop_smoking", "less_alcohol", "exercise", "calcium_vitamin_d")

WITHOUT_TERM: Mapping[str, str] = {
    "diabetes": "diabetes (bone density is kept while fractures are more frequent)",
    "hyperparathyroidism": "overactive parathyroid glands",
    "cushing": "Cushing's syndrome",
    "malabsorption": "malabsorption",
    "eating_disorder": "an eating disorder",
    "periods_absent": "periods that stopped before the menopause",
    "chronic_liver_disease": "chronic liver disease",
    "chronic_kidney_disease_4_5": "advanced kidney disease",
    "lupus": "lupus",
    "epilepsy": "epilepsy or its medicines",
    "antidepressants": "antidepressants",
    "parent_hip_fracture": "a parent's hip fracture (it counts in fracture risk)",
}
"""What may change bone and has no term in the model, by field of the history."""


@dataclass(frozen=True, slots=True)
class RecordForModel:
    """A record as the model sees it.

    Attributes
    ----------
    data
        What the personal fit takes, past doses included.
    going_on
        Courses that go on whatever is chosen: medicines that cost bone, and habits that are kept.
    due_days
        For medicines given at intervals and still in use: days from now to the next dose.
    used, not_used
        Sentences about what shaped the curves, and what could not.
    """

    data: PersonData
    going_on: tuple[Infusion, ...]
    due_days: Mapping[str, float]
    used: tuple[str, ...]
    not_used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """A medicine taken, or a state that lasts, from one age to another (none: it goes on)."""

    drug: str
    amount_per_day: float | None
    start_years: float
    stop_years: float | None


def read_record(person: Person) -> RecordForModel:
    """Read a record for the bone model.

    Raises
    ------
    ModelError
        The age lies outside the model.
    """
    used: list[str] = []
    not_used: list[str] = []
    spans = _merged([*_treatments(person, used, not_used), *_costing_bone(person, used, not_used)])
    spans = [one for one in spans if (one.stop_years or person.age_years) > YOUNGEST_YEARS]
    if not YOUNGEST_YEARS <= person.age_years <= 100.0:
        raise ModelError(
            f"the bone model covers adults of 20 to 100 years, and this person is {int(person.age_years)}",
            mend="There is no projection outside these ages",
        )
    start = max(min((one.start_years for one in spans), default=person.age_years), YOUNGEST_YEARS)
    past = _past(person, spans, start)
    data = read_person(
        person,
        hologic_bmd=_hologic_bmd(person),
        past=past,
        past_from_years=start if past.courses else None,
    )
    not_used += [_plain(one) for one in data.not_used if not one.startswith(("treatments", "medicines"))]
    if person.history.surgical_menopause and person.menopause_age_years is None:
        not_used.append(
            "Both ovaries removed: the age at the operation is not recorded, so the curves assume a natural menopause."
        )
    without = [words for field, words in WITHOUT_TERM.items() if _present(person, field)]
    if without:
        not_used.append(f"The bone model has no term for {_and(without)}.")
    return RecordForModel(
        data=replace(data, not_used=()),
        going_on=tuple(
            Infusion(one.drug, one.amount_per_day or 1.0, 0.0, _ends_on(one, person.age_years))
            for one in spans
            if _ends_on(one, person.age_years) > 0.0 and (one.drug in HABITS or one.drug not in THERAPIES)
        ),
        due_days=_due(person, past, spans, start),
        used=(*_used(data), *used),
        not_used=tuple(dict.fromkeys(not_used)),
    )


def with_record(regimen: Regimen, record: RecordForModel) -> Regimen:
    """A regimen for this person: the next dose when it is due, and beside it what goes on anyway.

    Infused cells are left out: what they might do is added afterwards.
    """
    courses: list[Course] = []
    for course in regimen.courses:
        if course.drug == CELLS:
            continue
        due = record.due_days.get(course.drug, 0.0)
        moved = isinstance(course, Bolus) and course.first_day == 0.0 and due > 0.0
        courses.append(replace(course, first_day=due) if moved and isinstance(course, Bolus) else course)
    taken = {course.drug for course in courses}
    courses += [course for course in record.going_on if course.drug not in taken]
    return Regimen(regimen.name, tuple(courses))


def _treatments(person: Person, used: list[str], not_used: list[str]) -> Iterable[_Span]:
    today = person.as_of
    for one in person.treatments:
        label = therapy_label(one.therapy)
        if one.therapy == "none":
            continue
        if THERAPIES[one.therapy].hypothetical:
            not_used.append(f"{label}: no effect on bone is known, so it changes nothing here.")
        elif one.start is not None and one.start > today:
            not_used.append(f"{label}: it began after the latest scan, where the projection starts.")
        elif one.start is None and one.stop is not None:
            not_used.append(f"{label}: it was stopped and has no date of its start, so it is left out.")
        else:
            begun = _age_on(person, one.start) if one.start else person.age_years - UNDATED_YEARS
            ended = None if one.stop is None or one.stop > today else _age_on(person, one.stop)
            when = f"since {one.start:%B %Y}" if one.start else "its start is not recorded: taken as a year ago"
            until = f" until {one.stop:%B %Y}" if one.stop is not None and ended is not None else ""
            dose = covered()[one.therapy].how
            used.append(f"{label} {when}{until} ({dose})." if one.start else f"{label} ({dose}; {when}).")
            if ended is None or ended > begun:
                yield _Span(one.therapy, None, begun, ended)


def _costing_bone(person: Person, used: list[str], not_used: list[str]) -> Iterable[_Span]:
    """Medicines and states that cost bone: the record has them as present, without a start."""
    history, since = person.history, person.age_years - UNDATED_YEARS
    assumed = "taken as begun a year ago and going on"
    dose = history.glucocorticoid_prednisone_mg_per_day
    if dose:
        taken = history.glucocorticoid_months
        known = assumed if taken is None else f"for {month_words(taken)} so far; taken as going on"
        begun, ends = since if taken is None else person.age_years - taken / 12.0, None
        if history.glucocorticoids is False and taken is not None:
            limit = value("gc.long_term.months")
            ends = begun + limit / 12.0
            known = (
                f"for {month_words(taken)} so far; recorded as a short course, taken as over at {month_words(limit)}"
            )
        used.append(f"Glucocorticoids, {dose:g} mg prednisone a day ({known}).")
        yield _Span(STEROID, float(dose), begun, ends)
    elif history.glucocorticoids:
        not_used.append("Glucocorticoids: no dose is recorded, so the curves leave them out and are too high.")
    tsh = person.labs.tsh_miu_l
    flags = {
        "aromatase_inhibitor": (history.aromatase_inhibitor, "An aromatase inhibitor"),
        "androgen_deprivation": (history.androgen_deprivation, "Androgen deprivation"),
        "thyroxine_excess": (
            history.thyrotoxicosis or (tsh is not None and tsh < value("thyroid.low_tsh")),
            "Too much thyroid hormone",
        ),
    }
    for drug, (present, label) in flags.items():
        if present:
            used.append(f"{label} ({assumed}).")
            yield _Span(drug, 1.0, since, None)
    passing = {
        "immobilisation": (history.bed_rest, "Bed rest, or no weight on the legs"),
        "weight_loss": (history.losing_weight, "Loss of weight"),
    }
    for drug, (present, label) in passing.items():
        if present:
            used.append(f"{label} (taken as begun half a year ago and over in half a year).")
            yield _Span(drug, 1.0, person.age_years - PASSING_YEARS, person.age_years + PASSING_YEARS)
    hormones = any(one.therapy == "hormone_therapy" for one in person.treatments)
    if history.oestrogen == "current" and not hormones:
        used.append("Menopausal hormone therapy (its start is not recorded: taken as a year ago).")
        yield _Span("hormone_therapy", None, since, None)


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """Spans of one medicine that overlap or touch become one."""
    found: list[_Span] = []
    for one in sorted(spans, key=lambda span: (span.drug, span.start_years)):
        last = found[-1] if found else None
        if last is None or last.drug != one.drug or (last.stop_years or 1e9) < one.start_years:
            found.append(one)
        elif last.stop_years is not None:
            found[-1] = replace(last, stop_years=one.stop_years and max(last.stop_years, one.stop_years))
    return found


def _past(person: Person, spans: Iterable[_Span], start_years: float) -> Regimen:
    """The doses up to now, day 0 at the first of them."""
    courses: list[Course] = []
    for one in spans:
        begun, ended = max(one.start_years, start_years), min(one.stop_years or person.age_years, person.age_years)
        first, length = (begun - start_years) * MODEL_DAYS, (ended - begun) * MODEL_DAYS
        if length <= 0.0:
            continue
        if one.amount_per_day is not None:
            courses.append(Infusion(one.drug, one.amount_per_day, first, first + length))
        else:
            courses.append(covered()[one.drug].course(first, length))
    return Regimen("up to now", tuple(courses)) if courses else NO_TREATMENT


def _ends_on(span: _Span, age_years: float) -> float:
    """The day from now on which it ends: infinity while it goes on, below zero when it is over."""
    return math.inf if span.stop_years is None else (span.stop_years - age_years) * MODEL_DAYS


def _due(person: Person, past: Regimen, spans: Iterable[_Span], start_years: float) -> dict[str, float]:
    today = (person.age_years - start_years) * MODEL_DAYS
    taken = {one.drug for one in spans if one.stop_years is None}
    found = {}
    for course in past.courses:
        if isinstance(course, Bolus) and course.drug in taken:
            given = course.days(today)
            found[course.drug] = max(0.0, given[-1] + course.interval_days - today) if given else 0.0
    return found


def _age_on(person: Person, day: dt.date) -> float:
    return float(person.age_years - (person.as_of - day).days / DAYS_PER_YEAR)


def _hologic_bmd(person: Person) -> dict[tuple[dt.date, Site], float]:
    """Density on the scale of Hologic scanners by day and site, the mean of both sides.

    A hip T-score without a density is read on that scale as well. Scans by another maker than the latest one are left
    out: no equation follows one person from scanner to scanner.
    """
    latest = person.latest_scan
    found: dict[tuple[dt.date, Site], list[float]] = {}
    for scan in person.scans:
        maker = maker_of(scan.device)
        same = latest is not None and maker == maker_of(latest.device)
        for one in scan.sites:
            if one.site == "radius_33" or not same:
                continue
            bmd = one.bmd_g_cm2
            if bmd is None and one.t_score is not None:
                bmd = bmd_from_t_score(one.site, one.t_score, NHANES_SCALE)
            elif bmd is not None and maker != "hologic":
                bmd = _converted(one.site, bmd, scan.device)
            if bmd is not None:
                found.setdefault((scan.date, one.site), []).append(bmd)
    return {key: sum(each) / len(each) for key, each in found.items()}


def _converted(site: Site, bmd_g_cm2: float, device: str | None) -> float | None:
    """From one maker's scale to Hologic's by the published equations of standardised density, which are straight."""
    own = standardised_bmd(site, bmd_g_cm2, device)
    low, high = standardised_bmd(site, 0.5, NHANES_SCALE), standardised_bmd(site, 1.5, NHANES_SCALE)
    if own is None or low is None or high is None:
        return None
    return 0.5 + (own.mg_cm2 - low.mg_cm2) / (high.mg_cm2 - low.mg_cm2)


def _used(data: PersonData) -> tuple[str, ...]:
    """What of the record shaped the curves, apart from treatments."""
    said = []
    if data.visits:
        sites = list(dict.fromkeys(site for visit in data.visits for site in visit.bmd_g_cm2))
        many = f"{len(data.visits)} scans" if len(data.visits) > 1 else "one scan"
        said.append(f"{many.capitalize()} ({_and([SITE_LABELS[site].lower() for site in sites])}).")
    words = {"ctx": "CTX", "p1np": "P1NP"}
    if data.readings:
        said.append(f"Turnover markers: {_and([words[one.marker] for one in data.readings])}.")
    if data.sex == "female":
        age = data.menopause_years or data.fixed.get("menopause_age")
        if age is not None:
            surgical = " by surgery" if data.fixed.get("surgical_menopause") else ""
            said.append(f"Menopause{surgical} at {age:.0f}.")
        elif data.postmenopausal is not None:
            said.append("After the menopause." if data.postmenopausal else "Before the menopause.")
    traits = {
        "smoking": "smoking",
        "alcohol_excess": "much alcohol",
        "inactivity": "inactivity",
        "inflammatory_disease": "inflammation (rheumatoid arthritis)",
    }
    held = [label for name, label in traits.items() if data.fixed.get(name)]
    if held:
        said.append(f"{_and(held).capitalize()}.")
    if data.fixed.get("calcium_deficit") == 0.0:
        said.append("Enough calcium and vitamin D.")
    return tuple(said)


def _present(person: Person, field: str) -> bool:
    held = getattr(person.history, field)
    return held in ("type1", "type2") if field == "diabetes" else bool(held)


def _plain(note: str) -> str:
    """A note of the fit as a sentence: ``2026-03-02 radius_33: ...``."""
    for site, label in SITE_LABELS.items():
        note = note.replace(site, label.lower())
    return f"{note[0].upper()}{note[1:]}."


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
