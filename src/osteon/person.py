"""The one record that everything takes: a person, their scans, laboratory values, history and treatments.

Frozen and validated. Units stand in the field names. A key that is not listed is refused, so a slip of the
pen is never silently lost; a field that was not recorded is ``None`` and stays missing. Ranges are those of
plausible adults: a value outside them is far more often a slip (a lost minus, a wrong unit) than a person.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from osteon.evidence.therapies import TherapyName

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
    if day > dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1):
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


class SiteMeasurement(Record):
    """What the report prints for one region of one scan."""

    site: Site = Field(description="Write lumbar_spine, total_hip, femoral_neck or radius_33.")
    side: Side | None = None
    vertebrae: tuple[Vertebra, ...] | None = Field(
        None, min_length=1, description="Lumbar spine only: the vertebrae that the number covers."
    )
    bmd_g_cm2: BoneDensity | None = Field(None, description="Areal bone mineral density as printed, g/cm².")
    bmc_g: Number | None = Field(None, gt=0, le=200, description="Bone mineral content, g.")
    area_cm2: Number | None = Field(None, gt=0, le=200, description="Projected area, cm².")
    t_score: Score | None = Field(None, description="T-score as printed by the device.")
    z_score: Score | None = Field(None, description="Z-score as printed by the device.")
    trochanter_area_cm2: Number | None = Field(None, gt=0, le=100, description="Hip only: printed trochanter area.")
    intertrochanter_area_cm2: Number | None = Field(
        None, gt=0, le=100, description="Hip only: printed intertrochanter area."
    )

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.bmd_g_cm2 is None and self.t_score is None and self.z_score is None:
            raise slip(
                "the site has no measurement",
                "Give at least one of bmd_g_cm2, t_score, z_score, or leave the site out",
            )
        if self.vertebrae is not None and self.site != "lumbar_spine":
            raise slip(
                "vertebrae belong to the lumbar spine only",
                "Leave vertebrae out, or set site to lumbar_spine",
            )
        if self.vertebrae is not None and len(set(self.vertebrae)) != len(self.vertebrae):
            raise slip("a vertebra is named twice", "Name each vertebra once, such as L1, L2, L4")
        if self.bmd_g_cm2 is not None and self.bmc_g is not None and self.area_cm2 is not None:
            implied = self.bmc_g / self.area_cm2
            # A printout rounds the area to 0.01 cm², which moves a small region's quotient by less than 0.02.
            if abs(implied - self.bmd_g_cm2) > 0.02:
                raise slip(
                    f"bmc_g / area_cm2 is {implied:.3f} g/cm² and bmd_g_cm2 is {self.bmd_g_cm2:g}",
                    "Correct the one that was misread",
                )
        return self


class Scan(Record):
    """One DXA examination."""

    date: PastDate = Field(description="The day of the examination, YYYY-MM-DD.")
    device: str | None = Field(None, description="Maker and model: Hologic, GE Lunar, Norland, ...")
    software: str | None = None
    reference: str | None = Field(None, description="The reference database named on the printout.")
    sites: tuple[SiteMeasurement, ...] = Field(min_length=1, description="The regions that were measured.")
    scanner_serial: str | None = Field(
        None, max_length=64, description="Which machine it was: change is only judged on the same one."
    )
    precision_g_cm2: dict[Site, Number] | None = Field(
        None, description="The centre's precision error by site (root-mean-square SD), g/cm²."
    )
    tbs: Number | None = Field(None, ge=0.5, le=2.0, description="Trabecular bone score of L1-L4.")
    abnormal_vertebrae: tuple[Vertebra, ...] | None = Field(
        None, description="Vertebrae that the reader of the image found structurally changed."
    )

    @model_validator(mode="after")
    def _each_region_once(self) -> Self:
        seen: set[tuple[object, ...]] = set()
        for one in self.sites:
            key = (one.site, one.side, one.vertebrae and frozenset(one.vertebrae))
            if key in seen:
                raise slip(
                    f"{one.site} stands twice in one scan",
                    "Keep one, or tell them apart with side or vertebrae",
                )
            seen.add(key)
        return self


class Labs(Record):
    """Laboratory values, in the unit that the name says."""

    ctx_ng_l: Number | None = Field(None, gt=0, le=5000, description="Serum CTX, ng/L.")
    p1np_ug_l: Number | None = Field(None, gt=0, le=2000, description="Serum P1NP, µg/L.")
    bsap_ug_l: Number | None = Field(None, gt=0, le=500, description="Bone-specific alkaline phosphatase, µg/L.")
    vitamin_d_nmol_l: Number | None = Field(None, gt=0, le=500, description="25-hydroxyvitamin D, nmol/L.")
    calcium_mmol_l: Number | None = Field(None, ge=1, le=4, description="Serum calcium, mmol/L.")
    pth_pmol_l: Number | None = Field(None, ge=0, le=300, description="Parathyroid hormone, pmol/L.")
    tsh_miu_l: Number | None = Field(None, ge=0, le=200, description="Thyrotropin, mIU/L.")
    egfr_ml_min: Number | None = Field(None, gt=0, le=200, description="Estimated glomerular filtration, mL/min.")


class History(Record):
    """What the person reports or the record holds. ``None`` is: not recorded."""

    # family and life
    parent_hip_fracture: Flag | None = None
    parent_osteoporosis: Flag | None = None
    smoking: Literal["never", "former", "current"] | None = None
    cigarettes_per_day: Number | None = Field(None, ge=0, le=150)
    alcohol_units_per_day: Number | None = Field(None, ge=0, le=60, description="UK units of 8 g alcohol.")
    physically_inactive: Flag | None = None
    calcium_intake_mg_per_day: Number | None = Field(None, ge=0, le=6000)
    care_home: Flag | None = None
    # fractures, falls and signs
    previous_fragility_fracture: Flag | None = None
    fragility_fracture_sites: tuple[FractureSite, ...] | None = Field(
        None, description="Sites of fractures after minor trauma since age 45."
    )
    months_since_last_fragility_fracture: Number | None = Field(None, ge=0, le=1200)
    fragility_fracture_count: Count | None = Field(None, ge=0, le=50, description="Fractures after minor trauma.")
    falls_last_year: Count | None = Field(None, ge=0, le=400)
    height_loss_cm: Number | None = Field(None, ge=0, le=40)
    back_pain: Flag | None = None
    # medicines
    glucocorticoids: Flag | None = Field(None, description="Systemic glucocorticoids, now, for three months or more.")
    glucocorticoid_prednisone_mg_per_day: Number | None = Field(None, ge=0, le=500)
    oestrogen: Literal["never", "former", "current"] | None = Field(None, description="Menopausal hormone therapy.")
    oestrogen_only: Flag | None = Field(None, description="Present hormone therapy holds no progestogen.")
    aromatase_inhibitor: Flag | None = None
    androgen_deprivation: Flag | None = None
    antidepressants: Flag | None = None
    # what a medicine for bone must not meet
    oesophageal_disorder: bool | None = Field(None, description="Anything that delays emptying of the oesophagus.")
    cannot_stay_upright: bool | None = Field(None, description="Cannot sit or stand upright for an hour.")
    venous_clot: bool | None = Field(None, description="A clot in a leg vein, lung or eye vein, now or before.")
    stroke: bool | None = Field(None, description="A stroke or mini-stroke, ever.")
    heart_attack_or_stroke_last_year: bool | None = None
    oestrogen_dependent_cancer: bool | None = Field(None, description="Cancer of breast or womb lining, ever.")
    unexplained_vaginal_bleeding: bool | None = None
    skeletal_radiation: bool | None = None
    bone_cancer: bool | None = Field(None, description="Cancer in the bones, now or before.")
    paget_or_raised_alp: bool | None = Field(
        None, description="Paget's disease, or raised alkaline phosphatase without a known cause."
    )
    migraine: bool | None = None
    pregnancy: bool | None = Field(None, description="Pregnant, or planning to be.")
    dental_work_planned: bool | None = Field(None, description="Extractions planned, or poor dental health.")
    menopausal_symptoms: bool | None = Field(None, description="Troublesome symptoms of the menopause.")
    # conditions
    rheumatoid_arthritis: Flag | None = None
    lupus: Flag | None = None
    diabetes: Literal["none", "type1", "type2"] | None = None
    thyrotoxicosis: Flag | None = None
    hyperparathyroidism: Flag | None = None
    cushing: Flag | None = None
    malabsorption: Flag | None = None
    chronic_liver_disease: Flag | None = None
    chronic_kidney_disease_4_5: Flag | None = None
    cardiovascular_disease: Flag | None = None
    asthma_copd: Flag | None = None
    cancer: Flag | None = None
    dementia: Flag | None = None
    parkinsons: Flag | None = None
    epilepsy: Flag | None = Field(None, description="Epilepsy, or taking anticonvulsants.")

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.fragility_fracture_sites and self.previous_fragility_fracture is False:
            raise slip(
                "fragility_fracture_sites names a fracture and previous_fragility_fracture says there was none",
                "Set previous_fragility_fracture to true, or empty the list of sites",
            )
        if self.previous_fragility_fracture is False and (
            self.months_since_last_fragility_fracture is not None or (self.fragility_fracture_count or 0) > 0
        ):
            raise slip(
                "a fracture is dated or counted and previous_fragility_fracture says there was none",
                "Set previous_fragility_fracture to true, or leave the date and the count out",
            )
        if self.smoking in ("never", "former") and (self.cigarettes_per_day or 0) > 0:
            raise slip(
                f"smoking is {self.smoking!r} and cigarettes_per_day is above zero",
                "Set smoking to current, or leave cigarettes_per_day out",
            )
        if self.glucocorticoids is False and (self.glucocorticoid_prednisone_mg_per_day or 0) > 0:
            raise slip(
                "glucocorticoids is false and glucocorticoid_prednisone_mg_per_day is above zero",
                "Set glucocorticoids to true, or leave the dose out",
            )
        if self.oestrogen_only and self.oestrogen in ("never", "former"):
            raise slip(
                f"oestrogen_only describes present therapy and oestrogen is {self.oestrogen!r}",
                "Set oestrogen to current, or leave oestrogen_only out",
            )
        return self


class FraxResult(Record):
    """A FRAX result that somebody obtained elsewhere and typed in. Osteon neither computes nor imitates FRAX."""

    date: PastDate
    country: str = Field(min_length=2, max_length=60, description="The country of the FRAX model that was used.")
    with_bmd: bool | None = Field(None, description="The femoral-neck BMD was part of the calculation.")
    major_osteoporotic_percent: Number | None = Field(None, ge=0, le=100)
    hip_percent: Number | None = Field(None, ge=0, le=100)

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.major_osteoporotic_percent is None and self.hip_percent is None:
            raise slip("the FRAX result has no number", "Give major_osteoporotic_percent, hip_percent, or both")
        return self


class Treatment(Record):
    """A bone medicine taken now or before."""

    therapy: TherapyName
    start: PastDate | None = None
    stop: PastDate | None = None

    @model_validator(mode="after")
    def _starts_before_it_stops(self) -> Self:
        if self.start and self.stop and self.stop < self.start:
            raise slip("the treatment stops before it starts", "Swap start and stop, or correct the year")
        return self


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
    menopause_age_years: Number | None = Field(None, ge=18, le=62)
    menopausal_status: Literal["premenopausal", "transition", "postmenopausal"] | None = None
    history: History = History()
    labs: Labs = Labs()
    treatments: tuple[Treatment, ...] = ()
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
        day = max(days, default=dt.datetime.now(tz=dt.UTC).date())
        age = round((day - born).days / DAYS_PER_YEAR, 2)
        if not 18 <= age <= 110:
            raise slip(
                f"the birth date makes the age {age:g} on {day.isoformat()}",
                "Osteon is for adults of 18 to 110 years; correct birth_date or the date of the scan",
            )
        return {**data, "age_years": age}

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

    @model_validator(mode="after")
    def _dates_are_possible(self) -> Self:
        days = [scan.date for scan in self.scans]
        if len(set(days)) != len(days):
            raise slip("two scans have the same date", "Put the sites of one day into one scan")
        if self.birth_date is None:
            return self
        day = max(days, default=dt.datetime.now(tz=dt.UTC).date())
        implied = (day - self.birth_date).days / DAYS_PER_YEAR
        if abs(implied - self.age_years) > 1.05:
            raise slip(
                f"age_years is {self.age_years:g} but the birth date makes it {implied:.1f} on {day.isoformat()}",
                "Correct one of them; age_years is the age on the day of the latest scan",
            )
        for treatment in self.treatments:
            if treatment.start is not None and treatment.start < self.birth_date:
                raise slip(f"{treatment.therapy} starts before the birth date", "Correct the year")
        return self

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
