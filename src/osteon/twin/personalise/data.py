"""What is known about one person, in the form that the fit takes, and how to read it from a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from osteon.errors import ModelError, UsageError
from osteon.person import Person, Sex, Site
from osteon.twin.engine.regimen import NO_TREATMENT, Regimen
from osteon.twin.osteon_model.sites import SITES, SiteName

Marker = Literal["ctx", "p1np"]

DAYS_PER_CALENDAR_YEAR = 365.25
YOUNGEST_YEARS, OLDEST_YEARS = 20.0, 100.0

MUCH_ALCOHOL_UNITS = 5.0
"""UK units a day that are about three standard drinks, where the bone model's term for alcohol begins."""

USUAL_MENOPAUSE_YEARS = (41.0, 59.0)
"""Three standard deviations around the mean. An age outside them is taken as told: the simulated people get it."""

REPLETE_VITAMIN_D_NMOL_L, REPLETE_CALCIUM_MG = 50.0, 1000.0
"""With both, the model's calcium deficit is nil."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One examination: BMD in g/cm² on the scale of Hologic scanners, with the centre's precision error where known."""

    age_years: float
    bmd_g_cm2: Mapping[SiteName, float]
    precision_g_cm2: Mapping[SiteName, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """One turnover marker: CTX in ng/L, P1NP in µg/L."""

    age_years: float
    marker: Marker
    value: float


@dataclass(frozen=True, slots=True)
class PersonData:
    """What the fit takes.

    Attributes
    ----------
    sex, age_years
        Now.
    visits, readings
        At any age up to now.
    menopause_years
        Reported age at the last period.
    postmenopausal
        Known to be after (true) or before (false) the menopause, none when that is not known.
    fixed
        Known traits of the bone model, e.g. ``{"smoking": 1.0}``.
    past, past_from_years
        Bone medicines (and others that cost bone) taken up to now, day 0 being at this age.
    not_used
        What the record holds and the fit cannot use, with the reason.
    """

    sex: Sex
    age_years: float
    visits: tuple[Visit, ...] = ()
    readings: tuple[Reading, ...] = ()
    menopause_years: float | None = None
    postmenopausal: bool | None = None
    fixed: Mapping[str, float] = field(default_factory=dict)
    past: Regimen = NO_TREATMENT
    past_from_years: float | None = None
    not_used: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ages = [self.age_years, *(one.age_years for one in self.visits), *(one.age_years for one in self.readings)]
        if not all(YOUNGEST_YEARS <= age <= OLDEST_YEARS for age in ages):
            raise ModelError(
                f"the bone model covers adults of {YOUNGEST_YEARS:g} to {OLDEST_YEARS:g} years",
                where="age at a scan or now",
                mend="Leave out what lies outside these ages",
            )
        if max(ages) > self.age_years + 1e-6:
            raise UsageError("a scan or blood test lies after the present age", mend="Give the age at the latest one")
        if bool(self.past.courses) != (self.past_from_years is not None):
            raise UsageError("past treatment needs both its doses and the age at which it began")
        if self.past_from_years is not None and not YOUNGEST_YEARS <= self.past_from_years <= self.age_years:
            raise UsageError(f"past treatment cannot have begun at {self.past_from_years:g}", mend="Correct the age")

    @property
    def start_years(self) -> float:
        """The age from which treatment has to be simulated: its start, or now."""
        return self.age_years if self.past_from_years is None else self.past_from_years


def read_person(
    person: Person,
    *,
    hologic_bmd: Mapping[tuple[dt.date, Site], float] | None = None,
    past: Regimen = NO_TREATMENT,
    past_from_years: float | None = None,
) -> PersonData:
    """Read what the fit can use from a record, and list what it cannot.

    Parameters
    ----------
    person
        The record.
    hologic_bmd
        BMD on the scale of Hologic scanners for scans that other makers took or that print only a T-score, by day and
        site; densitometry knows how to convert. Without it, such scans are not used.
    past, past_from_years
        Doses taken up to now (day 0 at that age). A record's treatments have no doses, so the caller writes them.

    Raises
    ------
    ModelError
        The person's age lies outside the bone model.
    """
    not_used: list[str] = []
    visits = _visits(person, hologic_bmd or {}, not_used)
    readings: list[Reading] = []
    if person.labs.ctx_ng_l is not None:
        readings.append(Reading(person.age_years, "ctx", float(person.labs.ctx_ng_l)))
    history = person.history
    steroids = history.glucocorticoids or any(course.drug == "glucocorticoid" for course in past.courses)
    if person.labs.p1np_ug_l is not None and steroids:
        not_used.append("P1NP: under glucocorticoids it falls in people and rises in the bone model")
    elif person.labs.p1np_ug_l is not None:
        readings.append(Reading(person.age_years, "p1np", float(person.labs.p1np_ug_l)))
    if not past.courses:
        if person.treatments:
            not_used.append("treatments: no doses were given, so the fit takes the person as untreated")
        if history.glucocorticoids or history.aromatase_inhibitor or history.androgen_deprivation:
            not_used.append("medicines that cost bone: no dose and start were given")
    fixed, status = _fixed(person), person.menopausal_status
    if status == "transition":
        not_used.append("menopausal status: in transition says too little about the age at menopause")
    return PersonData(
        sex=person.sex,
        age_years=person.age_years,
        visits=visits,
        readings=tuple(readings),
        menopause_years=None if "menopause_age" in fixed else person.menopause_age_years,
        postmenopausal={"premenopausal": False, "postmenopausal": True}.get(status or ""),
        fixed=fixed,
        past=past,
        past_from_years=past_from_years,
        not_used=tuple(not_used),
    )


def _visits(
    person: Person, hologic_bmd: Mapping[tuple[dt.date, Site], float], not_used: list[str]
) -> tuple[Visit, ...]:
    """The scans that the fit can use, the oldest first; adds the others to ``not_used``."""
    latest = person.latest_scan
    visits = []
    for scan in sorted(person.scans, key=lambda one: one.date):
        age = person.age_years - ((latest.date - scan.date).days / DAYS_PER_CALENDAR_YEAR if latest else 0.0)
        hologic = "hologic" in (scan.device or "").casefold()
        found: dict[SiteName, list[float]] = {}
        for one in scan.sites:
            if one.site == "radius_33":
                not_used.append(f"{scan.date} {one.site}: the bone model does not follow this site")
                continue
            given = hologic_bmd.get((scan.date, one.site))
            bmd = given if given is not None else one.bmd_g_cm2 if hologic else None
            if bmd is None:
                reason = "no BMD is printed" if one.bmd_g_cm2 is None else "not measured on a Hologic scanner"
                not_used.append(f"{scan.date} {one.site}: {reason}, and no converted value was given")
                continue
            found.setdefault(one.site, []).append(bmd)
        own = scan.precision_g_cm2 or {}
        precision = {site: float(own[site]) for site in SITES if site in own}
        if found and age < YOUNGEST_YEARS:
            not_used.append(f"{scan.date}: taken before the age of {YOUNGEST_YEARS:g}")
        elif found:
            visits.append(Visit(age, {site: sum(each) / len(each) for site, each in found.items()}, precision))
    return tuple(visits)


def _fixed(person: Person) -> dict[str, float]:
    """The bone model's traits that the record states; what is not recorded keeps the model's default."""
    history, labs = person.history, person.labs
    known = {
        "smoking": history.smoking == "current",
        "alcohol_excess": (history.alcohol_units_per_day or 0.0) > MUCH_ALCOHOL_UNITS,
        "inactivity": bool(history.physically_inactive),
        "inflammatory_disease": bool(history.rheumatoid_arthritis),
    }
    found = {name: 1.0 for name, present in known.items() if present}
    replete = (labs.vitamin_d_nmol_l or 0.0) >= REPLETE_VITAMIN_D_NMOL_L
    if replete and (history.calcium_intake_mg_per_day or 0.0) >= REPLETE_CALCIUM_MG:
        found["calcium_deficit"] = 0.0
    if history.surgical_menopause and person.menopause_age_years is not None:
        found["surgical_menopause"] = 1.0
    early, late = USUAL_MENOPAUSE_YEARS
    surgical = "surgical_menopause" in found  # the date of an operation is not misremembered by years
    age = person.menopause_age_years
    if age is not None and (surgical or not early <= age <= late):
        found["menopause_age"] = float(age)
    return found
