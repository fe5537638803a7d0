"""Numbers and names as readers see them, the same on the page, in the PDF and in the terminal."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from osteon.person import DAYS_PER_YEAR, SITE_LABELS, Person, Side, Site

if TYPE_CHECKING:  # the words are needed by commands that start neither the risk tools nor the bone model
    from osteon.care.result import MonitoringStep, Option
    from osteon.densitometry.result import Diagnosis
    from osteon.risk.result import FractureRisk
    from osteon.twin.result import Projection, TherapyProjection

MINUS = "\N{MINUS SIGN}"
NOT_KNOWN = "\N{EN DASH}"

# What the bundled fonts hold: Latin, Greek and Cyrillic letters, punctuation, and the signs that a report uses.
_UNPRINTABLE = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u0148\u014a-\u017f\u0386-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026"
    "\u2030\u2032\u2033\u2039\u203a\u2070\u2074-\u208e\u20ac\u2122\u2190-\u2193\u2206\u2211\u2212\u221e\u2248\u2260"
    "\u2264\u2265]"
)

PLAIN_SITES: dict[Site, str] = {
    "lumbar_spine": "Lower back",
    "total_hip": "Whole hip",
    "femoral_neck": "Neck of the hip",
    "radius_33": "Forearm",
}

DIAGNOSIS_LABELS: dict[Diagnosis, str] = {
    "normal": "Normal bone density",
    "osteopenia": "Osteopenia (low bone mass)",
    "osteoporosis": "Osteoporosis by bone density",
    "below-expected-for-age": "Below the expected range for age",
    "within-expected-for-age": "Within the expected range for age",
    "undetermined": "No diagnosis by bone density",
}

OUTCOME_LABELS = {"major_osteoporotic": "Major osteoporotic fracture", "hip": "Hip fracture"}
STANDING_LABELS = {
    "advised": "Advised",
    "consider": "Consider",
    "trial": "Trial evidence",
    "unclear": "Unclear",
    "not now": "Not now",
    "not suitable": "Not suitable",
    "baseline": "For comparison",
    "experimental": "Experimental",
}
CERTAINTY_LABELS = {"high": "High", "moderate": "Moderate", "low": "Low", "very-low": "Very low", "none": "None"}


def number(value: float, digits: int) -> str:
    """A number rounded half away from zero, with a true minus sign and never minus nought."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):f}"
    return MINUS + text if rounded < 0 else text


def score(value: float | None) -> str:
    """A T- or Z-score to one decimal, as densitometers print it; an en dash when there is none.

    A computed score that one decimal would carry across -1.0, -2.0 or -2.5 is shown with two, so that the
    number never contradicts the category beside it.
    """
    if value is None:
        return NOT_KNOWN
    one = float(Decimal(repr(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
    crosses = (value >= -1.0) != (one >= -1.0) or any((value <= edge) != (one <= edge) for edge in (-2.0, -2.5))
    return number(value, 2) if crosses else number(value, 1)


def density(value: float | None) -> str:
    """Bone density in g/cm² to three decimals, without the unit."""
    return NOT_KNOWN if value is None else number(value, 3)


def percent(value: float | None) -> str:
    """A probability in percent, one decimal; below a tenth it says so."""
    if value is None:
        return NOT_KNOWN
    if 0 < value < 0.1:
        return "less than 0.1 %"
    return f"{number(value, 1)} %"


def risk_span(risk: FractureRisk) -> tuple[float, float] | None:
    """The lowest and highest percent that a tool gives, equal for a single answer; none when it gives none."""
    if risk.percent is not None:
        return risk.percent, risk.percent
    return risk.percent_range


def span_percent(span: tuple[float, float] | None) -> str:
    """A probability or a range of probabilities in percent."""
    if span is None:
        return NOT_KNOWN
    low, high = percent(span[0]), percent(span[1])
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def people_in_100(value: float) -> int:
    """How many of a hundred people, to the nearest whole person."""
    return int(Decimal(repr(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def in_100(span: tuple[float, float]) -> str:
    """A probability as a count of a hundred people; less than one and more than 99 are said in words."""
    low, high = span
    if high < 1:
        return "fewer than 1 in 100"
    if low > 99:
        return "more than 99 in 100"
    least, most = people_in_100(low), people_in_100(high)
    if least == most:
        return f"about {most} in 100"
    return f"{least} to {most} in 100" if least else f"up to {most} in 100"


def change(start: float, end: float) -> str:
    """The change from one positive value to another in percent, with its sign."""
    text = number(100 * (end / start - 1), 1)
    return f"{text} %" if text.startswith(MINUS) or text == "0.0" else f"+{text} %"


def signed_percent(start: float, end: float) -> str:
    """The change from one positive value to another in percent, with its sign and without the unit."""
    return change(start, end).removesuffix(" %")


def end_value(one: TherapyProjection, index: int = -1) -> str:
    """The projected median at a time point with its interval: ``0.761 (0.702 to 0.820)``."""
    if one.unit == "g/cm2":
        texts = [density(series[index]) for series in (one.median, one.lower, one.upper)]
    else:
        texts = [number(series[index], 1) for series in (one.median, one.lower, one.upper)]
    return f"{texts[0]} ({texts[1]} to {texts[2]})"


def path_risk(one: TherapyProjection) -> tuple[str, str]:
    """The fracture risk along a projected path, major and hip; empty where the model gives none."""
    major, hip = one.fracture.major_osteoporotic_percent, one.fracture.hip_percent
    return "" if major is None else percent(major), "" if hip is None else percent(hip)


def beside_curves(projection: Projection) -> tuple[str, ...]:
    """What must be said under the curves: what is unsafe, why a figure is missing, where it is extrapolated."""
    curves = projection.therapies
    said = [one.caution for one in curves] + [one.fracture_reason for one in curves]
    said += [one.extrapolated for one in curves]
    return _joined(dict.fromkeys(text for text in said if text))


_ONE_PATH = "this path ends "


def _joined(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts; what is said of several paths alike is said once, with their names before it."""
    named: dict[str, list[str]] = {}
    for text in texts:
        name, _, words = text.partition(": ")
        if words.startswith(_ONE_PATH):
            named.setdefault(words, []).append(name)
        else:
            named[text] = []
    return tuple(
        f"{'; '.join(names)}: {words.replace(_ONE_PATH, 'these paths end ', 1) if len(names) > 1 else words}"
        if names
        else words
        for words, names in named.items()
    )


def track_records(projection: Projection) -> tuple[str, ...]:
    """How well the model did on trials of each therapy, one sentence each."""
    said = [part for one in projection.therapies for part in one.model_check.split("\n")]
    return tuple(dict.fromkeys(text for text in said if text))


def aside(options: Iterable[Option]) -> tuple[tuple[str, str, str], ...]:
    """What is set aside, as options, standing and reason; those that share a reason stand in one line."""
    shared: dict[tuple[str, str], list[str]] = {}
    for one in options:
        if one.standing in ("not now", "not suitable"):
            reason = one.reasons[0] if one.reasons else one.recommendation
            shared.setdefault((STANDING_LABELS[one.standing].lower(), reason), []).append(one.label)
    return tuple(
        (plain_list([labels[0], *map(first_small, labels[1:])]), standing, reason)
        for (standing, reason), labels in shared.items()
    )


def years(value: float) -> str:
    """A number of years with its word."""
    return f"{value:g} year" if value == 1 else f"{value:g} years"


def site_name(site: Site, side: Side | None, *, plain: bool = False) -> str:
    """The name of a measured site, with its side when there is one."""
    name = PLAIN_SITES[site] if plain else SITE_LABELS[site]
    return f"{name}, {side}" if side in ("left", "right") else name


def plain_list(words: Iterable[str]) -> str:
    """Words joined as in a sentence: a, b and c."""
    items = list(words)
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


INPUT_NAMES = {
    "asthma_copd": "asthma or COPD",
    "parkinsons": "Parkinson's disease",
    "cushing": "Cushing's syndrome",
    "chronic_kidney_disease_4_5": "chronic kidney disease (stage 4 or 5)",
    "parent_hip_fracture": "a parent's hip fracture",
    "mother_hip_fracture": "whether the mother broke a hip",
    "arms_to_stand": "whether the arms are needed to get up from a chair",
    "parent_osteoporosis": "a parent's osteoporosis",
    "falls_last_year": "falls in the last year",
    "age_years": "age",
    "oestrogen": "menopausal hormone therapy",
    "oestrogen_only": "whether hormone therapy is oestrogen only",
    "previous_fragility_fracture": "earlier fragility fracture",
    "alcohol_units_per_day": "alcohol",
    "cigarettes_per_day": "cigarettes per day",
}
_UNITS = ("_years", "_cm", "_kg", "_g_cm2", "_nmol_l", "_ng_l", "_ml_min", "_ug_l")


def input_name(field: str) -> str:
    """The name of a record's field for a reader."""
    last = field.rsplit(".", maxsplit=1)[-1]
    if last in INPUT_NAMES:
        return INPUT_NAMES[last]
    unit = next((one for one in _UNITS if last.endswith(one)), "")
    return last.removesuffix(unit).replace("_", " ")


def readable(reason: str) -> str:
    """A reason with the record's field names, such as ``history.smoking``, replaced by their everyday names."""
    field = r"\b(?:history|labs)\.[a-z0-9_]+|\b[a-z]+(?:_[a-z0-9]+)+\b"

    def named(found: re.Match[str]) -> str:
        name = input_name(found[0])
        return name if found.start() else name[:1].upper() + name[1:]

    return re.sub(field, named, reason)


def person_line(person: Person) -> str:
    """Sex and age in completed years: ``Woman of 64``."""
    return f"{'Woman' if person.sex == 'female' else 'Man'} of {int(person.age_years)}"


def first_small(text: str) -> str:
    """The text with its first letter small, for use inside a sentence; vitamin D keeps its D."""
    return text[:1].lower() + text[1:]


def denser(start: float, end: float) -> str:
    """A change of bone density in plain words, to the nearest percent."""
    whole = int(Decimal(repr(100 * (end / start - 1))).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if whole == 0:
        return "the same as today"
    return f"{abs(whole)} % {'more' if whole > 0 else 'less'} dense"


def runs(numbers: Iterable[int]) -> str:
    """Source numbers in order, runs of three or more joined: ``1, 4–7, 9``."""
    texts = []
    for _, group in groupby(enumerate(sorted(set(numbers))), key=lambda placed: placed[1] - placed[0]):
        run = [one for _, one in group]
        texts += [f"{run[0]}\N{EN DASH}{run[-1]}"] if len(run) > 2 else [str(one) for one in run]
    return ", ".join(texts)


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    body = text.strip()
    if not body:
        return ""
    body = body[0].upper() + body[1:]
    return body if body[-1] in ".!?:" else body + "."


def printable(data: Any) -> Any:
    """The data with every character that the bundled fonts cannot print replaced by a question mark.

    A PDF that screen readers can trust must not hold a glyph that stands for nothing.
    """
    if isinstance(data, str):
        return _UNPRINTABLE.sub("?", data)
    if isinstance(data, dict):
        return {key: printable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [printable(value) for value in data]
    return data


def visible(text: str) -> str:
    """The text without control characters, which could hide something or steer a terminal."""
    return "".join(" " if unicodedata.category(one) in ("Cc", "Cf") else one for one in text)


def dated(step: MonitoringStep, scan_date: dt.date | None) -> str:
    """When to measure again, with the month that it falls in where the years from the scan are known."""
    if scan_date is None or not step.years_from_scan:
        return step.when
    due = scan_date + dt.timedelta(days=step.years_from_scan * DAYS_PER_YEAR)
    return f"{step.when} ({years(round(step.years_from_scan, 1))} after the scan is {due:%B %Y})"
