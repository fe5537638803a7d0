"""Cards for ``patient-view``: bone status, options, denosumab, and what the record lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from osteon.care import Option
from osteon.care.builder_exit import builder_ended
from osteon.care.old_scan import old_scan_warning
from osteon.densitometry import Densitometry
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.person import SITE_LABELS
from osteon.web.cds_hooks.assessment import Assessment, assess_chart
from osteon.web.cds_hooks.card import Card, Indicator, by_urgency, make_card
from osteon.web.cds_hooks.denosumab import denosumab_card
from osteon.web.cds_hooks.markdown import page, plain, section, sources_line
from osteon.web.cds_hooks.prefetch import Chart
from osteon.web.cds_hooks.screening import screening_card

_WORDS: dict[str, tuple[Indicator, str]] = {
    "normal": ("info", "Normal bone density"),
    "osteopenia": ("info", "Osteopenia (low bone mass) by density"),
    "osteoporosis": ("warning", "Osteoporosis by density"),
    "below-expected-for-age": ("warning", "Bone density below the range expected for age"),
    "within-expected-for-age": ("info", "Bone density within the range expected for age"),
}
_SUPPORTED: dict[str, str] = {
    "advised": "Advised by at least one guideline",
    "consider": "To weigh together",
    "trial": "A trial in people like this one found a benefit",
}


def patient_view_cards(hook_instance: UUID, chart: Chart) -> tuple[Card, ...]:
    """The cards for the chart that was opened, the most urgent first.

    Parameters
    ----------
    hook_instance
        Identifies the call.
    chart
        What the prefetch brought.
    """
    if chart.state == "child":
        return ()
    found = assess_chart(chart)
    warning = denosumab_card(hook_instance, chart)
    cards = [warning] if warning is not None else []
    if found is None or found.densitometry.scan_date is None:
        card: Card | None = nothing_to_assess(hook_instance, chart)
        if found is not None and "dxa" in chart.answered:  # the record was asked, and holds no scan
            asked = screening_card(hook_instance, found.person, chart.remarks)
            # Even where nobody asks for a scan, a broken hip that was sent and not read must not vanish.
            card = asked if asked is not None or not chart.remarks else card
        return by_urgency([*cards, card] if card is not None else cards)
    cards.append(_status(hook_instance, found))
    cards += [card for card in (_options(hook_instance, found), _missing(hook_instance, chart, found)) if card]
    return by_urgency(cards)


def nothing_to_assess(hook_instance: UUID, chart: Chart) -> Card:
    """The one card for a chart without a bone-density result that can be read."""
    unreadable = chart.state == "unreadable"
    summary = "Bone status not assessed: "
    if unreadable:
        summary += "the record that was sent cannot be read as it stands"
    elif chart.read is None:
        summary += "the request brought no patient data"
    else:
        summary += "no bone-density result that can be read was sent"
    return make_card(
        hook_instance,
        "missing",
        topic="missing-data",
        label="Osteon, data check",
        indicator="warning" if unreadable else "info",
        summary=summary,
        detail=page(
            plain(chart.problem) if chart.problem else "",
            section("Asked for and not sent", chart.lacking),
            section("Remarks on what was sent", chart.remarks, most=8),
        ),
    )


def site_phrase(densitometry: Densitometry) -> str:
    """The deciding site in words: ``left femoral neck``."""
    if densitometry.deciding_site is None:
        return ""
    side = f"{densitometry.deciding_side} " if densitometry.deciding_side in ("left", "right") else ""
    return side + SITE_LABELS[densitometry.deciding_site].casefold()


def _status(hook_instance: UUID, found: Assessment) -> Card:
    one = found.densitometry
    old = old_scan_warning(found.person)
    day = f"{one.scan_date}, an old scan" if old else str(one.scan_date)
    if one.diagnosis == "undetermined":
        indicator, summary = "info", "A bone-density scan is in the record, and it gives no category"
    else:
        indicator, words = _WORDS[one.diagnosis]
        score = one.lowest_t_score if one.rule == "T-score" else one.lowest_z_score
        summary = f"{words}: lowest {one.rule} {score:.1f} at the {site_phrase(one)} ({day})"
    return make_card(
        hook_instance,
        "status",
        topic="bone-status",
        label="Osteon, after the rules of WHO and ISCD",
        indicator="warning" if indicator == "warning" or found.standing or old else "info",
        summary=summary,
        detail=page(
            plain(one.reason),
            section("Beyond density", (stands.sentence for stands in found.standing)),
            _table(one),
            section("Be careful", filter(None, (old, *one.warnings))),
            section("Next for the measurement", one.advice),
            section("Change since the scan before", (change.sentence for change in one.changes)),
            sources_line([*one.sources, *(stands.source for stands in found.standing if stands.source)]),
        ),
    )


def _table(densitometry: Densitometry) -> str:
    rows = ["| Site | BMD, g/cm² | T-score | Z-score | Counts |", "| --- | --- | --- | --- | --- |"]
    for one in densitometry.sites:
        name = f"{SITE_LABELS[one.site]}{f', {one.side}' if one.side else ''}"
        name += f" ({', '.join(one.vertebrae)})" if one.vertebrae else ""
        numbers = (_shown(one.bmd_g_cm2, 3), _shown(one.t_score, 1), _shown(one.z_score, 1))
        rows.append(f"| {name} | {' | '.join(numbers)} | {'yes' if one.used_for_diagnosis else 'no'} |")
    return "\n".join(rows)


def _shown(number: float | None, places: int) -> str:
    return "–" if number is None else f"{number:.{places}f}"


def _options(hook_instance: UUID, found: Assessment) -> Card | None:
    no_reason = found.densitometry.diagnosis in ("normal", "within-expected-for-age", "undetermined")
    if no_reason and not found.standing and builder_ended(found.person) is None:
        return None
    supported = [one for one in found.options.values() if one.standing in _SUPPORTED]
    medicines = [one for one in supported if one.group in MEDICINE_GROUPS]
    others = [one for one in supported if one.group not in MEDICINE_GROUPS]
    advised = [one for one in medicines if one.standing == "advised"]
    if medicines:
        named = advised or medicines
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        opening = "Advised by at least one guideline" if advised else "Medicines to weigh together"
        summary = f"{opening}: {', '.join(one.label for one in named[:3])}{more}"
    else:
        summary = "No bone medicine is supported by what is known so far; lifestyle options are listed"
    barred = [one for one in found.options.values() if one.standing == "not suitable" and one.group in MEDICINE_GROUPS]
    shown = [*medicines, *others]
    return make_card(
        hook_instance,
        "options",
        topic="options",
        label="Osteon, guideline and trial tables",
        indicator="info",
        summary=summary,
        detail=page(
            *_by_standing(shown, _line),
            section("Not suitable", (f"{one.label}: {' '.join(one.reasons[:1])}" for one in barred)),
            "Cell therapy is not among the options: no trial that was read has shown that it raises bone density or "
            "prevents fractures in osteopenia.",
            sources_line(name for one in shown for name in one.evidence.sources),
        ),
    )


def _by_standing(shown: Iterable[Option], line: Callable[[Option], str]) -> list[str]:
    items = list(shown)
    return [
        section(title, (line(one) for one in items if one.standing == standing))
        for standing, title in _SUPPORTED.items()
    ]


def _line(option: Option) -> str:
    known = {True: "no contraindication found", False: "not eligible", "uncertain": "eligibility not settled"}
    against = any(one.applies is True and one.verdict == "against" for one in option.guidelines)
    # What has to be settled, the reason, and where guidelines disagree the one that says no.
    reason = " ".join(option.reasons[: len(option.settle_first) + 1 + against])
    return f"{option.label} ({known[option.eligible]}; certainty {option.evidence.certainty}): {reason}".rstrip(": ")


def _missing(hook_instance: UUID, chart: Chart, found: Assessment) -> Card | None:
    weighed = sorted(
        found.options.values(), key=lambda one: one.group not in MEDICINE_GROUPS
    )  # what medicines need first
    rows = (row for one in weighed for row in one.guidelines if row.applies is not True and row.verdict != "note")
    decides = list(dict.fromkeys(name for row in rows for name in row.missing))
    supported = (one for one in weighed if one.standing in _SUPPORTED or one.standing == "unclear")
    checks = [name for name in dict.fromkeys(name for one in supported for name in one.checks) if name not in decides]
    if not (decides or chart.lacking or chart.remarks):
        return None
    first = f", first of all {decides[0]}" if decides else ""
    return make_card(
        hook_instance,
        "missing",
        topic="missing-data",
        label="Osteon, data check",
        indicator="info",
        summary=f"Not in what was sent, and it could change the advice{first}"
        if decides
        else "Some of what was asked for was not sent, or was read with remarks",
        detail=page(
            section("Could change which options are supported", decides, most=15),
            section("To look up before a medicine is chosen", checks, most=15),
            section("Asked for and not sent", chart.lacking),
            section("Remarks on what was sent", chart.remarks, most=8),
        ),
    )
