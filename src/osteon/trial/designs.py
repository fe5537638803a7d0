"""Three published trials in women with osteopenia, as their abstracts describe them.

What an abstract does not say is said under ``apart``. Nothing here was chosen by what comes out.
"""

from __future__ import annotations

from functools import cache

from osteon.evidence import value
from osteon.trial.design import Ages, Arm, Design, Inclusion, Printed

_NO_RADIOGRAPHS = (
    "The trial also counted fractures of the spine that only a radiograph shows, and fragility fractures at other "
    "sites; the model has hip, clinical spine, forearm and shoulder."
)
_US_RATES = (
    "The rates are those of the United States in 2006 and every risk factor counts as average. Their level hardly "
    "moves a ratio, the mix of sites does."
)


@cache
def _reid2018() -> Design:
    oldest = 90.0  # the trial named no upper limit; the models' horizon has one
    return Design(
        name="reid2018",
        title="Zoledronate every 18 months in older women with osteopenia (Reid 2018)",
        inclusion=Inclusion(
            ages=Ages(
                value("trial.reid2018.youngest"), oldest, value("trial.reid2018.age"), value("trial.reid2018.age_sd")
            ),
            sites=("femoral_neck", "total_hip"),
            lowest=value("trial.reid2018.t_lowest"),
            highest=value("trial.reid2018.t_highest"),
        ),
        control=Arm("placebo", "none"),
        active=Arm("zoledronate", "zoledronate 5 x4/18m"),
        years=value("reid2018.years"),
        visits_months=(18, 36, 54, 72),
        women=round(value("reid2018.randomised")),
        printed=(
            Printed("any fragility fracture, hazard ratio", "reid2018.hazard_ratio", "major"),
            Printed("nonvertebral fragility, hazard ratio", "reid2018.nonvertebral.hazard_ratio", "nonvertebral"),
            Printed("vertebral fracture on radiographs, odds ratio", "reid2018.vertebral.odds_ratio", "spine"),
        ),
        apart=(
            _NO_RADIOGRAPHS,
            "A woman with a hip site below -2.5 is left out, as having osteoporosis; left and right hip are one.",
            "Vitamin D was given to both arms and is left out of both.",
            _US_RATES,
        ),
        sources=("reid2018_zol",),
    )


@cache
def _bolland2025() -> Design:
    youngest, oldest, mean = (value(f"trial.bolland2025.{part}") for part in ("youngest", "oldest", "age"))
    return Design(
        name="bolland2025",
        title="Two infusions of zoledronate in ten years, women of 50 to 60 (Bolland 2025)",
        inclusion=Inclusion(
            ages=Ages(max(youngest, 2 * mean - oldest), oldest),
            sites=("femoral_neck", "total_hip"),
            lowest=value("trial.bolland2025.t_lowest"),
            highest=value("trial.bolland2025.t_highest"),
        ),
        control=Arm("placebo", "none"),
        active=Arm("zoledronate", "zoledronate 5 x2/60m"),
        years=value("bolland2025.years"),
        visits_months=(60, 120),
        women=round(value("trial.bolland2025.two_arms")),
        printed=(
            Printed("any fragility fracture, risk ratio", "bolland2025.fragility.two_infusions_rr", "major"),
            Printed("vertebral fracture on radiographs, risk ratio", "bolland2025.vertebral.two_infusions_rr", "spine"),
        ),
        apart=(
            _NO_RADIOGRAPHS,
            "The trial looked at the spine as well; its T-scores need a device's own reference: only the hip counts.",
            "Ages are spread evenly so that their mean is the printed 56.",
            _US_RATES,
        ),
        sources=("bolland2025_zol",),
    )


@cache
def _fit() -> Design:
    dosing = "calcium_vitamin_d 1/d"
    return Design(
        name="fit_osteopenia",
        title="Alendronate in women with a femoral-neck T-score of -1.6 to -2.5 (Fracture Intervention Trial)",
        inclusion=Inclusion(
            ages=Ages(value("trial.fit_osteopenia.youngest"), value("trial.fit_osteopenia.oldest")),
            sites=("femoral_neck",),
            lowest=value("trial.fit_osteopenia.t_lowest"),
            highest=value("trial.fit_osteopenia.t_highest"),
        ),
        control=Arm("placebo", dosing),
        active=Arm("alendronate", f"{dosing} + alendronate 5/d 0-24m + alendronate 10/d 24-60m"),
        years=value("trial.fit_osteopenia.years"),
        visits_months=(24, 36),
        women=round(value("fit_osteopenia.women")),
        printed=(
            Printed("clinical vertebral fracture, risk ratio", "fit_osteopenia.clinical_vertebral_rr", "spine"),
            Printed("vertebral on radiographs, risk ratio", "fit_osteopenia.radiographic_vertebral_rr", "spine"),
        ),
        apart=(
            "Some of the women had a vertebral fracture before; in the model every risk factor counts as average.",
            "The abstract prints no mean age: ages are spread evenly from 55 to 80.",
            "Calcium and vitamin D go to all women of both arms.",
            _US_RATES,
        ),
        sources=("quandt2005_fit",),
    )


DESIGNS = {"reid2018": _reid2018, "bolland2025": _bolland2025, "fit_osteopenia": _fit}
"""Functions that give the designs, by name."""
