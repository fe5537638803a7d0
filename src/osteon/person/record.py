"""The person: everything together, and checked against itself."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from osteon.person import clock
from osteon.person.fields import DAYS_PER_YEAR, Ethnicity, Number, PastDate, Record, Sex, slip
from osteon.person.history import MOST_MEDICINES, FraxResult, History, Labs, Medicine, Treatment
from osteon.person.medicine_list import with_answers
from osteon.person.scan import Scan

AGE_TOLERANCE_YEARS = 1.05
"""An age in whole years and a date may differ by so much."""


def _as_date(day: object) -> dt.date:
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day))


class Person(Record):
    """One person. ``age_years`` is the age on the day of the latest scan (today when there is no scan).

    When ``age_years`` is left out and ``birth_date`` is given, the age is computed from it.
    """

    id: str | None = Field(None, max_length=64, description="A local identifier; never a name.")
    label: str | None = Field(None, max_length=200, description="What this record is, e.g. that it is an example.")
    sex: Sex = Field(description="Write female or male: the reference values are kept by sex.")
    age_years: Number = Field(
        ge=18,
        le=110,
        description="Age in years on the day of the latest scan; may be left out when birth_date is given.",
    )
    birth_date: PastDate | None = None
    height_cm: Number | None = Field(None, ge=100, le=230)
    weight_kg: Number | None = Field(None, ge=25, le=300)
    bmi_kg_m2: Number | None = Field(
        None, ge=10, le=100, description="Body mass index, kg/m², when height or weight was not recorded."
    )
    ethnicity: Ethnicity | None = None
    country: str | None = Field(
        None,
        min_length=2,
        max_length=60,
        description="The country that the person lives in, e.g. United Kingdom: whose fracture rates apply.",
    )
    menopause_age_years: Number | None = Field(None, ge=18, le=62)
    menopausal_status: Literal["premenopausal", "transition", "postmenopausal"] | None = None
    history: History = History()
    labs: Labs = Labs()
    treatments: tuple[Treatment, ...] = ()
    medicines: tuple[Medicine, ...] = Field(
        (),
        max_length=MOST_MEDICINES,
        description="Everything else that is taken now; bone medicines stand in treatments.",
    )
    frax: FraxResult | None = None
    scans: tuple[Scan, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _age_from_birth_date(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("age_years") is not None or not data.get("birth_date"):
            return data
        try:
            born = _as_date(data["birth_date"])
            days = [_as_date(scan.date if isinstance(scan, Scan) else scan["date"]) for scan in data.get("scans") or ()]
        except (ValueError, TypeError, KeyError):
            return data  # the field validators will name the broken date
        day = max(days, default=clock.today())
        age = round((day - born).days / DAYS_PER_YEAR, 2)
        if not 18 <= age <= 110:
            raise slip(
                f"the birth date makes the age {age:g} on {day.isoformat()}",
                "Osteon is for adults of 18 to 110 years; correct birth_date or the date of the scan",
            )
        return {**data, "age_years": age}

    @model_validator(mode="before")
    @classmethod
    def _medicines_answer_the_history(cls, data: Any) -> Any:
        return with_answers(data) if isinstance(data, dict) else data

    @model_validator(mode="before")
    @classmethod
    def _past_menopause_by_surgery(cls, data: Any) -> Any:
        """Without ovaries a woman is past the menopause; a status that was recorded is left for the checks."""
        if not isinstance(data, dict) or data.get("sex") != "female" or data.get("menopausal_status") is not None:
            return data
        history = data.get("history")
        removed = history.get("surgical_menopause") if isinstance(history, dict) else None
        if isinstance(history, History):
            removed = history.surgical_menopause
        return {**data, "menopausal_status": "postmenopausal"} if removed is True else data

    @model_validator(mode="after")
    def _body_mass_agrees(self) -> Self:
        if self.bmi_kg_m2 is not None and self.height_cm is not None and self.weight_kg is not None:
            computed = self.weight_kg / (self.height_cm / 100) ** 2
            if abs(computed - self.bmi_kg_m2) > 0.5:
                raise slip(
                    f"bmi_kg_m2 is {self.bmi_kg_m2:g} and height and weight make it {computed:.1f}",
                    "Correct one of them, or leave bmi_kg_m2 out",
                )
        return self

    @model_validator(mode="after")
    def _menopause_is_possible(self) -> Self:
        if self.sex == "male" and (self.menopause_age_years is not None or self.menopausal_status is not None):
            raise slip("a man has no menopause", "Leave the menopause fields out, or set sex to female")
        if self.history.surgical_menopause:
            self._surgery_agrees()
        if self.menopause_age_years is not None:
            if self.menopause_age_years > self.age_years:
                raise slip(
                    f"menopause at {self.menopause_age_years:g} lies after the present age {self.age_years:g}",
                    "Leave menopause_age_years out until it has happened",
                )
            if self.menopausal_status in ("premenopausal", "transition"):
                raise slip(
                    f"menopausal_status is {self.menopausal_status} and menopause_age_years is given",
                    "Set menopausal_status to postmenopausal, or leave menopause_age_years out",
                )
        if self.menopausal_status == "premenopausal" and self.age_years > 62:
            raise slip(
                f"a premenopausal woman of {self.age_years:g} is not plausible",
                "Check age_years and menopausal_status",
            )
        return self

    def _surgery_agrees(self) -> None:
        """Ovaries that were removed belong to a woman after the menopause."""
        if self.sex == "male":
            raise slip("a man has no menopause", "Leave history.surgical_menopause out, or set sex to female")
        if self.menopausal_status in ("premenopausal", "transition"):
            raise slip(
                f"menopausal_status is {self.menopausal_status} and history.surgical_menopause is true",
                "Set menopausal_status to postmenopausal, or history.surgical_menopause to false",
            )

    @model_validator(mode="after")
    def _dates_are_possible(self) -> Self:
        days = [scan.date for scan in self.scans]
        if len(set(days)) != len(days):
            raise slip("two scans have the same date", "Put the sites of one day into one scan")
        day = max(days, default=clock.today())
        months = self.history.months_since_last_fragility_fracture
        if months is not None and months / 12 > self.age_years + AGE_TOLERANCE_YEARS:
            raise slip(
                f"the latest fracture was {months:g} months ago and the age is {self.age_years:g} years",
                "Correct history.months_since_last_fragility_fracture or age_years",
            )
        if self.birth_date is None:
            self._nothing_before_birth(day)
            return self
        implied = (day - self.birth_date).days / DAYS_PER_YEAR
        if abs(implied - self.age_years) > AGE_TOLERANCE_YEARS:
            raise slip(
                f"age_years is {self.age_years:g} but the birth date makes it {implied:.1f} on {day.isoformat()}",
                "Correct one of them; age_years is the age on the day of the latest scan",
            )
        for treatment in self.treatments:
            if treatment.start is not None and treatment.start < self.birth_date:
                raise slip(f"{treatment.therapy} starts before the birth date", "Correct the year")
        for one in days:
            if one < self.birth_date:
                raise slip(f"the scan of {one.isoformat()} was taken before the birth date", "Correct one of the dates")
        return self

    def _nothing_before_birth(self, day: dt.date) -> None:
        """Without a birth date, the age on ``day`` says by when the person was born."""
        born = day.year - self.age_years - AGE_TOLERANCE_YEARS
        for treatment in self.treatments:
            if treatment.start is not None and treatment.start.year + 1 <= born:
                raise slip(
                    f"{treatment.therapy} starts in {treatment.start.year}, before somebody of {self.age_years:g} on "
                    f"{day.isoformat()} was born",
                    "Correct the year, or age_years",
                )
        for scan in self.scans:
            if scan.date.year + 1 <= born:
                raise slip(
                    f"the scan of {scan.date.isoformat()} was taken before somebody of {self.age_years:g} on "
                    f"{day.isoformat()} was born",
                    "Correct the date, or age_years",
                )

    @property
    def as_of(self) -> dt.date:
        """The day on which the record's age holds: that of the latest scan, today when there is none."""
        scan = self.latest_scan
        return clock.today() if scan is None else scan.date

    @property
    def latest_scan(self) -> Scan | None:
        """The scan with the latest date, or none."""
        return max(self.scans, key=lambda scan: scan.date, default=None)

    @property
    def bmi(self) -> float | None:
        """Body mass index in kg/m²: from height and weight, else ``bmi_kg_m2``, else none."""
        if self.height_cm is None or self.weight_kg is None:
            return self.bmi_kg_m2
        return self.weight_kg / (self.height_cm / 100) ** 2
