"""The behaviours that the docs show: which courses to compare, and what must hold of them."""

from __future__ import annotations

from osteon.twin.osteon_model.emergent import (
    CTX,
    HIP,
    P1NP,
    SPINE,
    UNTREATED,
    Behaviour,
    Claim,
    at,
    between,
    gap,
    kept,
    peak,
    rises_after,
)

ONE_INFUSION = Behaviour(
    key="zoledronate-one-infusion",
    title="One infusion of zoledronate, five years",
    schedules={"one infusion": "zoledronate 5 x1", "every year": "zoledronate 5 x6/12m", UNTREATED: "none"},
    shown=(HIP, SPINE, CTX),
    years=6.0,
    treated_years=0.0,
    claims=(
        Claim(
            "After five years, total-hip BMD is still above no treatment",
            gap("one infusion", UNTREATED, HIP, 60),
            "points",
            low=1.0,
        ),
        Claim(
            "After five years, CTX is still below no treatment",
            gap("one infusion", UNTREATED, CTX, 60),
            "points",
            high=-5.0,
        ),
        Claim(
            "But CTX is rising: after five years against after one",
            between("one infusion", CTX, 12, 60),
            "points",
            low=5.0,
        ),
        Claim(
            "CTX under yearly infusions against one infusion",
            gap("every year", "one infusion", CTX, 60),
            "points",
            high=-5.0,
        ),
    ),
)

STOPPED_ALENDRONATE = Behaviour(
    key="alendronate-stopped",
    title="Alendronate, stopped after five years or carried on",
    schedules={
        "stopped after 5 years": "alendronate 10/d 0-60m",
        "carried on": "alendronate 10/d 0-120m",
        UNTREATED: "none",
    },
    shown=(HIP, SPINE, CTX),
    years=10.0,
    treated_years=5.0,
    claims=(
        Claim(
            "In the two years after stopping, the total hip loses little",
            between("stopped after 5 years", HIP, 60, 84),
            "points",
            low=-2.0,
            high=0.5,
        ),
        Claim(
            "Five years after stopping, it is still above no treatment",
            gap("stopped after 5 years", UNTREATED, HIP, 120),
            "points",
            low=2.0,
        ),
        Claim(
            "Against carrying on, five years after stopping (FLEX, which was fitted: −2.4)",
            gap("stopped after 5 years", "carried on", HIP, 120),
            "points",
            low=-4.0,
            high=-1.0,
        ),
        Claim(
            "CTX rises over the years after stopping", between("stopped after 5 years", CTX, 60, 96), "points", low=5.0
        ),
        Claim(
            "and does not overshoot: CTX three years after stopping",
            at("stopped after 5 years", CTX, 96),
            "%",
            high=10.0,
        ),
    ),
)

STOPPED_DENOSUMAB = Behaviour(
    key="denosumab-stopped",
    title="Denosumab, stopped after three years",
    schedules={
        "stopped": "denosumab 60 x6/6m",
        "carried on": "denosumab 60 x12/6m",
        "zoledronate after it": "denosumab 60 x6/6m + zoledronate 5 x2/12m @37m",
        UNTREATED: "none",
    },
    shown=(SPINE, HIP, CTX),
    years=6.0,
    treated_years=3.0,
    claims=(
        Claim("CTX overshoots the level before treatment; its peak", peak("stopped", CTX, 37, 60), "%", low=30.0),
        Claim(
            "It passes that level so long after the missed injection (published: within 3 months)",
            rises_after("stopped", CTX, 36),
            "months",
            low=0.0,
            high=5.0,
        ),
        Claim(
            "Of the spine's gain, this is left two years after the last effect",
            kept("stopped", SPINE, 36, 60),
            "% of it",
            high=50.0,
        ),
        Claim("Of the hip's gain, this is left", kept("stopped", HIP, 36, 60), "% of it", high=25.0),
        Claim(
            "Zoledronate after it keeps more at the spine, by",
            gap("zoledronate after it", "stopped", SPINE, 60),
            "points",
            low=3.0,
        ),
    ),
)

LATE_DENOSUMAB = Behaviour(
    key="denosumab-late",
    title="Denosumab, the third injection six months late",
    schedules={
        "on time": "denosumab 60 x6/6m",
        "third injection late": "denosumab 60 x2/6m + denosumab 60 x3/6m @18m",
        UNTREATED: "none",
    },
    shown=(CTX, HIP, SPINE),
    years=3.0,
    treated_years=3.0,
    claims=(
        Claim(
            "CTX a month before the late injection, against on time",
            gap("third injection late", "on time", CTX, 17),
            "points",
            low=20.0,
        ),
        Claim(
            "and total-hip BMD, against on time", gap("third injection late", "on time", HIP, 17), "points", high=-0.1
        ),
        Claim(
            "Afterwards the hip gains again: from month 17 to month 30",
            between("third injection late", HIP, 17, 30),
            "points",
            low=0.1,
        ),
        Claim(
            "and at month 30, against on time",
            gap("third injection late", "on time", HIP, 30),
            "points",
            high=0.0,
        ),
    ),
)


def _nothing_or_alendronate(end: int) -> tuple[Claim, Claim]:
    """What the spine does in two years after a bone-forming medicine that ended in this month."""
    return (
        Claim(
            "With nothing after it, left of the spine's gain in two years",
            kept("then nothing", SPINE, end, end + 24),
            "% of it",
            high=75.0,
        ),
        Claim(
            "With alendronate after it, the spine gains further",
            between("then alendronate", SPINE, end, end + 24),
            "points",
            low=0.0,
        ),
    )


AFTER_TERIPARATIDE = Behaviour(
    key="teriparatide-then",
    title="Two years of teriparatide, then nothing or alendronate",
    schedules={
        "then nothing": "teriparatide 20/d 0-24m",
        "then alendronate": "teriparatide 20/d 0-24m + alendronate 10/d 24-96m",
        UNTREATED: "none",
    },
    shown=(SPINE, HIP, P1NP),
    years=5.0,
    treated_years=2.0,
    claims=(
        *_nothing_or_alendronate(24),
        Claim(
            "Two years after the end, alendronate is ahead at the hip by",
            gap("then alendronate", "then nothing", HIP, 48),
            "points",
            low=1.0,
        ),
    ),
)

AFTER_ROMOSOZUMAB = Behaviour(
    key="romosozumab-then",
    title="A year of romosozumab, then nothing or alendronate",
    schedules={
        "then nothing": "romosozumab 210 x12/1m",
        "then alendronate": "romosozumab 210 x12/1m + alendronate 10/d 12-96m",
        UNTREATED: "none",
    },
    shown=(SPINE, HIP, P1NP),
    years=4.0,
    treated_years=1.0,
    claims=(
        Claim(
            "Formation wanes during treatment: P1NP in month 12 against month 1",
            between("then nothing", P1NP, 1, 12),
            "points",
            high=-10.0,
        ),
        Claim(
            "and undershoots afterwards: P1NP three months after the last effect",
            at("then nothing", P1NP, 15),
            "%",
            high=-5.0,
        ),
        *_nothing_or_alendronate(12),
    ),
)

ORDER = Behaviour(
    key="order",
    title="Romosozumab and denosumab, a year each: the order matters",
    schedules={
        "romosozumab first": "romosozumab 210 x12/1m + denosumab 60 x2/6m @12m",
        "denosumab first": "denosumab 60 x2/6m + romosozumab 210 x12/1m @12m",
        UNTREATED: "none",
    },
    shown=(SPINE, HIP, CTX),
    years=2.0,
    treated_years=1.0,
    claims=(
        Claim(
            "Romosozumab first is ahead at the total hip, by",
            gap("romosozumab first", "denosumab first", HIP, 24),
            "points",
            low=0.5,
        ),
        Claim("and at the spine, by", gap("romosozumab first", "denosumab first", SPINE, 24), "points", low=0.5),
    ),
)

GLUCOCORTICOIDS = Behaviour(
    key="glucocorticoids",
    title="Glucocorticoids for a year (prednisolone): loss and partial recovery",
    schedules={
        "10 mg a day, stopped": "glucocorticoid 10/d 0-12m",
        "30 mg a day, stopped": "glucocorticoid 30/d 0-12m",
        "10 mg a day, carried on": "glucocorticoid 10/d 0-60m",
    },
    shown=(SPINE, HIP, P1NP),
    years=4.0,
    treated_years=1.0,
    net=True,
    claims=(
        Claim("A year of 10 mg costs the spine", at("10 mg a day, stopped", SPINE, 12), "points", high=-2.0),
        Claim(
            "A year of 30 mg against a year of 10 mg",
            gap("30 mg a day, stopped", "10 mg a day, stopped", SPINE, 12),
            "points",
            high=-0.3,
        ),
        Claim(
            "Won back in two years, of the loss under 10 mg",
            lambda c: 100.0 - kept("10 mg a day, stopped", SPINE, 12, 36)(c),
            "% of it",
            low=20.0,
            high=99.0,
        ),
    ),
)

CALCIUM = Behaviour(
    key="calcium-vitamin-d",
    title="Calcium and vitamin D: one small step, and nothing in the replete",
    schedules={
        "usual intake before": "calcium_vitamin_d 1/d",
        "replete before": "calcium_vitamin_d 1/d",
    },
    traits={"replete before": {"calcium_deficit": 0.0}},
    shown=(HIP, SPINE),
    years=5.0,
    treated_years=5.0,
    net=True,
    claims=(
        Claim(
            "The step at the total hip after two years",
            at("usual intake before", HIP, 24),
            "points",
            low=0.05,
            high=1.0,
        ),
        Claim(
            "It does not go on growing: five years against two",
            lambda c: kept("usual intake before", HIP, 24, 60)(c) / 100.0,
            "times",
            high=2.5,
        ),
        Claim("In somebody replete, after five years", at("replete before", HIP, 60), "points", low=-1e-9, high=1e-9),
    ),
)

EXERCISE = Behaviour(
    key="exercise",
    title="Exercise is modest, and only lasts while it lasts",
    schedules={
        "exercise": "exercise 1/d",
        "exercise, given up after 2 years": "exercise 1/d 0-24m",
        "alendronate, for scale": "alendronate 10/d 0-60m",
    },
    shown=(SPINE, HIP),
    years=5.0,
    treated_years=2.0,
    net=True,
    claims=(
        Claim("A year of exercise at the spine", at("exercise", SPINE, 12), "points", low=0.2, high=2.0),
        Claim(
            "Alendronate gives more in a year, by",
            gap("alendronate, for scale", "exercise", SPINE, 12),
            "points",
            low=1.0,
        ),
        Claim(
            "Given up after two years, left of the gain at five",
            kept("exercise, given up after 2 years", SPINE, 24, 60),
            "% of it",
            high=80.0,
        ),
    ),
)

BEHAVIOURS: tuple[Behaviour, ...] = (
    ONE_INFUSION,
    STOPPED_ALENDRONATE,
    STOPPED_DENOSUMAB,
    LATE_DENOSUMAB,
    AFTER_TERIPARATIDE,
    AFTER_ROMOSOZUMAB,
    ORDER,
    GLUCOCORTICOIDS,
    CALCIUM,
    EXERCISE,
)
"""In the order of the page."""
