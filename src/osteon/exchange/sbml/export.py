"""Write a bone model, a person's start and a regimen as SBML."""

from __future__ import annotations

import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal

import numpy as np

from osteon.errors import ModelError, UsageError
from osteon.person import Sex
from osteon.twin.engine.grid import plan_steps
from osteon.twin.engine.model import DAYS_PER_YEAR, Model
from osteon.twin.engine.regimen import Regimen

ModelName = Literal["reference", "osteon"]
Compartments = Literal["all", "dosed"]

LONGEST_YEARS = 75.0


def export_sbml(
    model: ModelName = "reference",
    therapy: str | Regimen = "none",
    *,
    age_years: float = 65.0,
    years: float = 10.0,
    sex: Sex = "female",
    parameters: Mapping[str, float] | None = None,
    compartments: Compartments = "all",
) -> str:
    """A bone model with a regimen as SBML Level 3 Version 2.

    The equations are those that the engine runs, written out by running them on symbols. Time is in days from the
    start; the initial values are the engine's untreated state at the age. The same request gives the same text.

    Parameters
    ----------
    model
        ``reference`` (the published one) or ``osteon``.
    therapy
        A regimen as written for projections (``denosumab:24,alendronate``), or its doses.
    age_years
        Age on day 0.
    years
        For how long the model is going to be run; checked against the ages that it covers.
    sex
        The reference model knows women only.
    parameters
        Other values than the nominal ones, by the model's names.
    compartments
        ``all``: every effect compartment, so that any drug can be dosed later in another program; ``dosed``: only
        those that the regimen uses, for a smaller and faster model.

    Returns
    -------
    The document, with a final line break.

    Raises
    ------
    UsageError
        An unknown model, therapy, parameter or option.
    ModelError
        A person or therapy that the model does not cover.
    MissingExtraError
        libSBML is not installed (the optional part ``sbml``).
    """
    from osteon.exchange.sbml.document import write_document

    if compartments not in ("all", "dosed"):
        raise UsageError(f"{compartments!r} names no choice of compartments", mend="Write all or dosed")
    if not 0.0 < years <= LONGEST_YEARS:
        raise UsageError(
            f"a model for {years:g} years is not possible", mend=f"Write a number above 0 up to {LONGEST_YEARS:g}"
        )
    bone = _model(model)
    _check_age(bone, sex, age_years, years)
    regimen, label = _regimen(bone, therapy)
    values = _values(bone, sex, parameters or {})
    plan_steps(  # refuses a drug without a compartment, and one that is given twice at a moment
        regimen, bone.channels(values), max_step_days=30.0, horizon_days=years * DAYS_PER_YEAR, step_scale=1e3
    )
    state = bone.initial_state(np.array([float(age_years)]), values)[:, 0]
    if not np.all(np.isfinite(state)):
        raise ModelError("the untreated state with these parameters is not finite", where="parameters")
    return write_document(
        bone,
        values=values,
        state=dict(zip(bone.state_names, state.tolist(), strict=True)),
        age_years=float(age_years),
        years=float(years),
        regimen=regimen,
        label=label,
        everything=compartments == "all",
    )


def _model(name: str) -> Model:
    if name == "reference":
        from osteon.twin.reference.joerg2022 import Joerg2022

        return Joerg2022()
    if name == "osteon":
        from osteon.twin.osteon_model import OsteonModel

        return OsteonModel()
    raise UsageError(f"there is no model called {name!r}", mend="Write reference or osteon")


def _check_age(model: Model, sex: Sex, age_years: float, years: float) -> None:
    if model.name == "reference":
        from osteon.twin.reference.coverage import check_person

        check_person(sex, age_years, years)
        return
    from osteon.twin.osteon_model.history import OLDEST_YEARS, YOUNGEST_YEARS

    if not (age_years >= YOUNGEST_YEARS and age_years + years <= OLDEST_YEARS):
        raise ModelError(
            f"the bone model covers ages from {YOUNGEST_YEARS:g} to {OLDEST_YEARS:g}, "
            f"not {age_years:g} to {age_years + years:g}",
            where="age_years",
            mend="Start later or end earlier",
        )


def _regimen(model: Model, therapy: str | Regimen) -> tuple[Regimen, str]:
    """The doses and the regimen in words."""
    if isinstance(therapy, Regimen):
        return therapy, therapy.name
    if model.name == "reference":
        from osteon.twin.reference.coverage import reference_regimen

        built = reference_regimen(therapy)
    else:
        from osteon.twin.osteon_model.regimens import model_regimen

        built = model_regimen(therapy)
    return built.regimen, built.plan.label


def _values(model: Model, sex: Sex, changed: Mapping[str, float]) -> dict[str, float]:
    values = dict(model.parameters)
    if unknown := sorted(set(changed) - set(values)):
        near = get_close_matches(unknown[0], values, n=1, cutoff=0.5)
        mend = f"Did you mean {near[0]}?" if near else "Look up the names in the parameters of the model"
        raise UsageError(f"the model has no parameter {unknown[0]!r}", where="parameters", mend=mend)
    if bad := [name for name, value in changed.items() if not math.isfinite(value)]:
        raise UsageError(f"the value of {bad[0]} is not a finite number", where="parameters", mend="Write a number")
    values.update({name: float(value) for name, value in changed.items()})
    if "male" in values and "male" not in changed:
        values["male"] = 1.0 if sex == "male" else 0.0
    return values
