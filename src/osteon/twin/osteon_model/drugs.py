"""Effect compartments: how doses become signals between 0 and 1 that the cells see.

========================  ==================================================================================
class                     what it does in the model
========================  ==================================================================================
bisphosphonates           bound to bone; osteoclasts that resorb it stop working. A fast share leaves the bone
                          surface within months; a slow share is buried and released over years
denosumab                 keeps osteoclast precursors from maturing. They accumulate while it lasts
anti-sclerostin           lowers free sclerostin: lining cells form bone at once, less RANKL. Bone answers with more
                          sclerostin, so the formation wanes within months and undershoots afterwards
PTH analogues             more osteoblasts from remodelling and from lining cells, longer life, more RANKL. The answer
                          wanes over months of use
oestrogen, SERM           replace a share of the missing oestrogen signal
========================  ==================================================================================

Each class is a saturable function of its level. Daily tablets and injections are continuous dosing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from osteon.twin.engine.model import Array, EffectCompartment, Parameters

BISPHOSPHONATES = ("alendronate", "risedronate", "ibandronate", "zoledronate")
OESTROGENIC = ("hormone_therapy", "raloxifene", "bazedoxifene")
USUAL_DOSE = {"hormone_therapy": 1.0, "raloxifene": 60.0, "bazedoxifene": 20.0}
"""The dose a day at which the share in the parameters holds (mg; for hormone therapy one standard dose)."""


class DrugSignals(NamedTuple):
    """What the cells see of the medicines; each is 0 without treatment."""

    bisphosphonate: Array
    denosumab: Array
    sclerostin_antibody: Array
    pth: Array
    pth_resorptive: Array
    oestrogenic: Array


def channels(p: Parameters) -> dict[str, EffectCompartment]:
    """The effect compartments of the medicines."""
    found = {
        "denosumab": EffectCompartment("denosumab", p["denosumab_potency"], p["denosumab_k"], 10.0, 0.2),
        "romosozumab": EffectCompartment("romosozumab", p["sclerostin_ab_potency"], p["romosozumab_k"], 1.5, 0.15),
        "blosozumab": EffectCompartment(
            "blosozumab", p["sclerostin_ab_potency"] * p["blosozumab_ratio"], p["blosozumab_k"], 1.5, 0.15
        ),
    }
    for drug, ratio in (("teriparatide", 1.0), ("abaloparatide", p["abaloparatide_ratio"])):
        potency, k, slow = p["pth_potency"] * ratio, p["pth_k"], p["pth_tolerance_k"]
        found[drug] = EffectCompartment(drug, potency * k, k, 0.5, 0.15)
        found[f"{drug}_tolerance"] = EffectCompartment(drug, potency * slow, slow, 5.0, 0.25)
    for drug in BISPHOSPHONATES:
        slow, potency = p[f"{drug}_slow"], p[f"{drug}_potency"]
        found[f"{drug}_surface"] = EffectCompartment(drug, potency * (1.0 - slow), p["bp_fast_k"], 5.0, 0.25)
        found[f"{drug}_buried"] = EffectCompartment(drug, potency * slow, p["bp_slow_k"], 5.0, 0.25)
    for drug in OESTROGENIC:
        found[drug] = EffectCompartment(drug, p["er_k"] / USUAL_DOSE[drug], p["er_k"], 10.0, 0.25)
    return found


def signals(xp: Any, level: Mapping[str, Array], p: Parameters) -> DrugSignals:
    """From the levels of the compartments to what the cells see."""
    bound = sum(level[f"{drug}_surface"] + level[f"{drug}_buried"] for drug in BISPHOSPHONATES)
    # Squared: the antibody is cleared faster the less of it is left, so its effect ends sooner than it would by itself.
    antibody = level["denosumab"]
    squared = antibody * antibody
    pth = level["teriparatide"] + level["abaloparatide"]
    used = level["teriparatide_tolerance"] + level["abaloparatide_tolerance"]
    waning = 1.0 / (1.0 + p["pth_tolerance"] * used / (1.0 + used))
    missing: Array = 1.0
    for drug in OESTROGENIC:
        missing = missing * (1.0 - p[f"{drug}_share"] * xp.minimum(level[drug], 1.5))
    resorptive = level["teriparatide"] + p["abaloparatide_resorption"] * level["abaloparatide"]
    return DrugSignals(
        bisphosphonate=bound * bound / (1.0 + p["bp_shape"] * bound + bound * bound),
        denosumab=squared / (1.0 + p["denosumab_shape"] * antibody + squared),
        sclerostin_antibody=level["romosozumab"] + level["blosozumab"],
        pth=waning * pth / (1.0 + pth),
        pth_resorptive=waning * resorptive / (1.0 + pth),
        oestrogenic=1.0 - missing,
    )
