"""What to measure again, and when: the next scan, height, blood tests, and the review of a medicine."""

from __future__ import annotations

import datetime as dt

from osteon.care.builder_exit import builder_ended
from osteon.care.denosumab import EXIT_SOURCES, denosumab_exit
from osteon.care.denosumab_followed import denosumab_followed
from osteon.care.facts import Facts
from osteon.care.result import MonitoringStep
from osteon.care.standing_diagnosis import counts_as_osteoporosis
from osteon.densitometry.result import Densitometry
from osteon.evidence import value
from osteon.person import DAYS_PER_YEAR, Person, Treatment, bone_medicines_taken, clock, takes, years_since_scan

_ORAL = ("alendronate", "risedronate", "ibandronate")


def monitoring(person: Person, densitometry: Densitometry) -> tuple[MonitoringStep, ...]:
    """What to measure again for one person, the next scan first unless something cannot wait.

    What cannot wait is the medicine after denosumab, blood calcium out of its range, and the medicine after a bone
    builder, in this order: calcium is set right before any other medicine.

    Parameters
    ----------
    person
        The record.
    densitometry
        What the latest scan says.
    """
    facts = Facts(person, densitometry)
    taken = bone_medicines_taken(person)
    now = [one for one in person.treatments if one.stop is None and one.therapy in taken]
    steps = [
        *_denosumab_exit(person),
        *_calcium(facts),
        *_builder_ended(facts),
        *denosumab_followed(person),
        _next_scan(facts, on_treatment=bool(now)),
        _height(),
    ]
    if person.labs.vitamin_d_nmol_l is not None and facts.holds("vitamin_d<sufficient").yes:
        why = f"It was {person.labs.vitamin_d_nmol_l:g} nmol/L, below {value('care.vitamin_d.sufficient'):g}."
        steps.append(_step("Vitamin D", "after correction, and before any infusion", None, why, "bhof2022"))
    steps.extend(step for one in now for step in _medicine(one, facts))
    return tuple(_overdue(step, person) for step in steps)


def _overdue(step: MonitoringStep, person: Person) -> MonitoringStep:
    """The step as due now where the time that it names has passed since the scan."""
    scan, years = person.latest_scan, step.years_from_scan
    if scan is None or not years or years > years_since_scan(person):
        return step
    due = scan.date + dt.timedelta(days=years * DAYS_PER_YEAR)
    return step.model_copy(
        update={"when": f"now: due since {due:%B %Y} (planned: {step.when})", "years_from_scan": 0.0}
    )


def _step(what: str, when: str, years: float | None, why: str, *sources: str) -> MonitoringStep:
    return MonitoringStep(what=what, when=when, years_from_scan=years, why=why, sources=sources)


def _denosumab_exit(person: Person) -> tuple[MonitoringStep, ...]:
    """The medicine after denosumab, before any other step: now when it has ended, planned while it goes on."""
    why = denosumab_exit(person)
    if not why:
        return ()
    what = "Follow-on medicine after denosumab"
    if takes(person, "denosumab"):
        return (_step(what, "plan it before the last injection", None, why, *EXIT_SOURCES),)
    return (_step(what, "now", 0.0, why, *EXIT_SOURCES),)


def _builder_ended(facts: Facts) -> tuple[MonitoringStep, ...]:
    """The medicine that has to keep the gain of a bone builder, where one ended and nothing after it is on record."""
    ended = builder_ended(facts.person)
    if ended is None:
        return ()
    name, last = ended
    # No guideline was read for the years before the menopause, or for men under 50.
    guided = facts.holds("postmenopausal or man and woman or age>=50").yes
    when = "now" if guided else "now, as a specialist decides"
    why = f"{name.capitalize()} ended in {last:%B %Y} and nothing after it is on record: its gain is lost without that."
    return (_step(f"Follow-on medicine after {name}", when, 0.0, why, "es2019_report", "cohen2015_tptd_stop"),)


def _next_scan(facts: Facts, *, on_treatment: bool) -> MonitoringStep:
    what, score = "Bone-density scan", facts.densitometry.lowest_t_score
    if facts.densitometry.diagnosis == "undetermined":
        return _step(what, "now", 0.0, "There is no usable scan yet.", "uspstf2025")
    if on_treatment:
        low, high = value("es.on_treatment_scan_low"), value("es.on_treatment_scan_high")
        why = "A bone medicine is being taken, and its effect should be seen."
        return _step(what, f"every {low:g} to {high:g} years", high, why, "es2020")
    if counts_as_osteoporosis(facts):
        return _treat_first(facts, what)
    if facts.holds("glucocorticoids").yes:
        return _on_steroids(facts, what, score)
    studied = facts.person.sex == "female" and facts.person.age_years >= value("care.gourlay.age_min")
    if studied and score is not None:
        return _by_t_score(facts, what, score)
    return _unstudied(facts, what)


def _treat_first(facts: Facts, what: str) -> MonitoringStep:
    """No scan is planned where osteoporosis stands, by density or by another rule, and no medicine is taken."""
    by_density = facts.holds("osteoporosis").yes
    found = "Osteoporosis" if by_density else "A fracture or the FRAX result counts as osteoporosis here"
    low, high = value("es.on_treatment_scan_low"), value("es.on_treatment_scan_high")
    why = (
        f"{found}, and no medicine is taken: the question of treatment comes before the next scan. With a medicine, "
        f"a scan every {low:g} to {high:g} years shows its effect."
    )
    return _step(what, "decide on treatment now", None, why, "es2020")


def _on_steroids(facts: Facts, what: str, score: float | None) -> MonitoringStep:
    """Bone is lost fast on steroids, whatever the age, the sex and the state of the menopause."""
    group = "low" if score is not None and score <= value("gc.rescan.low.t_score_at_most") else "other"
    first, last = value(f"gc.rescan.{group}.years_low"), value(f"gc.rescan.{group}.years_high")
    span = f"{first:g} to {last:g} years" if first >= 1 else f"{first * 12:.0f} to {last * 12:.0f} months"
    when = f"in {span} while the steroid is taken"
    limit = value("gc.rescan.under_age")
    why = (
        "Bone is lost fast on steroids. The interval is an older society's, for people under "
        f"{limit:g} without a fracture."
    )
    if beyond := _beyond_the_table(facts):
        why += f" It is carried over to this person, who {beyond}."
    return _step(what, when, last, why, "nos_steroids_osteoed")


def _beyond_the_table(facts: Facts) -> str:
    """What puts a person outside those for whom the interval on steroids was given; empty for the others."""
    limit = value("gc.rescan.under_age")
    older = f"is {limit:g} or older" if facts.person.age_years >= limit else ""
    broken = "has broken a bone" if facts.holds("fracture").yes else ""
    return " and ".join(filter(None, (older, broken)))


def _unstudied(facts: Facts, what: str) -> MonitoringStep:
    """People for whom no study of intervals was read: men, and women under the age of the one study."""
    why = "No study of intervals was read for this age and sex; the time depends on the risks and on the first result."
    if facts.holds("postmenopausal").yes:
        years = value("acog.rescan_min_years")
        when = f"not before {years:g} years, and then where a threshold of treatment is near or the risks have changed"
        return _step(what, when, years, why, "acog2021")
    years = value("acr_wisely.rescan_min_years")
    when = f"not before {years:g} years, unless bone may be lost fast"
    if facts.densitometry.diagnosis == "below-expected-for-age":
        when = f"as the cause that is found asks for; without one not before {years:g} years"
    why += " Sooner, most changes are smaller than the scanner's error."
    return _step(what, when, years, why, "acr_choosing_wisely")


def _by_t_score(facts: Facts, what: str, score: float) -> MonitoringStep:
    if score <= -2.0:
        group, when = "advanced", "in about a year"
    elif score <= -1.5:
        group, when = "moderate", "in about five years"
    else:
        group, when = ("mild" if score < -1.0 else "normal"), "in about fifteen years, sooner if a new risk appears"
    years = value(f"gourlay2012.interval.{group}")
    why = f"One in ten women of 67 or over with such a T-score reached osteoporosis in {years:g} years."
    if facts.holds("fracture").yes:
        why += " A fracture shortens this; the study left out women with a hip or spine fracture."
    # Beyond fifteen years the study extrapolates, so no longer interval is proposed.
    return _step(what, when, min(years, 15.0), why, "gourlay2012_interval")


def _height() -> MonitoringStep:
    why = "Losing height can be the only sign of a spine fracture."
    return _step("Height", "at every visit", None, why, "canada2023")


def _calcium(facts: Facts) -> list[MonitoringStep]:
    """Calcium out of its range comes before any medicine, and its cause before the calcium."""
    found, parathyroid = facts.person.labs.calcium_mmol_l, facts.person.labs.pth_pmol_l
    if found is None:
        return []
    for side, limit in (("high", value("care.calcium.high")), ("low", value("care.calcium.low"))):
        if (found > limit) if side == "high" else (found < limit):
            beside = "" if parathyroid is None else f" Parathyroid hormone was {parathyroid:g} pmol/L."
            why = f"It was {found:g} mmol/L, {'above' if side == 'high' else 'below'} {limit:g}.{beside}"
            if parathyroid is None:
                why += " Measure parathyroid hormone with it."
            sources = ("calcium_range_uk", "aace2010_tests")
            return [_step(f"Cause of the {side} blood calcium", "now, before any medicine", 0.0, why, *sources)]
    return []


def _years_on(treatment: Treatment, day: dt.date | None) -> float | None:
    if treatment.start is None:
        return None
    until = day or clock.today()
    return max((until - treatment.start).days / DAYS_PER_YEAR, 0.0)


def _medicine(treatment: Treatment, facts: Facts) -> list[MonitoringStep]:
    years = _years_on(treatment, facts.densitometry.scan_date)
    name = treatment.therapy
    if name in _ORAL or name == "zoledronate":
        limit = value("bp.review_iv_years" if name == "zoledronate" else "bp.review_oral_years")
        steps = [_review(name, years, limit)]
        if name == "zoledronate":
            why = "Weak kidneys rule the next infusion out, and low calcium has to be corrected first."
            steps.append(_step("Kidney function and calcium", "before every infusion", None, why, "label_zoledronate"))
        return steps
    if name == "denosumab":
        months = value("denosumab.interval_months")
        why = "A late injection brings spine fractures; the plan for the end is made before it is needed."
        when = f"every {months:g} months, on time"
        return [
            _step("Denosumab injection", when, None, why, "label_denosumab", "cummings2018_dmab_stop"),
            _step(
                "Calcium", "before each injection", None, "It can fall, most in kidney disease.", "fda2024_denosumab"
            ),
        ]
    if name in ("teriparatide", "abaloparatide"):
        why = "Its gain is lost when it ends and no medicine follows."
        sources = ("es2019_report", "dose_label_teriparatide")
        plan = _step(f"Plan for what follows {name}", "before the last dose", None, why, *sources)
        steps = [_review(name, years, value("tptd.limit_years")), plan]
        if name == "abaloparatide":
            why = "The European label ends it earlier than the American one."
            when = f"after {value('care.abaloparatide_months.eu_limit'):g} months of use"
            steps.append(_step("End of abaloparatide in Europe", when, None, why, "label_abaloparatide_eu"))
        return steps
    if name == "romosozumab":
        why = f"It ends after {value('romo.doses'):g} doses and must be followed by another medicine."
        return [_step("Plan for what follows romosozumab", "before the last dose", None, why, "label_romosozumab")]
    return []


def _review(name: str, years: float | None, limit: float) -> MonitoringStep:
    what, sources = f"Review of {name}", ("bp_review_2015", "es2020")
    if name in ("teriparatide", "abaloparatide"):
        sources = ("label_teriparatide", "label_abaloparatide")
    if years is None:
        return _step(what, f"after {limit:g} years of use", None, "When it was started is not recorded.", *sources)
    if years >= limit:
        why = f"Taken for about {years:.1f} years; a review is due from {limit:g}."
        return _step(what, "now", 0.0, why, *sources)
    why = f"Taken for about {years:.1f} of {limit:g} years."
    return _step(what, f"in {limit - years:.1f} years", limit - years, why, *sources)
