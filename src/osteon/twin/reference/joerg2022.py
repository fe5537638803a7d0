"""The bone model of Jörg and colleagues (eLife 2022; 11:e76228), as published.

Women; total hip. Cells of bone remodelling (pre-osteoblasts, osteoblasts, osteocytes, pre-osteoclasts, osteoclasts)
and sclerostin, driven by oestrogen and by five drugs, form and resorb bone. Bone mineral density is bone density
times mineral fraction, relative to its value at age 25.

The equations and every parameter are those of the author's published program; the notes in ``docs/bone-model.md``
tell what the model covers and where it ends. Parameters are evidence rows named ``joerg2022.*``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

import numpy as np

from osteon.errors import ModelError
from osteon.evidence.loader import value
from osteon.twin.engine.model import DAYS_PER_YEAR, Array, EffectCompartment, Parameters

DRUGS = ("alendronate", "blosozumab", "denosumab", "romosozumab", "teriparatide")

PARAMETER_NAMES = (
    *("omega_pB", "s_pB", "eta_B", "omega_B", "eta_Y"),
    *("e_pC", "s_pC", "omega_pC", "eta_C", "nu_C", "e_C", "r_C"),
    *("e_s", "kappa_s", "delta_s"),
    *("lambda_B", "lambda_C", "s_Omega", "r_Omega", "nu_Omega"),
    *("gamma", "c_0", "a_e", "tau_e"),
    *("beta_pC_rAb", "beta_b_rAb", "eta_C_bp", "beta_pC_pth", "beta_B_pth"),
    *(f"E_{drug}" for drug in DRUGS),
    *(f"T_{drug}" for drug in DRUGS),
    *("q_P1NP", "q_BSAP", "q_CTX"),
)

FIRST_STEP_DAYS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "alendronate": (1.76, 0.01),
        "blosozumab": (0.33, 0.04),
        "denosumab": (3.3, 0.0),
        "romosozumab": (0.33, 0.04),
        "teriparatide": (0.02, 0.5),
    }
)
"""First step after a dose (days) and its growth a day, chosen by measurement; see ``docs/bone-model.md``."""

REFERENCE_AGE_YEARS = 25.0
"""BMD is reported relative to its untreated value at this age."""


class Forcing(NamedTuple):
    """What drives the cells at one instant, apart from the cells themselves. Rates are per day."""

    osteoblast_apoptosis: Array
    preosteoclast_differentiation: Array
    osteoclast_apoptosis_boost: Array
    bisphosphonate_osteoclast_loss: Array
    sclerostin_production: Array
    antibody_binding: Array
    mineral_target: Array


@cache
def published_parameters() -> Mapping[str, float]:
    """The published parameters by the names of the author's program, from the evidence rows ``joerg2022.*``."""
    return MappingProxyType({name: value(f"joerg2022.{name}") for name in PARAMETER_NAMES})


def oestrogen(xp: Any, age_years: Array, parameters: Parameters) -> Array:
    """Oestrogen relative to its premenopausal level: 1 up to age ``a_e``, then ``1 / (1 + (age - a_e) / tau_e)``."""
    p = parameters
    return 1.0 / (1.0 + xp.maximum(age_years - p["a_e"], 0.0) / p["tau_e"])


def turnover(state: tuple[Array, ...], parameters: Parameters) -> tuple[Array, Array]:
    """Bone formation and resorption, per day, relative to the bone density at age 0."""
    _, osteoblasts, _, _, osteoclasts, sclerostin, _, _, _ = state
    p = parameters
    signal = 1.0 + p["nu_Omega"] * (osteoclasts / (p["r_Omega"] + osteoclasts))
    formation = p["lambda_B"] * (p["s_Omega"] / (p["s_Omega"] + sclerostin)) * signal * osteoblasts
    return formation, p["lambda_C"] * osteoclasts


@dataclass(frozen=True)
class Joerg2022:
    """The published model, in the shape that the engine runs (:class:`osteon.twin.engine.model.Model`).

    All instances are equal, so what is kept for one (the natural history, compiled programs) serves every other.
    """

    name: ClassVar[str] = "reference"
    state_names: ClassVar[tuple[str, ...]] = (
        "preosteoblasts",
        "osteoblasts",
        "osteocytes",
        "preosteoclasts",
        "osteoclasts",
        "sclerostin",
        "bound_sclerostin",
        "bone_density",
        "mineral_fraction",
    )
    observable_names: ClassVar[tuple[str, ...]] = ("bmd_total_hip", "p1np", "bsap", "ctx")
    max_step_days: ClassVar[float] = 5.0

    @property
    def parameters(self) -> Mapping[str, float]:
        """The published parameters."""
        return published_parameters()

    def channels(self, parameters: Parameters) -> Mapping[str, EffectCompartment]:
        """One effect compartment a drug, from its dose-to-effect scale ``E`` and effective half-life ``T`` (days)."""
        return {
            drug: EffectCompartment(
                drug,
                parameters[f"E_{drug}"],
                np.log(2.0) / parameters[f"T_{drug}"],
                first_step_days=FIRST_STEP_DAYS[drug][0],
                step_growth=FIRST_STEP_DAYS[drug][1],
            )
            for drug in DRUGS
        }

    def break_ages(self, parameters: Parameters) -> tuple[Array, ...]:
        """The onset of the decline of oestrogen, where its slope jumps."""
        return (parameters["a_e"],)

    def forcing(self, xp: Any, age_years: Array, exposure: Mapping[str, Array], parameters: Parameters) -> Forcing:
        """Oestrogen and drug effects; a Hill function is ``x / (1 + x)`` upwards, ``1 / (1 + x)`` downwards."""
        p = parameters
        e = oestrogen(xp, age_years, p)
        denosumab = exposure["denosumab"] / (1.0 + exposure["denosumab"])
        teriparatide = exposure["teriparatide"] / (1.0 + exposure["teriparatide"])
        alendronate = exposure["alendronate"] / (1.0 + exposure["alendronate"])
        antibody = exposure["romosozumab"] + exposure["blosozumab"]
        return Forcing(
            # beta_B_pth exceeds 1: above some 205 µg of teriparatide a day the printed rate would turn negative.
            osteoblast_apoptosis=p["eta_B"] * xp.maximum(1.0 - p["beta_B_pth"] * teriparatide, 0.0),
            preosteoclast_differentiation=p["omega_pC"]
            * (p["e_pC"] / (p["e_pC"] + e))
            * (1.0 - p["beta_pC_rAb"] * denosumab)
            * (1.0 + p["beta_pC_pth"] * teriparatide),
            osteoclast_apoptosis_boost=p["nu_C"] * (e / (p["e_C"] + e)),
            bisphosphonate_osteoclast_loss=p["eta_C_bp"] * alendronate,
            sclerostin_production=p["e_s"] / (p["e_s"] + e),
            antibody_binding=p["kappa_s"] * antibody,
            mineral_target=p["c_0"] + p["beta_b_rAb"] * denosumab,
        )

    def derivatives(
        self,
        xp: Any,
        state: tuple[Array, ...],
        forcing: Forcing,
        parameters: Parameters,
    ) -> tuple[Array, ...]:
        """The nine rates of change, per day."""
        preosteoblasts, osteoblasts, osteocytes, preosteoclasts, osteoclasts, sclerostin, bound, _, mineral = state
        p, f = parameters, forcing
        to_osteoblast = p["omega_pB"] * (p["s_pB"] / (p["s_pB"] + sclerostin)) * preosteoblasts
        to_osteocyte = p["omega_B"] * osteoblasts
        to_osteoclast = f.preosteoclast_differentiation * (sclerostin / (p["s_pC"] + sclerostin)) * preosteoclasts
        resorption_signal = osteoclasts / (p["r_C"] + osteoclasts)
        osteoclast_loss = (
            p["eta_C"] * (1.0 + f.osteoclast_apoptosis_boost * resorption_signal) + f.bisphosphonate_osteoclast_loss
        ) * osteoclasts
        binding = f.antibody_binding * sclerostin
        release = p["delta_s"] * bound
        formation, resorption = turnover(state, p)
        return (
            1.0 - to_osteoblast,
            to_osteoblast - f.osteoblast_apoptosis * osteoblasts - to_osteocyte,
            to_osteocyte - p["eta_Y"] * osteocytes,
            1.0 - to_osteoclast,
            to_osteoclast - osteoclast_loss,
            f.sclerostin_production * osteocytes - p["kappa_s"] * sclerostin - binding + release,
            binding - release - p["kappa_s"] * bound,
            formation - resorption,
            p["gamma"] * (f.mineral_target - mineral),
        )

    def observe(
        self,
        xp: Any,
        names: tuple[str, ...],
        state: tuple[Array, ...],
        forcing: Forcing,
        parameters: Parameters,
    ) -> tuple[Array, ...]:
        """Total-hip BMD relative to age 25; turnover markers in arbitrary units (use ratios to treatment start)."""
        p = parameters
        formation, resorption = turnover(state, p)
        density, mineral = state[-2:]
        found = []
        for name in names:
            if name == "bmd_total_hip":
                found.append(density * mineral / bmd_at_25(p))
            elif name == "p1np":
                found.append(xp.power(formation, p["q_P1NP"]))
            elif name == "bsap":
                found.append(xp.power(formation, p["q_BSAP"]))
            elif name == "ctx":
                found.append(xp.power(resorption, p["q_CTX"]))
            else:
                known = ", ".join(self.observable_names)
                raise ModelError(f"the reference model has no observable {name!r}", mend=f"It has {known}")
        return tuple(found)

    def initial_state(self, age_years: Array, parameters: Parameters) -> Array:
        """The untreated state at the given ages, shape ``(9, n)``: see :mod:`.natural_history`."""
        from osteon.twin.reference.natural_history import untreated_state

        return untreated_state(self, np.asarray(age_years, dtype=np.float64), parameters)


def equilibrium(parameters: Parameters) -> tuple[Array, ...]:
    """The state at age 0: every rate of change but that of bone density is zero at full oestrogen without drugs.

    Bone density is 1 by definition. The osteoclast equation is a quadratic, of which the positive root is taken.
    """
    p = parameters
    osteoblasts = 1.0 / (p["eta_B"] + p["omega_B"])
    osteocytes = p["omega_B"] * osteoblasts / p["eta_Y"]
    sclerostin = p["e_s"] / (p["e_s"] + 1.0) * osteocytes / p["kappa_s"]
    preosteoblasts = (p["s_pB"] + sclerostin) / (p["s_pB"] * p["omega_pB"])
    boost = p["nu_C"] / (p["e_C"] + 1.0)
    a, b, c = p["eta_C"] * (1.0 + boost), p["eta_C"] * p["r_C"] - 1.0, -p["r_C"]
    osteoclasts = (-b + (b * b - 4.0 * a * c) ** 0.5) / (2.0 * a)
    differentiation = p["omega_pC"] * p["e_pC"] / (p["e_pC"] + 1.0) * sclerostin / (p["s_pC"] + sclerostin)
    return (
        preosteoblasts,
        osteoblasts,
        osteocytes,
        1.0 / differentiation,
        osteoclasts,
        sclerostin,
        0.0 * sclerostin,
        1.0 + 0.0 * sclerostin,
        p["c_0"] + 0.0 * sclerostin,
    )


def premenopausal_state(age_years: Array, parameters: Parameters) -> tuple[Array, ...]:
    """The untreated state at an age up to ``a_e``, exact: the cells rest at equilibrium, bone density is linear."""
    state = equilibrium(parameters)
    formation, resorption = turnover(state, parameters)
    density = 1.0 + (formation - resorption) * age_years * DAYS_PER_YEAR
    return (*state[:-2], density, state[-1] + 0.0 * density)


def bmd_at_25(parameters: Parameters) -> Array:
    """The untreated BMD at age 25, before the decline of oestrogen: the unit in which BMD is reported."""
    density, mineral = premenopausal_state(REFERENCE_AGE_YEARS, parameters)[-2:]
    return density * mineral
