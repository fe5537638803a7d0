"""Age and sex hormones: what drives bone in an untreated person.

* **Oestrogen deficit**, 0 before the menopause and 1 after it. A natural menopause is a smooth fall that begins about a
  year before the last period and is nearly complete two years after it (SWAN); surgery removes the ovaries at once.
  In men the deficit grows slowly from 45 (less bioavailable oestradiol and testosterone).
* **Progenitors** become fewer with age, so that bone formation falls a little behind resorption.
* **Late life**: from about 65, the effect of missing oestrogen on both cell lines grows (secondary
  hyperparathyroidism, less activity), which brings the faster loss at the hip in the ninth decade (SOF).
* **Load**: after the late twenties the cortex adapts to lower loads.
"""

from __future__ import annotations

from typing import Any

from osteon.twin.engine.model import Array, Parameters

RAMP_YEARS = 2.0
"""Rounding of the corner where a process begins, so that the equations stay smooth."""


def ramp(xp: Any, years: Array) -> Array:
    """Years since something began: nearly 0 before, nearly ``years`` after, smooth in between."""
    return 0.5 * (years + xp.sqrt(years * years + RAMP_YEARS * RAMP_YEARS))


def oestrogen_deficit(xp: Any, age_years: Array, p: Parameters) -> Array:
    """Untreated deficit of sex hormone at the bone: 0 none, 1 a woman after the menopause."""
    since = age_years - p["menopause_age"]
    natural = 0.5 * (1.0 + xp.tanh((since - p["menopause_shift"]) / p["menopause_width"]))
    surgical = xp.where(since >= 0.0, 1.0, 0.0)
    woman = natural + p["surgical_menopause"] * (surgical - natural)
    over = ramp(xp, age_years - 45.0)
    man = p["male_deficit"] * over / (over + 25.0)
    return woman + p["male"] * (man - woman)


def progenitor_target(xp: Any, age_years: Array, p: Parameters) -> Array:
    """Progenitor cells that the marrow keeps up at this age, relative to 20."""
    return 1.0 / (1.0 + ramp(xp, age_years - 25.0) / p["ageing_progenitor"])


def late_life(xp: Any, age_years: Array) -> Array:
    """Square of the years past 65, in units of twenty years."""
    over = ramp(xp, age_years - 65.0) / 20.0
    return over * over


def cortical_load(xp: Any, age_years: Array, p: Parameters) -> Array:
    """Habitual load on the cortex relative to 20, from which its set point follows. Men lose less of it."""
    over = ramp(xp, age_years - 25.0)
    share = 1.0 - p["male"] * (1.0 - p["male_load_loss"])
    return 1.0 - p["load_loss"] * share * over / (over + 10.0)


def osteophytes(xp: Any, age_years: Array, p: Parameters) -> Array:
    """What degenerative change adds to the lumbar DXA reading, as a share of peak BMD. It is not bone strength.

    It comes earlier and sooner in men; in both it goes on from the sixties, so that the reading of old people hardly
    falls while their bone does.
    """
    man, woman = ramp(xp, age_years - 45.0), ramp(xp, age_years - 50.0)
    of_man, of_woman = p["osteophyte_male"] * man / (man + 20.0), p["osteophyte_female"] * woman / 30.0
    late = p["osteophyte_late"] * ramp(xp, age_years - 62.0) / 20.0
    return of_woman + p["male"] * (of_man - of_woman) + late
