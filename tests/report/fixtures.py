"""Reports made by hand, so that the pages can be tested without the sciences. The numbers are invented."""

from __future__ import annotations

import math
from typing import Literal

from osteon.care.result import (
    CellTherapy,
    ChecklistItem,
    Claim,
    GuidelineAdvice,
    MonitoringStep,
    Option,
    OptionEvidence,
    RegulatorPosition,
    Standing,
    SuitabilityItem,
)
from osteon.densitometry.result import Densitometry, SiteResult
from osteon.evidence import THERAPIES
from osteon.person import Person, Site
from osteon.report.assemble import combine
from osteon.report.result import Report
from osteon.risk.result import FractureRisk, ScreeningScore
from osteon.twin.result import Band, BandParts, FractureProjection, PersonalFit, Projection, TherapyProjection

NOTICE = "This score is an estimate. Copyright notice and disclaimer of the original tool stand here in full."
SOURCE = "joerg2022"
STATEMENT = (
    "This projection is anchored to the person's own scan. On trial results that it had not seen, the model's mean "
    "error was 1.1 percentage points of bone density."
)

FULL = Person.model_validate(
    {
        "id": "fixture-1",
        "label": "Example person, not a real patient",
        "sex": "female",
        "age_years": 64,
        "height_cm": 163,
        "weight_kg": 61,
        "ethnicity": "white",
        "menopause_age_years": 50,
        "history": {
            "parent_hip_fracture": True,
            "smoking": "former",
            "glucocorticoids": False,
            "falls_last_year": 1,
        },
        "labs": {"ctx_ng_l": 520, "vitamin_d_nmol_l": 48, "egfr_ml_min": 78},
        "scans": [
            {
                "date": "2021-02-10",
                "device": "Hologic Horizon A",
                "sites": [{"site": "femoral_neck", "bmd_g_cm2": 0.668, "t_score": -1.6}],
            },
            {
                "date": "2026-03-02",
                "device": "Hologic Horizon A",
                "sites": [
                    {"site": "lumbar_spine", "bmd_g_cm2": 0.874, "t_score": -1.6},
                    {"site": "total_hip", "bmd_g_cm2": 0.761, "t_score": -1.5},
                    {"site": "femoral_neck", "bmd_g_cm2": 0.642, "t_score": -1.8},
                ],
            },
        ],
    }
)
MINIMAL = Person.model_validate(
    {
        "sex": "female",
        "age_years": 58,
        "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}],
    }
)
YOUNG_MAN = Person.model_validate(
    {
        "sex": "male",
        "age_years": 43,
        "label": "Example: a man under 50",
        "scans": [
            {
                "date": "2026-01-12",
                "device": "GE Lunar Prodigy",
                "sites": [{"site": "lumbar_spine", "bmd_g_cm2": 0.98, "t_score": -1.9, "z_score": -2.1}],
            }
        ],
    }
)


def densitometry(person: Person) -> Densitometry:
    """What the scan says, by the shape of the record alone."""
    scan = person.latest_scan
    assert scan is not None
    by_z = person.sex == "male"
    sites = tuple(
        SiteResult(
            site=one.site,
            side=one.side,
            bmd_g_cm2=one.bmd_g_cm2,
            t_score=one.t_score,
            t_score_source="printed" if one.t_score is not None else None,
            z_score=one.z_score,
            z_score_source="printed" if one.z_score is not None else None,
            used_for_diagnosis=True,
        )
        for one in scan.sites
    )
    lowest = min((one for one in sites if one.t_score is not None), key=lambda one: one.t_score or 0)
    return Densitometry(
        diagnosis="below-expected-for-age" if by_z else "osteopenia",
        rule="Z-score" if by_z else "T-score",
        reason="The Z-score is at or below -2.0." if by_z else "The lowest T-score lies between -1.0 and -2.5.",
        deciding_site=lowest.site,
        deciding_side=lowest.side,
        lowest_t_score=lowest.t_score,
        lowest_z_score=lowest.z_score,
        scan_date=scan.date,
        device=scan.device,
        sites=sites,
        warnings=() if scan.device else ("The maker of the scanner is not recorded.",),
        sources=(SOURCE,),
    )


def risks(person: Person) -> tuple[FractureRisk, ...]:
    """Two probabilities, or none for a record without weight."""
    usable = person.weight_kg is not None
    return tuple(
        FractureRisk(
            tool="QFracture-2012",
            outcome=outcome,
            horizon_years=10,
            percent=number if usable else None,
            inputs_missing=("asthma_copd", "epilepsy") if usable else ("height_cm", "weight_kg"),
            reason="Computed from the record." if usable else "Height and weight are needed.",
            notice=NOTICE,
            sources=(SOURCE,),
        )
        for outcome, number in (("major_osteoporotic", 6.84), ("hip", 0.93))
    )


SCREENING = (
    ScreeningScore(
        tool="OST",
        variant="truncated",
        score=0.0,
        positive=True,
        threshold="below 2",
        inputs_missing=(),
        reason="Weight and age.",
        sources=(SOURCE,),
    ),
    ScreeningScore(
        tool="ORAI",
        variant="published",
        score=None,
        positive=None,
        threshold="9 or more",
        inputs_missing=("oestrogen",),
        reason="Present oestrogen use is needed.",
        sources=(SOURCE,),
    ),
)

_STANDINGS: dict[str, Standing] = {
    "none": "baseline",
    "stop_smoking": "not now",
    "less_alcohol": "not now",
    "exercise": "advised",
    "calcium_vitamin_d": "consider",
    "alendronate": "consider",
    "zoledronate": "trial",
    "hormone_therapy": "unclear",
    "raloxifene": "consider",
}


def options() -> tuple[Option, ...]:
    """One option a therapy."""
    found = []
    for name, therapy in THERAPIES.items():
        standing: Standing = "experimental" if therapy.hypothetical else _STANDINGS.get(name, "not now")
        eligible: bool | Literal["uncertain"] = standing in ("advised", "consider", "trial", "baseline")
        if standing == "unclear":
            eligible = "uncertain"
        found.append(
            Option(
                therapy=name,
                label=therapy.label,
                recommendation=f"{therapy.label} stands here as {standing}.",
                eligible=eligible,
                reasons=("The most decisive reason in one sentence.", "A second reason.")[: 2 if eligible else 1],
                evidence=OptionEvidence(
                    certainty="none" if therapy.hypothetical else "moderate",
                    certainty_reason="Trials in people like this are few.",
                    summary="In trials, fewer people broke a bone than with a dummy treatment.",
                    sources=(SOURCE,),
                ),
                group=therapy.group,
                standing=standing,
                guidelines=(
                    GuidelineAdvice(
                        guideline="Example guideline",
                        year=2022,
                        strength="strong",
                        who="women after menopause",
                        advice="may be offered",
                        verdict="may",
                        applies=True,
                        missing=(),
                        source=SOURCE,
                        country="International",
                        at_home=True,
                    ),
                )
                if standing == "consider"
                else (),
                checks=("kidney function",) if therapy.group == "antiresorptive" else (),
                harms=("upset stomach",) if therapy.group == "antiresorptive" else (),
                burden="A tablet once a week." if name == "alendronate" else "",
                on_stopping="The effect fades." if therapy.group in ("antiresorptive", "anabolic") else "",
                hypothetical=therapy.hypothetical,
            )
        )
    return tuple(found)


def projection() -> Projection:
    """Smooth curves for no treatment, four medicines, a sequence and one hypothesis."""
    times = tuple(round(0.25 * step, 2) for step in range(41))

    today: dict[Site, float] = {"lumbar_spine": 0.874, "total_hip": 0.761, "femoral_neck": 0.642}

    def curve(
        site: Site, name: str, label: str, gain: float, fade: float, *, hypothetical: bool = False
    ) -> TherapyProjection:
        median = tuple(
            round(today[site] * (1 - 0.006 * t + gain * (1 - math.exp(-t)) * math.exp(-fade * t)), 4) for t in times
        )
        width = [0.02 + (0.03 if hypothetical else 0.004) * math.sqrt(t) if t else 0.0 for t in times]
        return TherapyProjection(
            therapy=name,
            label=label,
            site=site,
            t_years=times,
            median=median,
            lower=tuple(round(m - w, 4) for m, w in zip(median, width, strict=True)),
            upper=tuple(round(m + w, 4) for m, w in zip(median, width, strict=True)),
            t_score=tuple(round((m - 0.942) / 0.122, 2) for m in median),
            unit="g/cm2",
            fracture=FractureProjection(major_osteoporotic_percent=None, hip_percent=None),
            hypothetical=hypothetical,
            model_check=f"{label}: on 4 trial results (2 publications) that it had not seen, the model was off by "
            "1.1 points at the spine on average.",
            followed_years=None if name == "none" or hypothetical else 4.0,
            shown_as="hypothetical" if hypothetical else "comparison" if name == "none" else "option",
            parts=parts(median, width) if hypothetical else None,
        )

    def parts(median: tuple[float, ...], width: list[float]) -> BandParts:
        band = Band(
            lower=tuple(m - w / 4 for m, w in zip(median, width, strict=True)),
            upper=tuple(m + w / 4 for m, w in zip(median, width, strict=True)),
        )
        return BandParts(people=band, model_error=band, measured=band, cells=band)

    return Projection(
        years=10,
        interval=0.9,
        interval_meaning="The band is the model's published error on trial arms.",
        model="osteon",
        statement=STATEMENT,
        therapies=tuple(
            one
            for site in today
            for one in (
                curve(site, "none", "No treatment", 0.0, 0.0),
                curve(site, "alendronate", "Alendronate, continued", 0.05, 0.01),
                curve(site, "zoledronate", "Zoledronate, continued", 0.06, 0.01),
                curve(site, "denosumab", "Denosumab, continued", 0.09, 0.0),
                curve(site, "teriparatide", "Teriparatide", 0.05, 0.15),
                curve(site, "romosozumab", "Romosozumab", 0.08, 0.2),
                curve(site, "denosumab:24,alendronate:96", "Denosumab for 24 months, then alendronate", 0.08, 0.02),
                curve(site, "msc_marrow", "Stem cells from marrow (experimental)", 0.0, 0.0, hypothetical=True),
            )
        ),
        warnings=("The bone model has no term for lupus.",),
        sources=(SOURCE,),
        fit=PersonalFit(
            people=500,
            effective_sample_size=120.4,
            refined=False,
            used=("2 scans (total hip).",),
            not_used=("The bone model has no term for lupus.",),
        ),
    )


NO_PROJECTION = Projection(
    years=10,
    interval=0.9,
    interval_meaning="",
    model="",
    statement="",
    therapies=(),
    warnings=("No projection: the bone model covers adults of 20 to 100 years.",),
    sources=(),
)

CELL_THERAPY = CellTherapy(
    statement="On the evidence found, no cell therapy has been shown to raise bone density or prevent fracture.",
    hypothetical=True,
    beside="Zoledronate has the best evidence in osteopenia.",
    suitability=(SuitabilityItem(question="Cancer in the past?", answer="unknown", note="Not recorded."),),
    suitability_summary="Nobody should be treated outside a regulated trial.",
    claims=(
        Claim(
            key="regenerates",
            claim="Stem cells grow new bone",
            verdict="Not shown in people",
            human="No controlled trial found.",
            animal="Large effects in small studies.",
            laboratory="Cells can turn into bone-forming cells in a dish.",
            certainty="very-low",
            would_have_to_be_true="Cells would have to reach bone and stay.",
            sources=(SOURCE,),
        ),
    ),
    red_flags=("A fee to take part.",),
    provider_checklist=(ChecklistItem(key="fee", question="Is it free to take part?", why="Trials do not charge."),),
    provider_rule="All must hold.",
    regulators=(
        RegulatorPosition(
            region="United States",
            authority="FDA",
            date="2021",
            position="No product is approved for an orthopaedic condition.",
            source=SOURCE,
        ),
    ),
    cost_and_harm=("Unapproved products have caused harm.",),
    questions=("Which regulator has cleared this study?",),
    sources=(SOURCE,),
)

MONITORING = (
    MonitoringStep(what="Bone scan", when="in two years", years_from_scan=2.0, why="To see change.", sources=(SOURCE,)),
)


def report(person: Person, *, projected: bool = True) -> Report:
    """The whole report of one of the persons above."""
    return combine(
        person,
        densitometry=densitometry(person),
        risk=risks(person),
        screening=SCREENING if person.sex == "female" else (),
        options=options(),
        projection=projection() if projected else NO_PROJECTION,
        cell_therapy=CELL_THERAPY,
        monitoring=MONITORING,
        remarks=("The file's key 'colour' was ignored.",) if person is FULL else (),
    )


FULL_REPORT = report(FULL)
MINIMAL_REPORT = report(MINIMAL, projected=True)
YOUNG_MAN_REPORT = report(YOUNG_MAN, projected=False)
