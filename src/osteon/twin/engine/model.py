"""What a bone model must offer so that the drivers can run it.

A model is an object with the attributes and methods of :class:`Model`. The drivers (``numpy_driver``,
``jax_driver``) know nothing about bone: they know time, doses and arrays. The reference model and Osteon's own
model run through the very same drivers.

The rules that a model keeps
----------------------------
* **Written once.** ``forcing``, ``derivatives`` and ``observe`` use operators (``+ - * /``) and the few functions of
  ``xp`` that NumPy, JAX and plain Python floats share: ``exp``, ``log``, ``sqrt``, ``power``, ``maximum``,
  ``minimum``, ``where``, ``tanh``, ``expm1``, ``log1p``. No in-place writing, no branching on values, no chance.
* **Elementwise over people.** Every quantity is a scalar, or an array of shape ``(n,)`` with one entry a person; the
  two broadcast. A person's numbers never depend on who else is in the batch: no sums or means over people.
* **Time is in days** on the engine's clock (day 0 is the start of the simulation); a rate is per day. Ages are in
  years of :data:`DAYS_PER_YEAR` days, the calendar in which the reference model was fitted.
* **Doses are the engine's business.** A model names its *channels*: first-order effect compartments. A dose of
  ``drug`` adds ``effect_per_unit`` x amount to every channel that the drug feeds, and the channel decays at
  ``elimination_per_day``; the engine solves this exactly and hands the level of each channel to ``forcing``. One
  drug may feed several channels (fast and slow); a channel that needs more than first-order decay (a depot in bone)
  is a state of the model, driven by a channel.
* **Split what depends on the state from what does not.** ``forcing`` returns everything that depends on age and
  exposure only (hormones, Hill functions of drugs). The engine computes it once where Runge-Kutta's middle stages
  share a time point, and, when people share ages and kinetics, on scalars in place of arrays.
* **Say what leads.** Where the first states do not depend on the others (cells that resorb and form bone, beside the
  bone that they leave), a model may also be a :class:`LeadingModel`. A compiler that is told so makes programs that
  are twice as fast; the numbers are the same.
* **Say where the kinks are.** ``break_ages`` lists the ages at which a forcing is continuous but not smooth, or
  jumps (age at menopause, surgery). The engine gives each person a step boundary exactly there, and evaluates the
  forcing of such a boundary, as of a dose, a tenth of a second inside the step, so that the integrator keeps its order
  at kinks and jumps alike.

Shapes: ``S`` states, ``n`` people. A state is passed as a tuple of ``S`` components in the order of ``state_names``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

Array: TypeAlias = Any
"""A NumPy array, a JAX array or a float: whatever the driver computes with."""

Parameters: TypeAlias = Mapping[str, Array]
"""Parameter values by name: scalars, or arrays of shape ``(n,)`` where people differ."""

DAYS_PER_YEAR = 365.0
"""Days in a model year; ages and output times in years are days divided by this."""

DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0
"""Days in a model month."""


@dataclass(frozen=True, slots=True)
class EffectCompartment:
    """One channel through which a drug acts: ``dx/dt = effect_per_unit * dose_rate - elimination_per_day * x``.

    Attributes
    ----------
    drug
        The drug, as regimens name it, that feeds this channel.
    effect_per_unit
        Effect per unit of dose (scalar or ``(n,)``). The unit of dose is the drug's own (mg, µg, cells).
    elimination_per_day
        First-order rate of decay (scalar or ``(n,)``), above zero.
    first_step_days, step_growth
        After each dose (and each start or stop of continuous dosing) the steps are at most
        ``first_step_days + step_growth * days_since_that_event``. These are plain floats, the same for everyone, so
        that the step grid depends on the regimen only. Half a nominal half-life is a good first step; a drug that
        makes the cells themselves move fast (an anti-sclerostin antibody) needs a shorter one. ``inf`` asks nothing.
    """

    drug: str
    effect_per_unit: Array
    elimination_per_day: Array
    first_step_days: float = math.inf
    step_growth: float = 0.5


@runtime_checkable
class Model(Protocol):
    """A system of ordinary differential equations over people, as the drivers see it."""

    @property
    def name(self) -> str:
        """A short fixed name, e.g. ``reference``; results and checkpoints carry it."""

    @property
    def state_names(self) -> tuple[str, ...]:
        """The states in the order in which ``derivatives`` takes and returns them."""

    @property
    def observable_names(self) -> tuple[str, ...]:
        """What ``observe`` can be asked for."""

    @property
    def parameters(self) -> Mapping[str, float]:
        """The nominal parameters. A run may override any of them by a scalar or an array of shape ``(n,)``."""

    @property
    def max_step_days(self) -> float:
        """The longest step that keeps the stated error when no drug asks for a shorter one."""

    def channels(self, parameters: Parameters) -> Mapping[str, EffectCompartment]:
        """The effect compartments by channel name. The set and order of names must not depend on the parameters."""

    def break_ages(self, parameters: Parameters) -> tuple[Array, ...]:
        """Ages in years (scalars or ``(n,)``) at which a forcing has a kink or a jump; none is an empty tuple."""

    def initial_state(self, age_years: Array, parameters: Parameters) -> Array:
        """The untreated state at the given ages.

        Parameters
        ----------
        age_years
            NumPy array of shape ``(n,)``.
        parameters
            Scalars or NumPy arrays ``(n,)``.

        Returns
        -------
        NumPy array of shape ``(S, n)``, float64. Always NumPy: this runs once, before a driver starts.
        """

    def forcing(self, xp: Any, age_years: Array, exposure: Mapping[str, Array], parameters: Parameters) -> Any:
        """Everything that depends on age and exposure but not on the state.

        Parameters
        ----------
        xp
            ``numpy``, ``jax.numpy`` or :mod:`osteon.twin.engine.scalars`.
        age_years
            Scalar or ``(n,)``.
        exposure
            The level of each channel, by channel name: scalar or ``(n,)``.
        parameters
            Scalars or ``(n,)``.

        Returns
        -------
        Whatever ``derivatives`` and ``observe`` want: a (named) tuple of scalars and arrays ``(n,)``.
        """

    def derivatives(self, xp: Any, state: tuple[Array, ...], forcing: Any, parameters: Parameters) -> tuple[Array, ...]:
        """The rate of change of each state, per day, in the order of ``state_names``."""

    def observe(
        self, xp: Any, names: tuple[str, ...], state: tuple[Array, ...], forcing: Any, parameters: Parameters
    ) -> tuple[Array, ...]:
        """The observables called ``names``, in that order, at one instant."""


@runtime_checkable
class LeadingModel(Model, Protocol):
    """A model whose first states do not depend on the others. ``derivatives`` is ``lead``, then ``follow``."""

    @property
    def leading(self) -> int:
        """How many states lead, counted from the first."""

    def lead(
        self, xp: Any, state: tuple[Array, ...], forcing: Any, parameters: Parameters
    ) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """The rates of the leading states, and the signals that the others follow."""

    def follow(
        self, xp: Any, state: tuple[Array, ...], signals: tuple[Array, ...], forcing: Any, parameters: Parameters
    ) -> tuple[Array, ...]:
        """The rates of the other states."""
