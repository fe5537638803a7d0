"""What the person reports, what the laboratory found, what was typed in, and what was taken."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from osteon.evidence import value
from osteon.evidence.drug_names import therapy_named
from osteon.evidence.therapies import TherapyName
from osteon.person.fields import Count, Flag, FractureSite, Number, PastDate, Record, slip

LONGEST_NAME = 120
MOST_MEDICINES = 100


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
    mother_hip_fracture: Flag | None = Field(None, description="The mother broke a hip; true sets the parent's too.")
    parent_osteoporosis: Flag | None = None
    smoking: Literal["never", "former", "current"] | None = None
    cigarettes_per_day: Number | None = Field(None, ge=0, le=150)
    alcohol_units_per_day: Number | None = Field(None, ge=0, le=60, description="UK units of 8 g alcohol.")
    physically_inactive: Flag | None = None
    bed_rest: Flag | None = Field(None, description="In bed, or unable to put weight on the legs, now.")
    losing_weight: Flag | None = Field(None, description="Losing weight now, by diet or through illness.")
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
    arms_to_stand: Flag | None = Field(None, description="Needs the arms to get up from a chair.")
    # medicines
    glucocorticoids: Flag | None = Field(
        None, description="Systemic glucocorticoids, now, for three months or more or meant to go on for so long."
    )
    glucocorticoid_prednisone_mg_per_day: Number | None = Field(None, ge=0, le=500)
    glucocorticoid_months: Number | None = Field(
        None, ge=0, le=720, description="For how long the present glucocorticoid has been taken, months."
    )
    oestrogen: Literal["never", "former", "current"] | None = Field(None, description="Menopausal hormone therapy.")
    oestrogen_only: Flag | None = Field(None, description="Present hormone therapy holds no progestogen.")
    aromatase_inhibitor: Flag | None = None
    androgen_deprivation: Flag | None = None
    antidepressants: Flag | None = None
    surgical_menopause: Flag | None = Field(
        None, description="Both ovaries were removed before the menopause; menopause_age_years is the age then."
    )
    # what a medicine for bone must not meet
    oesophageal_disorder: Flag | None = Field(None, description="Anything that delays emptying of the oesophagus.")
    cannot_stay_upright: Flag | None = Field(None, description="Cannot sit or stand upright for an hour.")
    venous_clot: Flag | None = Field(None, description="A clot in a leg vein, lung or eye vein, now or before.")
    stroke: Flag | None = Field(None, description="A stroke or mini-stroke, ever.")
    heart_attack_or_stroke_last_year: Flag | None = None
    oestrogen_dependent_cancer: Flag | None = Field(None, description="Cancer of breast or womb lining, ever.")
    unexplained_vaginal_bleeding: Flag | None = None
    skeletal_radiation: Flag | None = None
    bone_cancer: Flag | None = Field(None, description="Cancer in the bones, now or before.")
    paget_or_raised_alp: Flag | None = Field(
        None, description="Paget's disease, or raised alkaline phosphatase without a known cause."
    )
    migraine: Flag | None = None
    pregnancy: Flag | None = Field(None, description="Pregnant, or planning to be.")
    dental_work_planned: Flag | None = Field(None, description="Extractions planned, or poor dental health.")
    menopausal_symptoms: Flag | None = Field(None, description="Troublesome symptoms of the menopause.")
    # conditions
    rheumatoid_arthritis: Flag | None = None
    lupus: Flag | None = None
    diabetes: Literal["none", "type1", "type2"] | None = None
    thyrotoxicosis: Flag | None = None
    hyperparathyroidism: Flag | None = None
    cushing: Flag | None = None
    malabsorption: Flag | None = None
    eating_disorder: Flag | None = Field(
        None, description="Anorexia nervosa, bulimia or another eating disorder, now or before."
    )
    periods_absent: Flag | None = Field(
        None, description="No period for three months or more before the menopause, and not pregnant."
    )
    chronic_liver_disease: Flag | None = None
    chronic_kidney_disease_4_5: Flag | None = None
    cardiovascular_disease: Flag | None = None
    asthma_copd: Flag | None = None
    cancer: Flag | None = None
    dementia: Flag | None = None
    parkinsons: Flag | None = None
    epilepsy: Flag | None = Field(None, description="Epilepsy, or taking anticonvulsants.")

    @model_validator(mode="before")
    @classmethod
    def _a_mother_is_a_parent(cls, data: Any) -> Any:
        silent = isinstance(data, dict) and data.get("parent_hip_fracture") is None
        return {**data, "parent_hip_fracture": True} if silent and data.get("mother_hip_fracture") is True else data

    @model_validator(mode="after")
    def _a_dose_is_a_yes(self) -> Self:
        """A daily dose says that the medicine is taken, and for three months or more unless the months say less."""
        if self.glucocorticoids is None and dose_says_yes(self):
            # Not among the fields that were set, so that a report can tell what was recorded from what it implies.
            object.__setattr__(self, "glucocorticoids", True)
        return self

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.mother_hip_fracture and self.parent_hip_fracture is False:
            raise slip(
                "mother_hip_fracture is true and parent_hip_fracture is false", "Set parent_hip_fracture to true"
            )
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
        denied = self.glucocorticoids is False and not short_course(self)
        if denied and (self.glucocorticoid_prednisone_mg_per_day or 0) > 0:
            raise slip(
                "glucocorticoids is false and glucocorticoid_prednisone_mg_per_day is above zero",
                "Set glucocorticoids to true, or leave the dose out; for a course that ends before three months give "
                "glucocorticoid_months",
            )
        if denied and (self.glucocorticoid_months or 0) > 0:
            raise slip(
                "glucocorticoids is false and glucocorticoid_months is above zero",
                "Set glucocorticoids to true, or leave the months out",
            )
        if self.oestrogen_only and self.oestrogen in ("never", "former"):
            raise slip(
                f"oestrogen_only describes present therapy and oestrogen is {self.oestrogen!r}",
                "Set oestrogen to current, or leave oestrogen_only out",
            )
        return self


def dose_says_yes(history: History) -> bool:
    """Whether the recorded dose of a glucocorticoid answers the question whether one is taken for long."""
    return not short_course(history) and (history.glucocorticoid_prednisone_mg_per_day or 0) > 0


def short_course(history: History) -> bool:
    """Whether a glucocorticoid has been taken for a recorded time that does not make it long-term, as yet."""
    months = history.glucocorticoid_months
    return months is not None and months < value("gc.long_term.months")


class FraxResult(Record):
    """A FRAX result that somebody obtained elsewhere and typed in. Osteon neither computes nor imitates FRAX."""

    date: PastDate
    country: str = Field(min_length=2, max_length=60, description="The country of the FRAX model that was used.")
    with_bmd: Flag | None = Field(None, description="The femoral-neck BMD was part of the calculation.")
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


class Medicine(Record):
    """Any other medicine that is taken now, as the person's list of medicines has it."""

    name: str = Field(
        min_length=2, max_length=LONGEST_NAME, description="As written on the list, e.g. Omeprazole 20 mg."
    )
    rxnorm: str | None = Field(None, pattern=r"^[0-9]{1,8}$", description="The RxNorm code, where the list has one.")

    @model_validator(mode="after")
    def _is_no_bone_medicine(self) -> Self:
        therapy = therapy_named(self.name)
        if therapy:
            raise slip(f"{therapy} is a bone medicine", f"Put it into treatments, as therapy {therapy}")
        return self
