"""The risk factors of a person as every reader sees them: what, whether it can be changed, how much it matters."""

from __future__ import annotations

from dataclasses import dataclass

from osteon.care.result import BoneLosingMedicine, BoneSize, Changeable, FractureSize, RiskFactor
from osteon.person import History
from osteon.report.ahead import in_years_ahead
from osteon.report.result import Report
from osteon.report.risks import far_apart
from osteon.report.words import MINUS, first_small, in_100, number, people_in_100, percent, plain_list, sentence

CHANGEABLE_WORDS: dict[Changeable, str] = {
    "yes": "can be changed",
    "partly": "can be changed in part",
    "no": "cannot be changed",
}
LEAST_GAP_POINTS = 0.5
STEROIDS = "Glucocorticoids"
STEROID_ASK = "Record whether it is taken by mouth for three months or more, and the dose: the list alone does not say."
DOSE_ASK = "Record the dose a day: how much it matters depends on it."


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One risk factor on record, for the clinician. ``sizes`` is the three sizes as one sentence, for plain text."""

    label: str
    changeable: str
    major: str
    hip: str
    bone: str
    words: str
    sizes: str


def factor_rows(report: Report) -> tuple[FactorRow, ...]:
    """The risk factors that the record holds, those that matter most for fracture first."""
    if report.risk_profile is None:
        return ()
    present = [one for one in report.risk_profile.factors if one.state == "present"]
    return tuple(_row(one) for one in sorted(present, key=_rank))


def _rank(factor: RiskFactor) -> tuple[float, float]:
    """Those without a size last, in the order of the profile."""
    bone = factor.bone.difference_percent if factor.bone else 0.0
    return -max((abs(_gap(one)) for one in factor.fracture), default=0.0), bone


def _gap(size: FractureSize) -> float:
    return size.with_percent - size.without_percent


def _row(factor: RiskFactor) -> FactorRow:
    major, hip = (_with_without(factor, outcome) for outcome in ("major_osteoporotic", "hip"))
    bone = _bone(factor.bone) if factor.bone else ""
    sizes = []
    if major and hip:
        sizes.append(f"Major fracture in {factor.fracture[0].horizon_years} years {major}; hip {hip}.")
    if factor.bone and bone:
        sizes.append(f"Hip density in {factor.bone.years:g} years {bone}.")
    facts = (_detail(factor.finding), factor.effect, factor.action, factor.not_sized)
    return FactorRow(
        label=factor.label,
        changeable=CHANGEABLE_WORDS[factor.changeable],
        major=major,
        hip=hip,
        bone=bone,
        words=" ".join(map(sentence, filter(None, facts))),
        sizes=" ".join(sizes),
    )


def _with_without(factor: RiskFactor, outcome: str) -> str:
    return next((_pair(one) for one in factor.fracture if one.outcome == outcome), "")


def _pair(size: FractureSize) -> str:
    return f"{percent(size.with_percent)} with it, {percent(size.without_percent)} without"


def _bone(size: BoneSize) -> str:
    return f"{_signed(size.difference_percent)} % {size.compared}"


def _signed(value: float) -> str:
    text = number(value, 1).replace(f"{MINUS}0.0", "0.0")
    return text if text.startswith(MINUS) or text == "0.0" else f"+{text}"


def _detail(finding: str) -> str:
    """What a finding adds to its being present: ``41 nmol/L.`` of ``Yes: 41 nmol/L.``."""
    return finding.removeprefix("Yes").lstrip(":. ")


def factor_gaps(report: Report) -> tuple[tuple[str, str], ...]:
    """The factors that are not on record and would move the risk if they were known, the largest first."""
    if report.risk_profile is None:
        return ()
    found: list[tuple[float, str, str]] = []
    for one in report.risk_profile.factors:
        major = next((size for size in one.fracture if size.outcome == "major_osteoporotic"), None)
        if one.state != "unknown" or major is None or abs(_gap(major)) < LEAST_GAP_POINTS:
            continue
        found.append((abs(_gap(major)), one.label, _pair(major)))
    return tuple((label, pair) for _, label, pair in sorted(found, key=lambda entry: -entry[0]))


def factor_notes(report: Report) -> tuple[str, ...]:
    """What all changeable factors do together, and what the sizes are and are not."""
    profile = report.risk_profile
    if profile is None:
        return ()
    notes = [profile.sizes_note] if profile.sizes_note else []
    if profile.sizes_note and profile.together:
        major, hip = profile.together
        notes.insert(
            0,
            f"Without all the factors that can be changed: major fracture "
            f"{percent(major.without_percent)} instead of {percent(major.with_percent)}, hip fracture "
            f"{percent(hip.without_percent)} instead of {percent(hip.with_percent)}.",
        )
    return tuple(notes)


def medicine_rows(report: Report) -> tuple[tuple[str, str], ...]:
    """The medicines on the list that cost bone: each by name, and what is known of its class."""
    if report.risk_profile is None:
        return ()
    return tuple((one.name, _medicine_words(one, report.person.history)) for one in report.risk_profile.bone_losing)


def _medicine_words(one: BoneLosingMedicine, history: History) -> str:
    open_question = ""
    if one.drug_class == STEROIDS and history.glucocorticoids is None:
        open_question = f" {STEROID_ASK}"
    elif one.drug_class == STEROIDS and history.glucocorticoids and not history.glucocorticoid_prednisone_mg_per_day:
        open_question = f" {DOSE_ASK}"
    return f"{one.drug_class}. {sentence(one.effect)}{open_question}"


# the patient -----------------------------------------------------------------------------------------------------

PLAIN_FACTORS: dict[str, str] = {
    "parent_hip_fracture": "Your mother or father broke a hip",
    "parent_osteoporosis": "Your mother or father has weak bones",
    "smoking": "You smoke",
    "alcohol": "You drink more alcohol than is good for bone",
    "inactivity": "You do not move much",
    "low_weight": "You weigh little for your height",
    "calcium": "You get too little calcium",
    "vitamin_d": "You have too little vitamin D",
    "glucocorticoids": "You take steroid tablets",
    "aromatase_inhibitor": "You take a medicine that lowers your hormones",
    "androgen_deprivation": "You take a medicine that lowers your hormones",
    "epilepsy": "You have fits, or take a medicine for them",
    "antidepressants": "You take a medicine for low mood",
    "early_menopause": "Your menopause came early",
    "thyroid": "You have too much thyroid hormone",
    "parathyroid": "Glands in your neck take calcium from bone",
    "cushing": "Your body makes too much steroid",
    "rheumatoid_arthritis": "You have rheumatoid arthritis",
    "diabetes1": "You have type 1 diabetes",
    "diabetes2": "You have type 2 diabetes",
    "malabsorption": "Your gut does not take in food well",
    "eating_disorder": "You have or had trouble with eating, such as anorexia",
    "periods_absent": "Your periods have stopped",
    "liver": "You have a liver disease",
    "kidney": "Your kidneys are weak",
    "fracture": "You broke a bone in a small fall",
    "falls": "You fell more than once last year",
}
PLAIN_CHANGE: dict[Changeable, str] = {
    "yes": "This can be changed.",
    "partly": "This can be changed in part. Ask what can be done.",
    "no": "This cannot be changed, but it counts.",
}
SCAN_UNDERSTATES = {"diabetes2": "Your bones may break more easily than the scan says."}
"""What a factor does to the meaning of the scan, for the patient; the clinician reads it from the factor's own row."""

OF_GROUPS = "These numbers come from groups of people. To change something now may not win back all of it."
NEWER_SUM = "The new sum is still being tested."
PRESCRIBED = "Never stop a medicine on your own."
PLAIN_MEDICINE = "A medicine of this kind can cost bone. Ask if you still need it, and how much."


def plain_factors(report: Report) -> tuple[tuple[str, str], ...]:
    """The patient's risk factors: what it is, and what it means, in plain words."""
    if report.risk_profile is None:
        return ()
    present = [one for one in report.risk_profile.factors if one.state == "present"]
    factors = tuple((PLAIN_FACTORS[one.key], _plain(one)) for one in sorted(present, key=_rank))
    named = {one.key for one in present}
    unnamed = dict.fromkeys(
        one.name
        for one in report.risk_profile.bone_losing
        if not one.answers and not (one.drug_class == STEROIDS and "glucocorticoids" in named)
    )
    return (*factors, *((f"You take {name}", PLAIN_MEDICINE) for name in unnamed))


def plain_factor_lead(report: Report) -> str:
    """What the numbers of the list are compared with; empty when there are none."""
    factors = report.risk_profile.factors if report.risk_profile else ()
    majors = [one.fracture[0] for one in factors if one.state == "present" and one.fracture]
    if not majors:
        return ""
    now = in_100((majors[0].with_percent,) * 2).removesuffix(" in 100")
    apart = "The other sum is far from this, so take these numbers with care. " if far_apart(report.risk) else ""
    return (
        f"By the new sum, {now} of 100 people like you will break a wrist, hip, spine or shoulder "
        f"{in_years_ahead(report.person, majors[0].horizon_years)}. {apart}How many would it be without one of these?"
    )


def plain_factor_notes(report: Report) -> tuple[str, ...]:
    """What the patient should know about the numbers of the list."""
    profile = report.risk_profile
    if profile is None:
        return ()
    present = [one for one in profile.factors if one.state == "present"]
    notes = []
    if any(one.fracture for one in present):
        notes.append(f"{OF_GROUPS} {NEWER_SUM}")
    elif any(one.bone for one in present):
        notes.append(OF_GROUPS)
    if profile.bone_losing or any(one.group == "medicines" for one in present):
        notes.append(PRESCRIBED)
    return tuple(notes)


def _plain(factor: RiskFactor) -> str:
    parts = [PLAIN_CHANGE[factor.changeable]]
    if factor.key in SCAN_UNDERSTATES:
        parts.insert(0, SCAN_UNDERSTATES[factor.key])
    major = next((one for one in factor.fracture if one.outcome == "major_osteoporotic"), None)
    if major is not None:
        parts.append(_plain_fracture(major))
    if factor.bone is not None:
        parts.append(_plain_bone(factor))
    return " ".join(parts)


def _plain_fracture(size: FractureSize) -> str:
    now, without = people_in_100(size.with_percent), people_in_100(size.without_percent)
    if now == without:
        return "It changes the chance of a break by less than 1 in 100."
    return f"Without it: {in_100((size.without_percent, size.without_percent)).removesuffix(' in 100')}, not {now}."


def _plain_bone(factor: RiskFactor) -> str:
    if factor.bone is None:
        return ""
    lost = people_in_100(abs(factor.bone.difference_percent))
    if not lost:
        return "In our computer model it costs less than 1 % of the bone in your hip."
    verb = "costs" if factor.bone.difference_percent < 0 else "adds"
    length = "" if factor.key == "early_menopause" else f" in {factor.bone.years:g} years"
    return f"In our computer model it {verb} about {lost} % of the bone in your hip{length}."


def gap_sentence(report: Report) -> str:
    """The factors worth asking for, as one sentence; empty when there are none."""
    gaps = factor_gaps(report)
    if not gaps:
        return ""
    listed = plain_list(f"{first_small(label)} ({pair})" for label, pair in gaps)
    return f"Not on record, and would move the risk of a major fracture most: {listed}."
