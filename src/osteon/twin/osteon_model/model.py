"""Osteon's own bone model, in the form that the engine runs.

The pieces: :mod:`hormones <osteon.twin.osteon_model.hormones>` (age, sex, menopause),
:mod:`drugs <osteon.twin.osteon_model.drugs>`, :mod:`risk_factors <osteon.twin.osteon_model.risk_factors>` and
:mod:`cell_therapy <osteon.twin.osteon_model.cell_therapy>` (what acts on the cells),
:mod:`cells <osteon.twin.osteon_model.cells>` (remodelling), :mod:`bone <osteon.twin.osteon_model.bone>` (matrix and
mineral of six compartments). ``docs/osteon-model.md`` explains it on one page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from osteon.twin.engine.model import Array, EffectCompartment, Parameters
from osteon.twin.osteon_model import bone, cell_therapy, drugs, hormones, risk_factors
from osteon.twin.osteon_model.cells import CellForcing, derivatives, lining_drive, remodelling
from osteon.twin.osteon_model.history import untreated_states
from osteon.twin.osteon_model.parameters import nominal
from osteon.twin.osteon_model.sites import (
    BONE_STATES,
    CELL_STATES,
    COMPARTMENTS,
    OBSERVABLES,
    SITES,
    STATE_NAMES,
    TRABECULAR_SPINE,
)

LONG_STEPS = 1.8
"""How many times the standard step is still safe where speed counts.

BMD keeps within 2e-5 of the exact solution, markers within 0.2 %. Three times the standard step is not stable in
very old people with a quick turnover.
"""


class Forcing(NamedTuple):
    """What drives cells and bone at one instant, apart from their own state."""

    cells: CellForcing
    resorption_trabecular: Array
    resorption_cortical: Array
    formation_cortical: Array
    load_trabecular: Array
    load_cortical: Array
    site_resorption: tuple[Array, ...]
    site_formation: tuple[Array, ...]
    p1np_factor: Array
    age_years: Array


@dataclass(frozen=True)
class OsteonModel:
    """The bone model: twenty states, three sites, women and men from 20 to 100.

    BMD observables are relative to the person's peak bone mass at the site (times ``peak_bone_mass``); CTX, P1NP and
    BSAP are relative to a healthy adult of 20.
    """

    name: ClassVar[str] = "osteon"
    state_names: ClassVar[tuple[str, ...]] = STATE_NAMES
    observable_names: ClassVar[tuple[str, ...]] = OBSERVABLES
    max_step_days: ClassVar[float] = 8.0
    leading: ClassVar[int] = len(CELL_STATES)

    @property
    def parameters(self) -> Mapping[str, float]:
        """The calibrated parameters and the default traits."""
        return nominal()

    def channels(self, parameters: Parameters) -> Mapping[str, EffectCompartment]:
        """The effect compartments of medicines, habits, risk factors and cells."""
        return {
            **drugs.channels(parameters),
            **risk_factors.channels(parameters),
            **cell_therapy.channels(parameters),
        }

    def break_ages(self, parameters: Parameters) -> tuple[Array, ...]:
        """Surgery takes the ovaries at one moment; a natural menopause is smooth and needs no step boundary."""
        surgical = parameters["surgical_menopause"]
        return (parameters["menopause_age"] * surgical + (1.0 - surgical) * -1.0,)

    def initial_state(self, age_years: Array, parameters: Parameters) -> Array:
        """The untreated state at each age, from the natural history since 20. Shape ``(20, n)``."""
        return untreated_states(self, age_years, parameters)

    def forcing(self, xp: Any, age_years: Array, exposure: Mapping[str, Array], parameters: Parameters) -> Forcing:
        """Everything that depends on age and exposure only."""
        p = parameters
        drug = drugs.signals(xp, exposure, p)
        life = risk_factors.signals(xp, exposure, p)
        cell = cell_therapy.signals(exposure, p)
        untreated = hormones.oestrogen_deficit(xp, age_years, p)
        deficit = (untreated + life.hormone_loss) * (1.0 - drug.oestrogenic)
        late = hormones.late_life(xp, age_years)
        steroid = life.glucocorticoid
        unbound = 1.0 / (1.0 + drug.sclerostin_antibody)
        opg = (1.0 + p["wnt_floor"]) / (unbound + p["wnt_floor"])  # osteocytes' brake, which sclerostin does not lift
        drive = (
            (1.0 + p["oestrogen_on_osteoclast"] * deficit * (1.0 + p["ageing_resorption"] * late))
            * (1.0 + p["calcium_on_osteoclast"] * life.calcium_deficit)
            * (1.0 + p["thyroid_on_osteoclast"] * life.thyroid)
            * (1.0 + p["glucocorticoid_on_osteoclast"] * steroid)
            * (1.0 + p["disuse_on_osteoclast"] * xp.maximum(1.0 - life.load, 0.0))
            * (1.0 + p["pth_on_drive"] * drug.pth_resorptive)
            * (1.0 - p["denosumab_on_drive"] * drug.denosumab)
            / (1.0 + p["wnt_on_drive"] * (opg - 1.0))
        )
        loss = (
            1.0
            + p["oestrogen_on_osteoblast"] * deficit * (1.0 + p["ageing_osteoblast"] * late)
            + p["glucocorticoid_on_osteoblast"] * steroid
            + life.osteoblast_harm
        ) / (1.0 + p["pth_on_osteoblast_life"] * drug.pth)
        cells = CellForcing(
            progenitors=hormones.progenitor_target(xp, age_years, p) * (1.0 + p["msc_vascular"] * cell.secretome),
            drive=drive,
            unbound=unbound,
            pth_lining=p["pth_on_modelling"] * drug.pth,
            coupling=1.0 + p["pth_on_coupling"] * drug.pth,
            osteoblast_loss=loss,
            precursor_source=1.0
            + p["pth_on_preosteoclast"] * drug.pth_resorptive
            + p["oestrogen_on_preosteoclast"] * deficit,
            inflammation=life.inflammation * (1.0 - p["msc_inflammation"] * cell.secretome),
            inverse_load=1.0 / life.load,
            recruit=1.0 + p["msc_commitment"] * cell.engrafted,
        )
        blocked = p["bp_max"] * drug.bisphosphonate
        local = zip(cell.local_secretome, cell.local_engrafted, strict=True)
        return Forcing(
            cells=cells,
            resorption_trabecular=1.0 - blocked,
            resorption_cortical=xp.power(1.0 - blocked, p["bp_cortical"])
            * (1.0 - p["oestrogen_spares_cortex"] * deficit)
            * (1.0 + p["thyroid_cortical"] * life.thyroid + p["aromatase_cortical"] * life.aromatase_inhibitor),
            formation_cortical=1.0 - p["pth_cortical"] * drug.pth,
            load_trabecular=life.load,
            load_cortical=life.load * hormones.cortical_load(xp, age_years, p),
            site_resorption=tuple(
                1.0 - p["msc_inflammation"] * p["inflammation_on_osteoclast"] * here for here in cell.local_secretome
            ),
            site_formation=tuple(
                (1.0 + p["msc_activity"] * (cell.secretome + secretome))
                * (1.0 + p["msc_commitment"] * engrafted + p["msc_vascular"] * secretome)
                for secretome, engrafted in local
            ),
            p1np_factor=1.0 - p["calcium_on_p1np"] * life.calcium_given,
            age_years=age_years,
        )

    def derivatives(
        self, xp: Any, state: tuple[Array, ...], forcing: Forcing, parameters: Parameters
    ) -> tuple[Array, ...]:
        """The rate of change of each state, per day."""
        of_cells, signals = self.lead(xp, state[: self.leading], forcing, parameters)
        return (*of_cells, *self.follow(xp, state[self.leading :], signals, forcing, parameters))

    def lead(
        self, xp: Any, state: tuple[Array, ...], forcing: Forcing, parameters: Parameters
    ) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """Rates of the cells, which do not depend on bone; resorption and formation in either compartment.

        The last signal is formation in the trabecular bone of the spine, where lining cells answer more.
        """
        now = remodelling(state, forcing.cells, parameters)
        trabecular = now.resorption * forcing.resorption_trabecular
        cortical = now.resorption * forcing.resorption_cortical
        lining = lining_drive(xp, now.wnt, forcing.cells, parameters)
        rates = derivatives(xp, state, forcing.cells, parameters, now=now, lining=lining, resorption=trabecular)
        more = parameters["lining_lumbar_spine"] * parameters["modelling"]
        spine = now.formation * (1.0 + more * lining) / (1.0 + more)
        return rates, (trabecular, cortical, now.formation, now.formation * forcing.formation_cortical, spine)

    def follow(
        self, xp: Any, state: tuple[Array, ...], signals: tuple[Array, ...], forcing: Forcing, parameters: Parameters
    ) -> tuple[Array, ...]:
        """Rates of young and mature bone in the six compartments."""
        p = parameters
        resorbed, formed = (dict(zip(COMPARTMENTS, pair, strict=True)) for pair in (signals[:2], signals[2:4]))
        in_spine = {"trabecular": signals[4], "cortical": formed["cortical"]}
        rates: list[Array] = []
        part = iter(state)
        for number, site in enumerate(SITES):
            made = in_spine if site == "lumbar_spine" else formed
            for compartment in COMPARTMENTS:
                inside = compartment == "trabecular"
                now = next(part), next(part)
                turnover = bone.turnover_per_day(site, compartment, p)
                if not inside:
                    turnover = turnover * bone.inner_surface(xp, now, p)
                young, mature = bone.derivatives(
                    *now,
                    resorption=turnover * resorbed[compartment] * forcing.site_resorption[number],
                    formation=turnover * made[compartment] * forcing.site_formation[number],
                    set_point=p[f"setpoint_{compartment}"],
                    load=forcing.load_trabecular if inside else forcing.load_cortical,
                    maturation=p["maturation"],
                )
                rates += [young, mature]
        return tuple(rates)

    def observe(
        self, xp: Any, names: tuple[str, ...], state: tuple[Array, ...], forcing: Forcing, parameters: Parameters
    ) -> tuple[Array, ...]:
        """The observables called ``names``, in that order."""
        p = parameters
        parts = dict(zip(BONE_STATES, state[len(CELL_STATES) :], strict=True))
        compartments = {
            f"{site}.{kind}": (parts[f"young.{site}.{kind}"], parts[f"mature.{site}.{kind}"])
            for site in SITES
            for kind in COMPARTMENTS
        }
        found: dict[str, Array] = {}
        for site in SITES:
            if f"bmd_{site}" in names:
                here = bone.bmd(xp, compartments, site, p)
                added = hormones.osteophytes(xp, forcing.age_years, p) if site == "lumbar_spine" else 0.0
                found[f"bmd_{site}"] = p["peak_bone_mass"] * (here + added)
        if TRABECULAR_SPINE in names:
            share = bone.young_share("lumbar_spine", "trabecular", p)
            found[TRABECULAR_SPINE] = bone.mineral(*compartments["lumbar_spine.trabecular"], share, p)
        if {"ctx", "p1np", "bsap"} & set(names):
            cells = state[: len(CELL_STATES)]
            now = remodelling(cells, forcing.cells, p)
            resorbed = xp.power(now.resorption * forcing.resorption_trabecular, p["q_ctx"])
            found["ctx"] = p["ctx_floor"] + (1.0 - p["ctx_floor"]) * resorbed
            made = xp.power(now.formation * forcing.p1np_factor, p["q_p1np"])
            found["p1np"] = p["p1np_floor"] + (1.0 - p["p1np_floor"]) * made
            found["bsap"] = p["bsap_floor"] + (1.0 - p["bsap_floor"]) * xp.power(cells[2], p["q_bsap"])
        return tuple(found[name] for name in names)
