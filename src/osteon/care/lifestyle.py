"""Who the lifestyle options and supplements are for, with this person's own numbers in the reasons."""

from __future__ import annotations

from dataclasses import dataclass

from osteon.care.facts import Facts
from osteon.care.guidelines import advice_for
from osteon.care.intake import calcium_row, calcium_target_mg, vitamin_d_target_iu
from osteon.care.result import Eligible, Standing
from osteon.evidence import value

ALCOHOL_LIMIT = "care.alcohol.excess_units"
VITAMIN_D_SUFFICIENT = "care.vitamin_d.sufficient"
PRESCRIPTION = (
    "exercise.strength.days",
    "exercise.strength.sets",
    "exercise.strength.repetitions_low",
    "exercise.strength.repetitions_high",
    "exercise.balance.minutes_low",
    "exercise.balance.minutes_high",
    "exercise.balance.hours_a_week",
    "exercise.aerobic.minutes_a_week",
    "exercise.aerobic.days_low",
    "exercise.aerobic.days_high",
)
TRIAL = ("liftmor.sets", "liftmor.repetitions", "liftmor.percent_of_maximum")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a lifestyle option stands for a person."""

    standing: Standing
    eligible: Eligible
    recommendation: str
    reasons: tuple[str, ...]
    checks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def stop_smoking(facts: Facts) -> Verdict:
    """Advised to smokers; does not apply to others."""
    smoking = facts.person.history.smoking
    if smoking == "current":
        reasons = ("Smokes now. Stopping helps bone, heart and lungs, and nothing speaks against it.",)
        return Verdict("advised", True, "Advised: stop smoking, with help.", reasons)
    if smoking is None:
        return Verdict("unclear", "uncertain", "Ask about smoking.", ("Smoking is not recorded.",), checks=("smoking",))
    word = "You do not smoke." if smoking == "never" else "You do not smoke any more."
    return Verdict("not now", False, f"Not needed. {word}", (word,))


def less_alcohol(facts: Facts) -> Verdict:
    """Advised above the intake at which fracture risk rises."""
    units = facts.person.history.alcohol_units_per_day
    limit = value(ALCOHOL_LIMIT)
    if units is None:
        return Verdict(
            "unclear",
            "uncertain",
            "Ask about alcohol.",
            ("Alcohol intake is not recorded.",),
            checks=("alcohol intake",),
        )
    if units >= limit:
        reasons = (f"Drinks about {units:.3g} units a day; fracture risk rises from about {limit:g} a day.",)
        return Verdict("advised", True, "Advised: drink less.", reasons, sources=(ALCOHOL_LIMIT,))
    amount = f"about {units:.2g} {'unit' if units == 1 else 'units'} a day" if units else "no alcohol"
    below = f", below the {limit:g} units at which fracture risk rises" if units else ""
    reasons = (f"You drink {amount}{below}.",)
    return Verdict("not now", False, f"Not needed. {reasons[0]}", reasons, sources=(ALCOHOL_LIMIT,))


def exercise(facts: Facts) -> Verdict:
    """For nearly everyone; supervised and without impact where the spine is fragile or a fall is likely."""
    history = facts.person.history
    reasons = ["Loads the bones, trains balance and muscle, and costs little."]
    checks: list[str] = []
    if history.physically_inactive:
        reasons.insert(0, "Is inactive now, so has the most to gain. Start low and build up.")
    elif history.physically_inactive is None:
        checks.append("present activity")
    spine = facts.holds("fracture:spine")
    if spine.yes:
        reasons.append("Has had a spine fracture: no loaded bending or twisting; begin with a physiotherapist.")
    elif spine.yes is None or facts.densitometry.diagnosis == "osteoporosis":
        checks.append("an unnoticed spine fracture, before heavy or jumping exercise")
    if (history.falls_last_year or 0) > 0:
        reasons.append("Has fallen in the past year: put balance training first.")
    reasons += _prescription()
    sources: tuple[str, ...] = PRESCRIPTION
    low = facts.densitometry.diagnosis in ("osteopenia", "osteoporosis")
    if low and facts.person.sex == "female" and not spine.yes:
        reasons.append(
            f"Heavier, as in the trial, only under supervision and when no spine fracture is likely: "
            f"{value('liftmor.sets'):g} sets of {value('liftmor.repetitions'):g} lifts above "
            f"{value('liftmor.percent_of_maximum'):g} % of the most that can be lifted once."
        )
        sources = (*sources, *TRIAL)
    before_menopause = facts.holds("woman and not postmenopausal").yes
    if before_menopause and (history.periods_absent or (history.eating_disorder and history.periods_absent is None)):
        reasons.insert(0, "Where periods are absent or little is eaten, much exercise can be a cause of the loss.")
        checks.insert(0, "how much exercise is done now, and whether periods come")
        settle = "To settle first: whether exercise is part of the cause. Weight and food come before more of it."
        return Verdict("consider", "uncertain", settle, tuple(reasons), tuple(checks), (*sources, "es2017_fha"))
    recommendation = "Advised: strength, impact and balance training."
    return Verdict("advised", True, recommendation, tuple(reasons), tuple(checks), sources)


def _prescription() -> list[str]:
    """How often, how much and how hard, by the consensus for people with osteoporosis; each number a row."""
    days, sets, low, high, least, most, hours, week, from_days, to_days = (f"{value(name):g}" for name in PRESCRIPTION)
    strength = (
        f"Strength, at least {days} days a week: one exercise for each large muscle group, {sets} sets of {low} to "
        f"{high} repetitions. More than {high} are too easy, fewer than {low} too hard."
    )
    balance = f"Balance, {least} to {most} minutes a day, {hours} hours a week; standing still first, then moving."
    aerobic = (
        f"Walking, dancing and the like on {from_days} to {to_days} days a week, with effort; {week} minutes of "
        "exercise a week at least, ten at a time if need be."
    )
    return [strength, balance, aerobic]


def calcium_vitamin_d(facts: Facts) -> Verdict:
    """To fill a gap in the diet or a low vitamin D; not a treatment for those who have enough."""
    person = facts.person
    intake, level = person.history.calcium_intake_mg_per_day, person.labs.vitamin_d_nmol_l
    target, enough = calcium_target_mg(person), value(VITAMIN_D_SUFFICIENT)
    sources = (calcium_row(person), VITAMIN_D_SUFFICIENT)
    if facts.holds("calcium>high").yes:
        reason = (
            f"Blood calcium is {person.labs.calcium_mmol_l:g} mmol/L, above normal: find the cause before any calcium."
        )
        return Verdict("not suitable", False, "Not before the high blood calcium is explained.", (reason,))
    reasons: list[str] = []
    checks: list[str] = []
    gap = False
    if intake is None:
        checks.append("calcium intake from food")
    elif intake < target:
        gap = True
        reasons.append(
            f"Gets about {intake:g} mg calcium a day; the target is {target:g} mg from all sources, food first."
        )
    else:
        reasons.append(f"Gets about {intake:g} mg calcium a day, which meets the target of {target:g} mg.")
    if level is None:
        checks.append("vitamin D (25-hydroxyvitamin D)")
    elif level < enough:
        gap = True
        dose = vitamin_d_target_iu(person)
        reasons.append(
            f"Vitamin D is {level:g} nmol/L, below {enough:g}: correct it before any bone medicine, "
            f"then at least {dose:g} IU a day."
        )
    else:
        reasons.append(f"Vitamin D is {level:g} nmol/L, which is enough; more has not been shown to help.")
    if gap:
        return Verdict("advised", True, "Advised: fill the gap, food first.", tuple(reasons), tuple(checks), sources)
    if checks and any(one.verdict == "for" and one.applies is True for one in advice_for(facts, "calcium_vitamin_d")):
        said = (f"Get {target:g} mg calcium a day, food first; a supplement only for what food leaves short.", *reasons)
        recommendation = "Advised: enough of both, food first; check intake and level before any supplement."
        return Verdict("advised", "uncertain", recommendation, said, tuple(checks), sources)
    if checks:
        said = (*reasons, f"Target: {target:g} mg calcium a day from all sources, food first.")
        return Verdict("unclear", "uncertain", "Check the intake and the level first.", said, tuple(checks), sources)
    return Verdict("not now", False, "No supplement is needed at present.", tuple(reasons), (), sources)


LIFESTYLE = {
    "stop_smoking": stop_smoking,
    "less_alcohol": less_alcohol,
    "exercise": exercise,
    "calcium_vitamin_d": calcium_vitamin_d,
}
