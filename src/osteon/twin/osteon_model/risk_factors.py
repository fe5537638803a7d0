"""Risk factors and changes of life: each a channel that is switched on from a day, or a trait of the person.

Channels act from the day on which they are started (a glucocorticoid in mg prednisone a day; the others 1 a day).
Traits (smoking, alcohol, calcium deficit, inflammation) hold through adult life and can be relieved by a channel.
Bone gets used to exercise: what was a new load becomes in part the habitual one, so that the gain comes early and the
lead over sedentary women hardly grows afterwards.
Diabetes has no term: bone density is kept in type 2 diabetes while fractures are more frequent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from osteon.twin.engine.model import Array, EffectCompartment, Parameters

SWITCHES = (
    "calcium_vitamin_d",
    "exercise",
    "stop_smoking",
    "less_alcohol",
    "aromatase_inhibitor",
    "androgen_deprivation",
    "thyroxine_excess",
    "immobilisation",
    "weight_loss",
)
"""Channels whose dose is 1 a day and whose level therefore tends to 1."""


class LifeSignals(NamedTuple):
    """What the cells see of risk factors and habits."""

    hormone_loss: Array
    calcium_deficit: Array
    calcium_given: Array
    thyroid: Array
    aromatase_inhibitor: Array
    load: Array
    osteoblast_harm: Array
    glucocorticoid: Array
    inflammation: Array


def channels(p: Parameters) -> dict[str, EffectCompartment]:
    """The effect compartments of habits and risk factors."""
    k = p["habit_k"]
    found = {name: EffectCompartment(name, k, k, 10.0, 0.25) for name in SWITCHES}
    slow = p["exercise_accommodation_k"]
    found["exercise_accommodation"] = EffectCompartment("exercise", slow, slow, 10.0, 0.25)
    found["glucocorticoid"] = EffectCompartment("glucocorticoid", k / 7.5, k, 5.0, 0.25)
    return found


def signals(xp: Any, level: Mapping[str, Array], p: Parameters) -> LifeSignals:
    """From the levels of the compartments and the traits of the person to what the cells see."""
    tablets = level["glucocorticoid"]
    given = level["calcium_vitamin_d"]
    smoking = p["smoking"] * (1.0 - level["stop_smoking"])
    alcohol = p["alcohol_excess"] * (1.0 - level["less_alcohol"])
    felt = level["exercise"] - p["exercise_accommodation"] * level["exercise_accommodation"]
    load = (
        1.0
        + p["exercise_on_load"] * felt
        - p["immobilisation_on_load"] * level["immobilisation"]
        - p["weight_loss_on_load"] * level["weight_loss"]
        - p["inactivity_on_load"] * p["inactivity"]
    )
    return LifeSignals(
        hormone_loss=p["aromatase_inhibitor_deficit"] * level["aromatase_inhibitor"]
        + p["androgen_deprivation_deficit"] * level["androgen_deprivation"],
        calcium_deficit=p["calcium_deficit"] * (1.0 - given),
        calcium_given=p["calcium_deficit"] * given,
        thyroid=level["thyroxine_excess"],
        aromatase_inhibitor=level["aromatase_inhibitor"],
        load=load,
        osteoblast_harm=p["smoking_on_osteoblast"] * smoking + p["alcohol_on_osteoblast"] * alcohol,
        glucocorticoid=tablets / (1.0 + tablets),
        inflammation=1.0 + p["inflammatory_disease"],
    )
