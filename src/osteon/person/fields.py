"""What the fields of a record hold: the fixed words, and numbers and dates within plausible ranges."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

from osteon.person import clock

Sex = Literal["female", "male"]
Site = Literal["lumbar_spine", "total_hip", "femoral_neck", "radius_33"]
Side = Literal["left", "right", "mean"]
Vertebra = Literal["L1", "L2", "L3", "L4"]
Ethnicity = Literal[
    "white",
    "black",
    "black_caribbean",
    "black_african",
    "indian",
    "pakistani",
    "bangladeshi",
    "chinese",
    "asian",
    "other_asian",
    "hispanic",
    "other",
]
FractureSite = Literal["hip", "spine", "wrist", "shoulder", "rib", "other"]

SITE_LABELS: dict[Site, str] = {
    "lumbar_spine": "Lumbar spine",
    "total_hip": "Total hip",
    "femoral_neck": "Femoral neck",
    "radius_33": "33 % radius",
}

DAYS_PER_YEAR = 365.25
DATE_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def slip(problem: str, mend: str) -> PydanticCustomError:
    """A validation error that carries its mend beside the problem, for the border to print."""
    return PydanticCustomError("osteon", "{problem}", {"problem": problem, "mend": mend})


def _plausible_score(number: float) -> float:
    if -7.0 <= number <= 8.0:
        return number
    likely = abs(number) / 10
    if likely > 7.0:
        hint = "Check the printout"
    else:
        hint = f"Perhaps {-likely:.2g}" + (f" or {likely:.2g}" if number > 0 else "") + " was meant"
    raise slip(f"a score of {number:g} is outside the plausible range -7 to +8", hint)


def _plausible_bmd(number: float) -> float:
    if 0.15 <= number <= 2.5:
        return number
    if number <= 0:
        hint = "Write the bone density in g/cm², a positive number such as 0.742"
    elif 150 <= number <= 2500:
        hint = f"Perhaps {number / 1000:.3g} was meant: values in mg/cm² must be divided by 1000"
    elif 15 <= number <= 250:
        hint = f"Perhaps {number / 100:.3g} was meant: the unit is g/cm²"
    else:
        hint = "Write the bone density in g/cm², such as 0.742"
    raise slip(f"a bone density of {number:g} g/cm² is outside the plausible range 0.15 to 2.5", hint)


def _calendar_date(day: object) -> object:
    if isinstance(day, dt.date):
        return day
    if not isinstance(day, str):
        raise slip("expected a date", "Write the date as text, YYYY-MM-DD")
    try:
        if DATE_FORM.fullmatch(day.strip()):
            return dt.date.fromisoformat(day.strip())
    except ValueError:
        pass
    raise slip(f"{day.strip()[:24]!r} is not a calendar date", "Write the date as YYYY-MM-DD")


def _not_in_future(day: dt.date) -> dt.date:
    if day.year < 1900:
        raise slip(f"the date {day.isoformat()} lies before 1900", "Correct the year; write the date as YYYY-MM-DD")
    if day > clock.today() + dt.timedelta(days=1):
        raise slip(f"the date {day.isoformat()} lies in the future", "Write the date as YYYY-MM-DD, in the past")
    return day


# Numbers and flags are strict: text such as "-1.8", or a 1 for a yes, is refused rather than guessed at.
Number = Annotated[float, Strict()]
Count = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Score = Annotated[
    float, Strict(), AfterValidator(_plausible_score), Field(json_schema_extra={"minimum": -7, "maximum": 8})
]
BoneDensity = Annotated[
    float, Strict(), AfterValidator(_plausible_bmd), Field(json_schema_extra={"minimum": 0.15, "maximum": 2.5})
]
PastDate = Annotated[dt.date, BeforeValidator(_calendar_date), AfterValidator(_not_in_future)]


class Record(BaseModel):
    """Base of the record types: frozen, strict about keys and numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)
