"""The options for one person, side by side: what guidelines and trials say, who must not, and what to check.

Every therapy of :data:`osteon.evidence.THERAPIES` gets one option, whether or not it suits, so that nobody wonders
what was left out. The clinical knowledge is in tables (``guideline_rules.csv``, ``drug_cautions.csv``,
``drug_cards.csv``); this file only weighs them.
"""

from __future__ import annotations

from collections.abc import Iterable

from osteon.care.cards import cards
from osteon.care.cautions import Cautions, cautions_for
from osteon.care.denosumab import EXIT_SOURCES, FOLLOW_ON, denosumab_exit
from osteon.care.facts import Facts
from osteon.care.guidelines import GROUPS, advice_for
from osteon.care.lifestyle import LIFESTYLE
from osteon.care.not_now import not_after_denosumab, nothing_is_needed, open_checks, why_not_now
from osteon.care.result import Eligible, GuidelineAdvice, Option, Standing, place_called
from osteon.care.standing_diagnosis import counts_as_osteoporosis
from osteon.care.wording import listed
from osteon.densitometry.result import Densitometry
from osteon.evidence import THERAPIES
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.person import Person, bone_medicines_taken, takes
from osteon.risk.result import FractureRisk

# What helps nearly everyone comes first, then doing nothing, then medicines by how well each stands for the person
# and, within that, in the order in which the guidelines name them; cell therapy is last and never among the medicines.
_GROUP_ORDER = {"lifestyle": 0, "supplement": 0, "none": 1, "antiresorptive": 2, "anabolic": 2, "cell therapy": 3}
_STANDING_ORDER: dict[Standing, int] = {
    "advised": 0,
    "consider": 1,
    "trial": 2,
    "unclear": 3,
    "baseline": 3,
    "not now": 4,
    "not suitable": 5,
    "experimental": 6,
}
_DRUG_ORDER = (
    "zoledronate",
    "alendronate",
    "risedronate",
    "ibandronate",
    "denosumab",
    "hormone_therapy",
    "raloxifene",
    "bazedoxifene",
    "romosozumab",
    "abaloparatide",
    "teriparatide",
)

# No guideline asks to start it today, which is not a reason to end it: a better scan may be its work.
_GOES_ON = "Takes it now: whether it goes on is decided at its review, not by this scan alone."

_RECOMMENDATION: dict[Standing, str] = {
    "advised": "Advised for this person by at least one guideline.",
    "consider": "An option to weigh together; no guideline read here puts it first.",
    "trial": "No guideline threshold is met, but a trial in people like this one found a benefit: worth discussing.",
    "unclear": "Cannot be judged yet: something that decides it is not in the record.",
}


def options(person: Person, densitometry: Densitometry, risks: Iterable[FractureRisk] = ()) -> tuple[Option, ...]:
    """Every therapy, weighed for one person, in a helpful order.

    Parameters
    ----------
    person
        The record.
    densitometry
        What the bone-density scan says.
    risks
        Fracture risks. Rules with the 20 %/3 % threshold use a ten-year result of a tool named ``FRAX...`` only:
        a threshold belongs to the tool that it was set for.

    Returns
    -------
    tuple of Option
        One for each name of ``osteon.evidence.THERAPIES``.
    """
    facts = Facts(person, densitometry, risks)
    found = [_option(facts, name) for name in THERAPIES]
    follow_on = FOLLOW_ON if denosumab_exit(person) else ()
    return tuple(sorted(found, key=lambda option: _place(option, follow_on)))


def _place(option: Option, follow_on: tuple[str, ...]) -> tuple[int, int, int]:
    drug = _DRUG_ORDER.index(option.therapy) if option.therapy in _DRUG_ORDER else 0
    group = _GROUP_ORDER[option.group]
    if option.therapy in follow_on and option.eligible is not False:
        group = -1  # after denosumab nothing is more pressing than the medicine that follows it
    if group == 0 and option.standing in ("not now", "not suitable"):
        group = 1  # a lifestyle option that does not apply steps behind those that do
    return group, _STANDING_ORDER[option.standing], drug


def _option(facts: Facts, name: str) -> Option:
    group = THERAPIES[name].group
    if group in ("lifestyle", "supplement"):
        return _lifestyle(facts, name)
    if group == "none":
        return _no_treatment(facts, name)
    if group == "cell therapy":
        return _assemble(facts, name, "experimental", False, _EXPERIMENTAL, _EXPERIMENTAL_REASONS, ())
    return _medicine(facts, name)


_BASELINE = "The comparison: what to expect without treatment, with a new scan at the right time."
_EXPERIMENTAL = "Not a treatment: only inside a regulated trial that asks no fee."
_EXPERIMENTAL_REASONS = (
    "On the evidence found, no cell therapy has been shown to raise bone density or prevent fracture in osteopenia.",
    "No regulator whose position was read has approved a cell product for low bone density.",
)


_UNSAFE_BASELINE = "Not a safe choice: denosumab must not end without another medicine after it. See a bone specialist."


def _no_treatment(facts: Facts, name: str) -> Option:
    leaving = denosumab_exit(facts.person)
    weigh = cautions_for(facts, name).weigh
    if not leaving:
        return _assemble(facts, name, "baseline", True, _BASELINE, (*weigh, *_baseline_reasons(facts)), ())
    option = _assemble(facts, name, "baseline", False, _UNSAFE_BASELINE, (leaving, *weigh), ())
    sources = tuple(dict.fromkeys((*EXIT_SOURCES, *option.evidence.sources)))
    return option.model_copy(update={"evidence": option.evidence.model_copy(update={"sources": sources})})


def _baseline_reasons(facts: Facts) -> tuple[str, ...]:
    if counts_as_osteoporosis(facts) or facts.holds("fracture:hip/spine").yes:
        return ("The scan or a fracture puts this person in the group that guidelines treat.",)
    if facts.densitometry.diagnosis == "undetermined":
        return ("There is no diagnosis by bone density yet, so nobody can say whether waiting is safe.",)
    if facts.holds("builder ended").yes:
        return ("A bone builder has ended, and its gain is lost unless another medicine follows.",)
    if bone_medicines_taken(facts.person):
        return ("A bone medicine is taken now, so this would end it: that is decided at its review.",)
    if any(
        _here(one) == "for" and one.applies is True for name in GROUPS["all_drugs"] for one in advice_for(facts, name)
    ):
        return ("A guideline advises a medicine for this person: to go without one is a decision to take together.",)
    return ("Reasonable while the risk is low, if the next scan and the changeable risks are not forgotten.",)


def _lifestyle(facts: Facts, name: str) -> Option:
    verdict = LIFESTYLE[name](facts)
    option = _assemble(
        facts, name, verdict.standing, verdict.eligible, verdict.recommendation, verdict.reasons, verdict.checks
    )
    sources = tuple(dict.fromkeys((*option.evidence.sources, *verdict.sources)))
    return option.model_copy(update={"evidence": option.evidence.model_copy(update={"sources": sources})})


def _medicine(facts: Facts, name: str) -> Option:
    cautions = cautions_for(facts, name)
    advice = advice_for(facts, name)
    standing = _standing(facts, name, cautions, advice)
    goes_on = standing == "not now" and takes(facts.person, name) and not not_after_denosumab(facts, name)
    if goes_on:
        standing = "consider"
    eligible: Eligible = "uncertain" if standing == "unclear" or cautions.unknown or cautions.first else True
    if standing in ("not suitable", "not now"):
        eligible = False
    reasons = (*cautions.against, *_used(facts, name), *_because(facts, advice, standing))
    if standing == "not now":
        reasons = (*why_not_now(facts, name), *reasons)
    # What has to be settled stands before what speaks for it: who reads one reason only must not miss it.
    first = () if standing in ("not suitable", "not now") else cautions.first
    if standing not in ("not suitable", "not now"):
        reasons = (*first, *reasons, *cautions.weigh)
        if cautions.unknown:
            reasons = (*reasons, f"Not in the record, look up first: {listed(cautions.unknown)}.")
    checks = open_checks(facts) if standing == "not now" else (*cautions.unknown, *cautions.checks)
    recommendation = _GOES_ON if goes_on else _recommendation(standing, reasons[0])
    if standing == "consider" and not goes_on:
        recommendation = _advised_elsewhere(facts, advice) or recommendation
    option = _assemble(facts, name, standing, eligible, recommendation, reasons, checks, advice)
    return option.model_copy(update={"settle_first": first})


def _recommendation(standing: Standing, first_reason: str) -> str:
    """One sentence for the standing; what is set aside says at once why."""
    if standing == "not now":
        return f"Not now. {first_reason}"
    if standing == "not suitable":
        return f"Not suitable. {first_reason}"
    return _RECOMMENDATION[standing]


def _advised_elsewhere(facts: Facts, advice: tuple[GuidelineAdvice, ...]) -> str:
    """That other countries advise it, where no guideline of this person's own does; empty where none does."""
    away = (one for one in advice if one.applies is True and one.verdict == "for" and not one.at_home)
    there = list(dict.fromkeys(place_called(one.country) for one in away))
    if not there:
        return ""
    here = "no guideline read here for this person's country advises it"
    if facts.person.country is None:
        here = "the country of this person is not in the record, and its own guideline may say otherwise"
    return f"An option to weigh together. It is advised in {listed(there)}; {here}."


def _used(facts: Facts, name: str) -> tuple[str, ...]:
    if takes(facts.person, name):
        return ("Takes it now.",)
    return ("Has taken it before.",) if facts.holds(f"ever:{name}").yes else ()


def _because(facts: Facts, advice: tuple[GuidelineAdvice, ...], standing: Standing) -> tuple[str, ...]:
    now = _in_order([one for one in advice if one.applies is True and one.verdict != "note"])
    # Rows of one guideline that differ only in who triggers them read alike: they are said once.
    reasons = list(dict.fromkeys(one.sentence for one in now))
    if any(one.verdict == "against" for one in now) and any(one.verdict in ("for", "may") for one in now):
        reasons.append("The guidelines disagree here; both are shown.")
    pending = (one for one in advice if one.applies is not True and one.verdict in ("for", "may", "trial"))
    needed = list(dict.fromkeys(name for one in pending for name in one.missing))
    if standing == "unclear":
        reasons.append(f"Would settle it: {listed(needed)}." if needed else "There is no bone-density diagnosis yet.")
    elif needed and standing in ("consider", "trial"):
        reasons.append(f"Could change it: {listed(needed)}.")
    return tuple(reasons)


_SUPPORT = ("for", "may", "trial")


def _here(advice: GuidelineAdvice) -> str:
    """What a row says of a therapy for this person: what another country advises is to be weighed here."""
    return "may" if advice.verdict == "for" and not advice.at_home else advice.verdict


def _in_order(rows: list[GuidelineAdvice]) -> list[GuidelineAdvice]:
    """What gives an option its standing first, then at once what speaks against it, then the rest."""
    support = sorted((one for one in rows if one.verdict in _SUPPORT), key=lambda one: _SUPPORT.index(_here(one)))
    return [*support[:1], *(one for one in rows if one.verdict not in _SUPPORT), *support[1:]]


def _standing(facts: Facts, name: str, cautions: Cautions, advice: tuple[GuidelineAdvice, ...]) -> Standing:
    if cautions.against:
        return "not suitable"
    if not_after_denosumab(facts, name):
        return "not now"
    now = {_here(one) for one in advice if one.applies is True}
    maybe = {one.verdict for one in advice if one.applies is not True}
    if "for" in now:
        return "advised"
    if "may" in now:
        return "consider"
    if "trial" in now:
        return "trial"
    if facts.densitometry.diagnosis == "undetermined":
        return "unclear"
    return "unclear" if maybe & {"for", "may", "trial"} and not nothing_is_needed(facts) else "not now"


def _assemble(  # noqa: PLR0917 - the parts of one option, in the order in which it is read
    facts: Facts,
    name: str,
    standing: Standing,
    eligible: Eligible,
    recommendation: str,
    reasons: tuple[str, ...],
    checks: tuple[str, ...],
    advice: tuple[GuidelineAdvice, ...] | None = None,
) -> Option:
    card, therapy = cards()[name], THERAPIES[name]
    rows = advice_for(facts, name) if advice is None else advice
    cautions = cautions_for(facts, name)
    diagnosis = "osteoporosis" if facts.holds("osteoporosis").yes else facts.densitometry.diagnosis
    medicine = therapy.group in MEDICINE_GROUPS
    evidence = card.evidence_for(diagnosis, facts.person.sex, premenopausal=medicine and facts.before_menopause)
    sources = (*evidence.sources, *(one.source for one in rows), *cautions.sources)
    return Option(
        therapy=name,
        label=therapy.label,
        recommendation=recommendation,
        eligible=eligible,
        reasons=reasons,
        evidence=evidence.model_copy(update={"sources": tuple(dict.fromkeys(sources))}),
        group=therapy.group,
        standing=standing,
        guidelines=rows,
        checks=tuple(dict.fromkeys(checks)),
        harms=card.harms,
        burden=card.burden,
        on_stopping=card.on_stopping,
        hypothetical=therapy.hypothetical,
    )
