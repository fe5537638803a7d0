"""The published results that the model is fitted to and judged by, read strictly and kept apart.

Each part has files of its own. :func:`calibration_results` and :func:`calibration_curves` read the files named in
:data:`CALIBRATION_FILES` and, of the digitised curves of Jörg and colleagues, those of :func:`fitted_joerg_curves`;
nothing that the calibration calls can reach another row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from osteon.evidence.loader import table
from osteon.twin.engine.model import DAYS_PER_MONTH, DAYS_PER_YEAR
from osteon.twin.engine.regimen import Bolus, Course, Infusion, Regimen
from osteon.twin.osteon_model.schedule import read_schedule

Kind = Literal["change_percent", "difference_points", "level_percent", "marker_difference_percent"]
Part = Literal["validate", "control", "unlisted", "later"]

CALIBRATION_FILES = ("trials_calibrate.csv", "trials_risk_calibrate.csv")
DIGITISED_FILE = "trials_digitised_calibrate.csv"
HISTORY_FILE, LATER_HISTORY_FILE = "natural_history_calibrate.csv", "natural_history_later.csv"
JOERG_CALIBRATION_ROLE = "calibration"

JOERG_FITTED_STUDIES = (
    "black2006",
    "cosman2016",
    "lewiecki2018",
    "mcclung2006",
    "mcclung2017",
    "recknor2015",
    "saag2017",
)
"""Trials whose digitised arms may all be fitted: FLEX, FRAME, the denosumab dose-finding trial, blosozumab, ARCH. The
other digitised arms belong to trials that are kept for validation (DATA, DEFEND, romosozumab phase 2)."""

TWICE_DIGITISED = ("mcclung2006", "McClung 2006 phase 2", "leder2014", "leder2015")
"""Trials whose readings stand twice: the dose-finding trial of denosumab was digitised by two groups, and the first two
years of teriparatide in DATA were printed in two papers. Each of these readings counts half."""

KINDS: Mapping[str, Kind] = {
    "change_percent": "change_percent",
    "difference_points": "difference_points",
    "level_percent": "level_percent",
    "marker_difference_percent": "marker_difference_percent",
}

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")

CALCIUM = "calcium_vitamin_d"

INJECTED_AT_VISITS = ("denosumab", "romosozumab", "blosozumab")
"""Samples of a visit are drawn before the injection. Monthly doses are digitised every 30 days and drift by days."""


@dataclass(frozen=True)
class ArmSetup:
    """How an arm is simulated: one mean person and two schedules (the second for differences)."""

    study: str
    arm: str
    age_years: float
    traits: Mapping[str, float]
    regimen: Regimen
    comparator: Regimen
    baseline_month: float
    people: float | None
    note: str

    @property
    def key(self) -> tuple[str, str]:
        """Study and arm."""
        return self.study, self.arm


@dataclass(frozen=True)
class Result:
    """One printed number. ``value`` is in per cent or percentage points; the interval may be missing."""

    study: str
    arm: str
    kind: Kind
    observable: str
    months: float
    value: float
    low: float | None
    high: float | None
    people: float | None
    scatter: str
    citation: str
    note: str

    def interval(self, arm_people: float | None) -> tuple[float, float] | None:
        """The printed 95 % interval of the mean, or the one that follows from a printed SD or SE; else none.

        An SD needs the number of people in the arm.
        """
        if self.low is not None and self.high is not None:
            return self.low, self.high
        if not self.scatter or self.scatter.split()[0] not in ("SD", "SE"):
            return None
        kind, size = self.scatter.split()[0], number(self.scatter.split()[1])
        if kind == "SD" and arm_people is None:
            return None
        error = size / math.sqrt(arm_people) if kind == "SD" and arm_people is not None else size
        return self.value - 1.96 * error, self.value + 1.96 * error


@dataclass(frozen=True)
class Curve:
    """A digitised arm: ratios to baseline over time, in days. ``start_bmd`` is total-hip BMD relative to age 25."""

    arm: str
    study: str
    role: str
    age_years: float
    regimen: Regimen
    points: tuple[tuple[str, float, float], ...]
    ageing: tuple[tuple[float, float], ...]
    start_bmd: float
    scatter_days: float


@dataclass(frozen=True)
class HistoryResult:
    """One figure of untreated loss between two ages."""

    study: str
    stratum: str
    who: str
    sex: str
    observable: str
    kind: str
    from_age: float
    to_age: float
    value: float
    spread: float
    low: float | None
    high: float | None
    note: str


def number(text: str) -> float:
    """A plain number; ranges, bounds, counts and words are refused."""
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a plain number")
    return float(text)


def _optional(text: str) -> float | None:
    return number(text) if text.strip() else None


def arm_setups() -> Mapping[tuple[str, str], ArmSetup]:
    """How every arm is simulated; holds no result."""
    found = {}
    for row in table("trials_arms.csv"):
        traits = {"male": 1.0 if row["sex"] == "male" else 0.0}
        if row["menopause_age"]:
            traits["menopause_age"] = number(row["menopause_age"])
        for pair in filter(None, row["traits"].split(";")):
            name, value = pair.split("=")
            traits[name] = number(value)
        one = ArmSetup(
            study=row["study_id"],
            arm=row["arm"],
            age_years=number(row["age"]),
            traits=traits,
            regimen=read_schedule(row["regimen"]),
            comparator=read_schedule(row["comparator"]),
            baseline_month=number(row["baseline_month"]),
            people=_optional(row["people"]),
            note=row["note"],
        )
        found[one.key] = one
    return found


def _results(files: Iterable[str]) -> tuple[Result, ...]:
    return tuple(
        Result(
            study=row["study_id"],
            arm=row["arm"],
            kind=KINDS[row["kind"]],
            observable=row["observable"],
            months=number(row["time_months"]),
            value=number(row["value"]),
            low=_optional(row["ci_low"]),
            high=_optional(row["ci_high"]),
            people=_optional(row["n"]),
            scatter=row["sd_or_se"],
            citation=row["citation"],
            note=row["note"],
        )
        for file_name in files
        for row in table(file_name)
    )


def calibration_results() -> tuple[Result, ...]:
    """The printed numbers that may be fitted."""
    return _results(CALIBRATION_FILES)


def held_out_results(part: Part) -> tuple[Result, ...]:
    """The printed numbers that are never fitted. The calibration must not call this."""
    return _results([f"trials_{part}.csv"])


def history_results() -> tuple[HistoryResult, ...]:
    """Untreated loss that is fitted."""
    return _history(HISTORY_FILE)


def later_history_results() -> tuple[HistoryResult, ...]:
    """Untreated loss that was found after the calibration. The calibration must not call this."""
    return _history(LATER_HISTORY_FILE)


def _history(file_name: str) -> tuple[HistoryResult, ...]:
    return tuple(
        HistoryResult(
            study=row["study_id"],
            stratum=row["stratum"],
            who=row["who"],
            sex=row["sex"],
            observable=row["observable"],
            kind=row["kind"],
            from_age=number(row["from_age"]),
            to_age=number(row["to_age"]),
            value=number(row["value"]),
            spread=number(row["spread"]),
            low=_optional(row["ci_low"]),
            high=_optional(row["ci_high"]),
            note=row["note"],
        )
        for row in table(file_name)
    )


def digitised_curves() -> tuple[Curve, ...]:
    """The curves digitised by Metrum, all of them fitted."""
    grouped: dict[str, list[Mapping[str, str]]] = {}
    for row in table(DIGITISED_FILE):
        grouped.setdefault(row["arm"], []).append(row)
    return tuple(
        Curve(
            arm=arm,
            study=rows[0]["study"],
            role="calibration",
            age_years=number(rows[0]["age"]),
            regimen=read_schedule(rows[0]["regimen"]),
            points=tuple(
                (row["observable"], number(row["time_months"]) * DAYS_PER_MONTH, number(row["ratio"])) for row in rows
            ),
            ageing=(),
            start_bmd=math.nan,
            scatter_days=0.5,
        )
        for arm, rows in grouped.items()
    )


def fitted_joerg_curves() -> tuple[Curve, ...]:
    """The digitised arms of Jörg and colleagues that the calibration reads.

    The nine that the publication itself fitted, and every other arm of a trial that is not kept for validation.
    """
    return _joerg_curves(_is_fitted)


def _is_fitted(row: Mapping[str, str]) -> bool:
    return row["role"] == JOERG_CALIBRATION_ROLE or row["study"] in JOERG_FITTED_STUDIES


def joerg_curves() -> tuple[Curve, ...]:
    """The 35 digitised arms of Jörg and colleagues, each with its role in the publication."""
    return _joerg_curves(lambda row: True)


def _joerg_curves(wanted: Callable[[Mapping[str, str]], bool]) -> tuple[Curve, ...]:
    """Arms of the rows that are wanted.

    All trial arms were given calcium and vitamin D; the digitised doses do not hold them, so they are added here.
    """
    clinical: dict[str, list[Mapping[str, str]]] = {}
    for row in table("joerg2022_clinical.csv"):
        if wanted(row):
            clinical.setdefault(row["arm"], []).append(row)
    doses: dict[str, list[Mapping[str, str]]] = {}
    for row in table("joerg2022_dosing.csv"):
        doses.setdefault(row["arm"], []).append(row)
    return tuple(_joerg_curve(arm, rows, doses.get(arm, [])) for arm, rows in sorted(clinical.items()))


def _joerg_curve(arm: str, rows: list[Mapping[str, str]], doses: list[Mapping[str, str]]) -> Curve:
    names = {"bmd_total_hip_rel_age25": "bmd_total_hip", "ctx_rel_baseline": "ctx", "p1np_rel_baseline": "p1np"}
    names["bsap_rel_baseline"] = "bsap"
    trial = [row for row in rows if row["kind"] != "ageing"]
    start = min(float(row["time_days"]) for row in trial)
    at_start = [float(row["value"]) for row in trial if float(row["time_days"]) == start and "bmd" in row["observable"]]
    points = []
    for row in trial:
        observable, value, day = names[row["observable"]], float(row["value"]), float(row["time_days"]) - start
        if day > 0:
            points.append((observable, day, value / at_start[0] if observable == "bmd_total_hip" else value))
    courses: list[Course] = [Infusion(CALCIUM, 1.0)]
    for row in doses:
        first, last, amount = (float(row[key]) for key in ("start_day", "end_day", "dose"))
        first = max(first - start, 0.0)
        if row["type"] == "bolus":
            courses.append(Bolus(row["drug"], amount, first))
        else:
            courses.append(Infusion(row["drug"], amount, first, last - start))
    return Curve(
        arm=arm,
        study=rows[0]["study"],
        role=rows[0]["role"],
        age_years=start / DAYS_PER_YEAR,
        regimen=Regimen(arm, tuple(courses)),
        points=tuple(points),
        ageing=tuple(
            (float(row["time_days"]) / DAYS_PER_YEAR, float(row["value"])) for row in rows if row["kind"] == "ageing"
        ),
        start_bmd=at_start[0],
        scatter_days=4.5,
    )


def sample_day(curve: Curve, day: float) -> float:
    """The day on which a sample is read: one due on a visit with an injection is drawn before it.

    Times read off a figure scatter by some days, so a reading up to :attr:`Curve.scatter_days` after an injection
    counts as drawn before it. The digitised arms give romosozumab every 30 days while their visits are calendar months;
    the visit that belongs to an injection comes later by that drift.
    """
    for course in curve.regimen.courses:
        if not isinstance(course, Bolus) or course.drug not in INJECTED_AT_VISITS:
            continue
        late = DAYS_PER_MONTH / 30.0 - 1.0 if course.drug == "romosozumab" else 0.0
        for given in course.days(day):
            slack = curve.scatter_days + (1.0 + late * given if late else 0.0)
            if given > 0.0 and 0.0 <= day - given <= slack:
                return given - 1e-6
    return day
