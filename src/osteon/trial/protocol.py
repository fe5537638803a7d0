"""What a planned trial is, as its design file says it: people, arms, endpoints, measurement, analysis.

The file is TOML; :mod:`osteon.trial.protocol_file` reads it. Everything here is frozen and validated: what does not
make sense does not become a :class:`Protocol`. ``docs/trial-designs.md`` explains every key.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict, model_validator

from osteon.person.fields import Count, Number, Record, Sex, slip
from osteon.trial.design import Endpoint as FractureKind
from osteon.twin.osteon_model.sites import SiteName

Share = Annotated[
    Number, Field(ge=0.0, le=0.9, description="Write a share of people a year, such as 0.05 for 5 in 100")
]
Name = Annotated[str, Strict(), Field(min_length=1, max_length=60)]

LONGEST_YEARS = 20.0
SURROGATE_MONTHS = 24
"""The 24-month change of total-hip BMD is the surrogate that the FDA accepts since December 2025."""


def _rising(months: tuple[int, ...]) -> tuple[int, ...]:
    if list(months) != sorted(set(months)):
        raise slip("the months do not rise", "Write each visit once, the earliest first, such as [6, 12, 24]")
    return months


class AgeRange(Record):
    """Ages at enrolment in years. With ``mean`` and ``sd``, lognormal above the youngest; else evenly spread."""

    youngest: Number = Field(ge=30.0, le=90.0, description="Write the youngest age in years, 30 to 90, such as 55")
    oldest: Number = Field(ge=30.0, le=95.0, description="Write the oldest age in years, up to 95, such as 75")
    mean: Number | None = Field(None, description="Write the mean age in years, with sd beside it")
    sd: Number | None = Field(None, gt=0.0, le=20.0, description="Write the standard deviation of age in years")

    @model_validator(mode="after")
    def _fits(self) -> AgeRange:
        if self.oldest < self.youngest:
            raise slip("oldest lies below youngest", "Exchange the two")
        if (self.mean is None) != (self.sd is None):
            raise slip("mean and sd belong together", "Write both, or neither for ages evenly spread")
        if self.mean is not None and not self.youngest < self.mean < self.oldest:
            raise slip("the mean lies outside the ages", "Write a mean between youngest and oldest")
        return self


class Window(Record):
    """From ``lowest`` to ``highest``, either of which may be left out."""

    lowest: Number | None = Field(None, description="Write the lowest value that is taken")
    highest: Number | None = Field(None, description="Write the highest value that is taken")

    @model_validator(mode="after")
    def _fits(self) -> Window:
        if self.lowest is None and self.highest is None:
            raise slip("the window is open at both ends", "Write lowest, highest, or both")
        if self.lowest is not None and self.highest is not None and self.highest <= self.lowest:
            raise slip("highest does not lie above lowest", "Exchange the two, or write one further away")
        return self


class TScoreWindow(Window):
    """The lowest measured T-score over ``sites`` lies in the window; trials never see the true one."""

    sites: tuple[SiteName, ...] = Field(min_length=1, description="Write a list of total_hip and femoral_neck")


class Exclusion(Record):
    """People who are not taken although they fit: a measured T-score beyond a limit."""

    site: SiteName = Field(description="Write total_hip or femoral_neck")
    t_score_below: Number | None = Field(
        None, description="Write the T-score below which nobody is taken, such as -2.5"
    )
    t_score_above: Number | None = Field(None, description="Write the T-score above which nobody is taken")

    @model_validator(mode="after")
    def _fits(self) -> Exclusion:
        if self.t_score_below is None and self.t_score_above is None:
            raise slip("nothing is excluded", "Write t_score_below or t_score_above")
        both = self.t_score_below is not None and self.t_score_above is not None
        if both and self.t_score_below >= self.t_score_above:  # type: ignore[operator]
            raise slip("everybody is excluded: t_score_below is not below t_score_above", "Exchange the two")
        return self


class Population(Record):
    """Whom the trial takes."""

    sex: Sex = Field(description="Write female or male: one sex in one design")
    ages: AgeRange = Field(description="Write for example ages = { youngest = 55, oldest = 75 }")
    years_since_menopause: Window | None = Field(None, description="Write for example { lowest = 5 }")
    t_score: TScoreWindow | None = Field(
        None, description='Write for example { sites = ["total_hip", "femoral_neck"], lowest = -2.5, highest = -1.0 }'
    )
    exclude: tuple[Exclusion, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Population:
        if self.sex == "male" and self.years_since_menopause is not None:
            raise slip("men have no menopause", "Leave years_since_menopause out")
        return self


class Cells(Record):
    """A cell product and what is believed of it. Everything that comes of it is hypothetical.

    Under the ``evidence`` prior the effect is centred on nothing, and it is drawn once for a whole trial: nobody knows
    it, and everybody in a trial shares it. Under ``hypothesis`` the sizes are those stated, in per cent at full signal.
    """

    million_cells: Number = Field(100.0, description="Write the cells given each time, in millions")
    infusions: Count = Field(1, description="Write how many times, a whole number")
    interval_days: Number = Field(30.0, description="Write the days between two times")
    route: Literal["intravenous", "lumbar_spine", "total_hip", "femoral_neck"] = "intravenous"
    prior: Literal["evidence", "hypothesis"] = Field(
        "evidence", description="Write evidence, or hypothesis with the sizes that are supposed"
    )
    commitment_percent: Number | None = Field(None, description="Write how many % more bone-forming cells are made")
    activity_percent: Number | None = Field(None, description="Write how many % more bone each of them forms")
    inflammation_percent: Number | None = Field(None, description="Write how many % of inflammation is taken away")
    vascular_percent: Number | None = Field(None, description="Write how many % more own progenitors are kept up")
    half_life_days: Number | None = Field(None, description="Write the days in which the cells' signal halves")
    person_spread: Number | None = Field(
        None, ge=0.0, le=2.0, description="Write how much people differ in response (SD of the logarithm), 0 to 2"
    )

    @property
    def stated(self) -> dict[str, float]:
        """The sizes that a hypothesis states, by mechanism."""
        sizes = {
            "commitment": self.commitment_percent,
            "activity": self.activity_percent,
            "inflammation": self.inflammation_percent,
            "vascular": self.vascular_percent,
        }
        return {name: size for name, size in sizes.items() if size is not None}

    @model_validator(mode="after")
    def _fits(self) -> Cells:
        if self.prior == "evidence" and (self.stated or self.person_spread is not None):
            raise slip("the evidence prior states no sizes", 'Write prior = "hypothesis", or leave the sizes out')
        if self.prior == "hypothesis" and not self.stated:
            raise slip(
                "the hypothesis states no size",
                "Write for example activity_percent = 50; the others are commitment_percent, inflammation_percent and "
                "vascular_percent",
            )
        return self


class ArmPlan(Record):
    """One arm: what it is given, who stays on it, how much of it is taken, and its share of the people."""

    name: Name = Field(description="Write a short name, such as placebo")
    therapy: Annotated[str, Strict()] = Field(
        description="Write a therapy's name or a regimen, such as none, zoledronate@5mg/18m or denosumab:24,alendronate"
    )
    cells: Cells | None = Field(None, description="Write the cell product of a therapy with stem cells")
    share: Number = Field(
        1.0, gt=0.0, le=100.0, description="Write the arm's part in the allocation; 2 beside 1 is two to one"
    )
    dropout_per_year: Share = 0.0
    adherence: Number = Field(
        1.0, gt=0.0, le=1.0, description="Write the share of doses that is taken, such as 0.8 for 80 in 100"
    )


class EndpointPlan(Record):
    """What is compared between the arms; the first endpoint of the file is the primary one."""

    name: Name | None = Field(None, description="Write a short name")
    measure: Literal["bmd", "surrogate", "ctx", "fracture"] = Field(
        description="Write bmd (with site and month), surrogate (total hip at 24 months), ctx (with month) or fracture"
    )
    site: SiteName | None = Field(None, description="Write lumbar_spine, total_hip or femoral_neck")
    month: Count | None = Field(None, gt=0, description="Write the month at which it is read: one of visits_months")
    fracture: FractureKind | None = Field(
        None, description="Write major (hip, clinical spine, forearm or shoulder), nonvertebral or spine"
    )

    @model_validator(mode="after")
    def _fits(self) -> EndpointPlan:
        needed = {"bmd": ("site", "month"), "ctx": ("month",), "fracture": ("fracture",), "surrogate": ()}[self.measure]
        for key in ("site", "month", "fracture"):
            given = getattr(self, key) is not None
            if key in needed and not given:
                raise slip(f"the measure {self.measure} needs {key}", f"Add {key}")
            if key not in needed and given:
                raise slip(f"the measure {self.measure} has no {key}", f"Leave {key} out")
        return self

    @property
    def read_site(self) -> SiteName | None:
        """The site of a BMD endpoint."""
        return "total_hip" if self.measure == "surrogate" else self.site

    @property
    def read_month(self) -> int | None:
        """The month at which it is read; none for fractures, which are counted until the end."""
        return SURROGATE_MONTHS if self.measure == "surrogate" else self.month

    @property
    def label(self) -> str:
        """Its name, or what it is in words."""
        if self.name:
            return self.name
        if self.measure == "fracture":
            return f"first {self.fracture} fracture"
        what = "CTX" if self.measure == "ctx" else f"{str(self.read_site).replace('_', ' ')} BMD"
        return f"change of {what} at {self.read_month} months"


class Measurement(Record):
    """Error of one measurement, in per cent of its value; for BMD the published precision unless stated."""

    lumbar_spine_percent: Number | None = Field(None, ge=0.0, le=10.0, description="Write the precision error in %")
    total_hip_percent: Number | None = Field(None, ge=0.0, le=10.0, description="Write the precision error in %")
    femoral_neck_percent: Number | None = Field(None, ge=0.0, le=10.0, description="Write the precision error in %")
    ctx_percent: Number | None = Field(
        None, ge=0.0, le=50.0, description="Write how much repeated CTX of one person differs, in % (SD)"
    )


class Analysis(Record):
    """How the arms are compared."""

    control: Name | None = Field(None, description="Write the name of the arm that the others are compared with")
    method: Literal["ancova", "difference"] = Field(
        "ancova", description="Write ancova (adjusted for the measurement at baseline) or difference (of means)"
    )
    estimand: Literal["treatment-policy", "hypothetical"] = Field(
        "treatment-policy",
        description="Write treatment-policy (everybody is measured, whatever was taken) or hypothetical (as if nobody "
        "had stopped: measurements after stopping are left out)",
    )
    alpha: Number = Field(0.05, gt=0.0, lt=0.5, description="Write the two-sided level, such as 0.05")
    adjust: Literal["none", "bonferroni"] = Field(
        "none", description="Write none, or bonferroni to share alpha among the arms beside the control"
    )
    power: Number = Field(0.9, gt=0.05, lt=1.0, description="Write the power that is wanted, such as 0.9")
    lost_per_year: Share = 0.0


class DoseRange(Record):
    """The doses between which one is looked for, in the unit of the medicine."""

    lowest: Number = Field(gt=0.0, description="Write the lowest dose to try")
    highest: Number = Field(gt=0.0, description="Write the highest dose to try")

    @model_validator(mode="after")
    def _fits(self) -> DoseRange:
        if self.highest <= self.lowest:
            raise slip("highest does not lie above lowest", "Exchange the two")
        return self


class Free(Record):
    """What may be chosen; every list is tried with every other. ``{dose}`` in a therapy is the dose looked for."""

    therapy: tuple[Annotated[str, Strict()], ...] = Field((), description="Write regimens of the arm to try")
    dose: DoseRange | None = Field(None, description="Write for example { lowest = 1, highest = 10 }")
    million_cells: tuple[Number, ...] = Field((), description="Write doses to try, in millions of cells")
    infusions: tuple[Count, ...] = Field((), description="Write numbers of infusions to try")
    interval_days: tuple[Number, ...] = Field((), description="Write intervals to try, in days")
    share: tuple[Number, ...] = Field((), description="Write shares of the arm to try; the control keeps its own")
    month: tuple[Count, ...] = Field((), description="Write months of the primary endpoint to try")
    visits_months: tuple[tuple[Count, ...], ...] = Field((), description="Write lists of visits to try")


class Cost(Record):
    """What things cost, in any one currency."""

    person: Number = Field(1.0, ge=0.0, description="Write what one person costs, visits and doses apart")
    visit: Number = Field(0.0, ge=0.0, description="Write what one visit of one person costs")
    dose: Number = Field(0.0, ge=0.0, description="Write what one dose (injection, infusion, month of tablets) costs")
    million_cells: Number = Field(0.0, ge=0.0, description="Write what a million cells cost")


class Optimise(Record):
    """What to look for: the cheapest design with the power wanted, or the dose that reaches an effect."""

    arm: Name = Field(description="Write the name of the arm whose design is free")
    goal: Literal["power", "effect"] = Field(
        "power", description="Write power (the cheapest design) or effect (the least dose that reaches effect_points)"
    )
    effect_points: Number | None = Field(
        None, description="Write the difference from control to reach, in percentage points"
    )
    free: Free = Free()
    cost: Cost = Cost()

    @model_validator(mode="after")
    def _fits(self) -> Optimise:
        if self.goal == "effect" and not self.effect_points:
            raise slip("the goal effect needs effect_points", "Write the difference to reach, such as 1.4")
        if self.goal == "power" and self.effect_points is not None:
            raise slip("effect_points belongs to the goal effect", 'Write goal = "effect", or leave effect_points out')
        return self


class Protocol(Record):
    """A planned trial, whole."""

    title: Annotated[str, Strict()] = Field(min_length=1, max_length=200, description="Write what the trial is")
    seed: Count = Field(0, ge=0, description="Write a whole number, 0 or more: the same seed draws the same people")
    years: Number = Field(gt=0.0, le=LONGEST_YEARS, description="Write the years of follow-up, up to 20")
    visits_months: Annotated[tuple[Count, ...], AfterValidator(_rising)] = Field(
        min_length=1, description="Write the months of the visits after baseline, such as [6, 12, 24, 36]"
    )
    population: Population = Field(description="Begin a part [population]")
    background: Annotated[str, Strict()] = Field(
        "none", description="Write what every arm is given beside its therapy, such as calcium_vitamin_d"
    )
    arms: tuple[ArmPlan, ...] = Field(min_length=2, description="Begin each arm with [[arms]]; a trial needs two")
    endpoints: tuple[EndpointPlan, ...] = Field(min_length=1, description="Begin each endpoint with [[endpoints]]")
    measurement: Measurement = Measurement()
    analysis: Analysis = Analysis()
    optimise: Optimise | None = Field(None, description="Begin a part [optimise]")

    @property
    def study(self) -> str:
        """The name under which this trial's people and luck are drawn: the seed alone, whatever else is changed."""
        return f"planned trial {self.seed}"

    @property
    def control(self) -> int:
        """The number of the control arm: the one that is named, else the first."""
        names = [arm.name for arm in self.arms]
        return 0 if self.analysis.control is None else names.index(self.analysis.control)

    @property
    def actives(self) -> tuple[int, ...]:
        """The numbers of the arms beside the control."""
        return tuple(number for number in range(len(self.arms)) if number != self.control)

    @property
    def primary(self) -> EndpointPlan:
        """The first endpoint."""
        return self.endpoints[0]

    @property
    def fractures(self) -> tuple[EndpointPlan, ...]:
        """The endpoints that count fractures."""
        return tuple(one for one in self.endpoints if one.measure == "fracture")

    @property
    def level(self) -> float:
        """The two-sided level of one comparison."""
        shared = self.analysis.adjust == "bonferroni"
        return self.analysis.alpha / (len(self.actives) if shared else 1)
