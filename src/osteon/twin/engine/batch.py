"""Turn a question (people, regimens, times) into the plain arrays that both drivers run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from osteon.errors import UsageError
from osteon.twin.engine.grid import Plan, move_nodes, plan_steps, stack_plans
from osteon.twin.engine.model import DAYS_PER_YEAR, EffectCompartment, Model
from osteon.twin.engine.regimen import Regimen
from osteon.twin.engine.rk4 import INSIDE_DAYS
from osteon.twin.engine.simulation import Checkpoint, Floats


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that a driver needs for some people. ``K`` steps, ``J`` output times, ``n`` people.

    A quantity that everybody shares has no people axis: per step ``(K,)``, else ``(K, n)``.

    Attributes
    ----------
    ages
        Age in years on day 0, ``(n,)``.
    start_days, end_days, step_days
        Start, end and length of each step.
    start_inside, end_inside
        How far inside the step the forcing of its start and end is taken, in days: a little where a dose, or a break
        of the model, makes it jump there, else nothing.
    fresh
        Whether the forcing at the start of a step must be evaluated; else it is that of the end of the step before.
    doses, steady
        By dosed channel: what is added to its level at the start of each step; the level towards which continuous
        dosing drives it during each step.
    eliminations
        By dosed channel, per day: scalar or ``(n,)``.
    out_step, out_theta
        The step in which each output time falls, and where in it (0 to 1): ``(J,)`` or ``(J, n)``.
    out_days
        The output times, ``(J,)``.
    state, exposure
        At the start of the first step: ``(S, n)``, and by channel a float or ``(n,)``.
    keep_step
        The step whose starting state makes the checkpoint, none when it is not wanted.
    """

    model: Model
    observe: tuple[str, ...]
    parameters: Mapping[str, float | Floats]
    ages: Floats
    start_days: Floats
    end_days: Floats
    step_days: Floats
    start_inside: Floats
    end_inside: Floats
    fresh: NDArray[np.bool_]
    doses: Mapping[str, Floats]
    steady: Mapping[str, Floats]
    eliminations: Mapping[str, float | Floats]
    out_days: Floats
    out_step: NDArray[np.int64]
    out_theta: Floats
    state: Floats
    exposure: Mapping[str, float | Floats]
    keep_step: int | None

    @property
    def shared(self) -> bool:
        """Whether everybody has the same steps."""
        return self.step_days.ndim == 1


@dataclass(frozen=True, slots=True)
class Question:
    """A checked request, before it is cut into batches. Built by :func:`check_question`."""

    model: Model
    observe: tuple[str, ...]
    parameters: Mapping[str, float | Floats]
    ages: Floats
    regimens: tuple[Regimen, ...]
    which: NDArray[np.int64]
    out_days: Floats
    horizon_days: float
    multipliers: Mapping[str, Floats]
    step_scale: float
    subdivide: int
    start: Checkpoint | None
    initial: Floats | None
    keep: bool

    @property
    def people(self) -> int:
        """How many people are asked about."""
        return self.ages.size


def check_question(
    model: Model,
    age_years: float | Sequence[float] | Floats,
    regimen: Regimen | Sequence[Regimen],
    *,
    output_years: Sequence[float] | Floats,
    observe: Sequence[str] | None,
    parameters: Mapping[str, float | Floats] | None,
    dose_multipliers: Mapping[str, float | Floats] | None,
    initial_state: Floats | None,
    start: Checkpoint | None,
    keep_checkpoint: bool,
    step_scale: float,
    subdivide: int,
) -> Question:
    """Check a request to :func:`osteon.twin.engine.simulate`; raises :class:`UsageError` on a slip."""
    ages = np.atleast_1d(np.asarray(age_years, dtype=np.float64))
    out = np.atleast_1d(np.asarray(output_years, dtype=np.float64)) * DAYS_PER_YEAR
    if ages.ndim != 1 or out.ndim != 1 or out.size == 0 or ages.size == 0:
        raise UsageError("ages and output times must be lists of numbers", mend="Give at least one of each")
    if not (np.all(np.isfinite(out)) and np.all(out >= 0.0) and np.all(np.diff(out) > 0.0)):
        raise UsageError("output times must be finite, from 0 up and rising", where="output_years")
    one_for_all = isinstance(regimen, Regimen)
    each = (regimen,) if isinstance(regimen, Regimen) else tuple(regimen)
    if not one_for_all and len(each) != ages.size:
        raise UsageError(
            f"{len(each)} regimens for {ages.size} people", mend="Give one regimen, or one for each person"
        )
    distinct = tuple(dict.fromkeys(each))
    numbers = {one: number for number, one in enumerate(distinct)}
    which = np.array([numbers[one] for one in each] if not one_for_all else [0] * ages.size, dtype=np.int64)
    if len(distinct) > 1 and (start is not None or keep_checkpoint):
        raise UsageError("a checkpoint holds one regimen", mend="Run each regimen by itself to stop and go on")
    names = tuple(observe) if observe is not None else model.observable_names
    for name in names:
        known_name("observable", name, model.observable_names)
    values: dict[str, float | Floats] = dict(model.parameters)
    for name, given in (parameters or {}).items():
        known_name("parameter", name, tuple(model.parameters))
        values[name] = _scalar_or_people(f"parameter {name}", given, ages.size)
    drugs = tuple(sorted({channel.drug for channel in model.channels(values).values()}))
    multipliers = {}
    for drug, given in (dose_multipliers or {}).items():
        known_name("drug", drug, drugs)
        array = np.asarray(given, dtype=np.float64)
        if array.ndim not in (1, 2) or array.shape[-1] != ages.size or not np.all(np.isfinite(array) & (array >= 0)):
            raise UsageError(
                f"the dose multipliers of {drug} must be numbers from 0 up, one a person or one a dose and person",
                mend=f"Give an array of shape ({ages.size},) or (dose events, {ages.size})",
            )
        multipliers[drug] = array
    if start is not None and (start.model, start.regimen) != (model.name, distinct[0]):
        raise UsageError(
            f"the checkpoint is of model {start.model} under {start.regimen.name}",
            mend="Go on with the same model and regimen",
        )
    if start is not None and start.state.shape[1] != ages.size:
        raise UsageError(f"the checkpoint holds {start.state.shape[1]} people, not {ages.size}")
    if subdivide < 1 or not 0.0 < step_scale <= 4.0:
        raise UsageError(
            f"step_scale {step_scale:g} and subdivide {subdivide} are not possible",
            mend="Give a step_scale above 0 up to 4, and a subdivide of 1 or more",
        )
    return Question(
        model=model,
        observe=names,
        parameters=values,
        ages=ages,
        regimens=distinct,
        which=which,
        out_days=out,
        horizon_days=float(out[-1]),
        multipliers=multipliers,
        step_scale=step_scale,
        subdivide=subdivide,
        start=start,
        initial=None if initial_state is None else np.asarray(initial_state, dtype=np.float64),
        keep=keep_checkpoint,
    )


def known_name(kind: str, name: str, known: Sequence[str]) -> None:
    """Refuse an unknown name and suggest the nearest."""
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}"
    raise UsageError(f"there is no {kind} called {name!r}", mend=hint)


def _scalar_or_people(what: str, given: float | Floats, people: int) -> float | Floats:
    array = np.asarray(given, dtype=np.float64)
    if array.ndim == 0:
        return float(array)
    if array.shape != (people,):
        raise UsageError(f"{what} has shape {array.shape}", mend=f"Give one number, or an array of shape ({people},)")
    return array


@lru_cache(maxsize=256)
def _plan(
    channels: tuple[tuple[str, EffectCompartment], ...],
    max_step_days: float,
    regimen: Regimen,
    horizon_days: float,
    refinement: tuple[float, int],
) -> Plan:
    """Planned steps are kept: the same regimen is asked for again and again."""
    return plan_steps(
        regimen,
        dict(channels),
        max_step_days=max_step_days,
        horizon_days=horizon_days,
        step_scale=refinement[0],
        subdivide=refinement[1],
    )


def plan_for(question: Question) -> tuple[Plan, ...]:
    """The plan of each distinct regimen. Plans follow the nominal parameters, never a person's own."""
    nominal = tuple(question.model.channels(question.model.parameters).items())
    longest, horizon = question.model.max_step_days, question.horizon_days
    refinement = (question.step_scale, question.subdivide)
    return tuple(_plan(nominal, longest, one, horizon, refinement) for one in question.regimens)


def make_batch(question: Question, plans: Sequence[Plan], people: NDArray[np.int64]) -> Batch:
    """The arrays for some of the question's people, by their positions."""
    model, ages, which = question.model, question.ages[people], question.which[people]
    parameters = {
        name: value if isinstance(value, float | int) else value[people] for name, value in question.parameters.items()
    }
    plan = plans[0] if len(plans) == 1 else stack_plans(plans, which)
    breaks = [(np.asarray(age) - ages) * DAYS_PER_YEAR for age in model.break_ages(parameters)]
    plan = move_nodes(plan, breaks, ages.size)
    nodes, out = plan.node_days, question.out_days
    # One step more than the horizon needs: a person's moved node may lie before it.
    last = min(int(np.max(np.sum(nodes < question.horizon_days, axis=0))) + 1, len(nodes) - 1)
    if plan.shared:
        out_step = np.searchsorted(nodes, out, side="right") - 1
        out_start, out_length = nodes[out_step], np.diff(nodes)[out_step]
    else:
        own = np.ascontiguousarray(nodes.T)
        out_step = np.stack([np.searchsorted(one, out, side="right") for one in own], axis=1) - 1
        out_step = np.minimum(out_step, last - 1)
        column = np.arange(ages.size)
        out_start, out_length = nodes[out_step, column], np.diff(nodes, axis=0)[out_step, column]
    theta = (_rows(out, out_start) - out_start) / np.where(out_length > 0.0, out_length, 1.0)
    doses, steady, eliminations = _dosing(question, plan, parameters, people)
    first, keep, state, exposure = 0, None, None, {}
    if question.start is not None:
        first, state = question.start.step, question.start.state[:, people]
        exposure = {name: level[people] for name, level in question.start.exposure.items()}
        if np.min(out_step) < first:
            raise UsageError("an output time lies before the checkpoint", where="output_years")
    elif question.initial is not None:
        state = question.initial[:, people]
    if question.keep:
        keep = max(first, int(np.searchsorted(plans[0].node_days, question.horizon_days, side="right")) - 2)
    if state is None:
        state = model.initial_state(ages, parameters)
    run = slice(first, last)
    sharp = _sharp(plan, breaks, ages.size)
    inside = np.where(sharp, INSIDE_DAYS, 0.0)
    fresh = sharp if sharp.ndim == 1 else np.any(sharp, axis=1)
    return Batch(
        model=model,
        observe=question.observe,
        parameters=parameters,
        ages=ages,
        start_days=nodes[:-1][run],
        end_days=nodes[1:][run],
        start_inside=inside[:-1][run],
        end_inside=inside[1:][run],
        fresh=np.concatenate([[True], fresh[:-1][run][1:]]),
        step_days=np.diff(nodes, axis=0)[run],
        doses={name: array[run] for name, array in doses.items()},
        steady={name: array[run] for name, array in steady.items()},
        eliminations=eliminations,
        out_days=out,
        out_step=out_step - first,
        out_theta=theta,
        state=np.ascontiguousarray(state, dtype=np.float64),
        exposure={name: exposure.get(name, 0.0) for name in model.channels(model.parameters)},
        keep_step=None if keep is None else keep - first,
    )


def _sharp(plan: Plan, breaks: Sequence[Floats], people: int) -> NDArray[np.bool_]:
    """Nodes at which a forcing may jump: doses, starts and stops, and each person's own breaks."""
    if plan.shared:
        return plan.event
    sharp = np.array(np.broadcast_to(plan.event if plan.event.ndim == 2 else plan.event[:, None], plan.node_days.shape))
    for days in breaks:
        sharp |= plan.node_days == np.broadcast_to(days, (people,))
    return sharp


def _rows(out: Floats, like: Floats) -> Floats:
    return out if like.ndim == 1 else out[:, None]


def _dosing(
    question: Question, plan: Plan, parameters: Mapping[str, float | Floats], people: NDArray[np.int64]
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, float | Floats]]:
    """Per dosed channel: effect added at each step's start, steady level during each step, elimination."""
    doses, steady, eliminations = {}, {}, {}
    for name, channel in question.model.channels(parameters).items():
        if channel.drug not in plan.drugs:
            continue
        column = plan.drugs.index(channel.drug)
        amount, rate = plan.dose[:, column], plan.rate[:, column]
        multiplier = question.multipliers.get(channel.drug)
        if multiplier is not None:
            amount = _times(amount, plan.dose_event[:, column], multiplier[..., people], channel.drug)
            rate = _times(rate, plan.rate_event[:, column], multiplier[..., people], channel.drug)
        doses[name] = _outer(amount, channel.effect_per_unit)
        steady[name] = _outer(rate, channel.effect_per_unit / channel.elimination_per_day)
        eliminations[name] = channel.elimination_per_day
    return doses, steady, eliminations


def _times(amount: Floats, event: NDArray[np.int64], multiplier: Floats, drug: str) -> Floats:
    """Amounts ``(K,)`` or ``(K, n)`` times each person's multiplier of that dose event, ``(K, n)``."""
    amounts = amount if amount.ndim == 2 else amount[:, None]
    if multiplier.ndim == 1:
        return amounts * multiplier
    if int(event.max(initial=-1)) >= len(multiplier):
        raise UsageError(
            f"{drug} is given {int(event.max()) + 1} times and multipliers stand for {len(multiplier)}",
            mend="Give one row of multipliers for each dose event",
        )
    picked = np.maximum(event, 0)
    return amounts * (multiplier[picked] if event.ndim == 1 else np.take_along_axis(multiplier, picked, axis=0))


def _outer(per_step: Floats, per_person: float | Floats) -> Floats:
    """Combine a per-step array with a scalar or per-person factor."""
    if np.ndim(per_person) == 0:
        return per_step * per_person
    return (per_step if per_step.ndim == 2 else per_step[:, None]) * per_person
