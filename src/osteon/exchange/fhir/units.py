"""Units as they are met in FHIR, brought to the unit that a person's field names.

A unit is read from ``valueQuantity.code`` (UCUM) and, when there is no code, from ``valueQuantity.unit``. A unit
that is not in the list is refused with the list: a guess between g/cm² and mg/cm² is a factor of a thousand.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from osteon.errors import InputError
from osteon.evidence import value
from osteon.exchange.fhir.elements import Node

_AREAL_DENSITY = ("g/cm2", "g/cm-2", "g.cm-2", "g/(cm2)")
_SCORE = ("1", "{score}", "{sd}", "sd", "score", "")

_LOOK_ALIKES = str.maketrans("²³µμ·*", "23uu..")


def spelled(unit: str) -> str:
    """A unit without the differences that carry no meaning: case, spaces, carets, raised digits."""
    plain = unit.strip().casefold().translate(_LOOK_ALIKES)
    return plain.replace("^", "").replace(" ", "").replace("⁻", "-")


@cache
def accepted(field: str) -> Mapping[str, float]:
    """The factor from each accepted spelling of a unit to the unit of a person's field."""
    return {spelled(unit): factor for unit, factor in _factors(field).items()}


def _factors(field: str) -> Mapping[str, float]:
    calcium = value("units.calcium_mmol_l_per_mg_dl")
    vitamin_d = value("units.vitamin_d_nmol_l_per_ng_ml")
    pth = value("units.pth_pmol_l_per_pg_ml")
    return {
        "bmd_g_cm2": dict.fromkeys(_AREAL_DENSITY, 1.0) | {f"m{unit}": 0.001 for unit in _AREAL_DENSITY},
        "t_score": dict.fromkeys((*_SCORE, "T-score", "{T-score}", "T score", "{Tscore}", "{T_score}"), 1.0),
        "z_score": dict.fromkeys((*_SCORE, "Z-score", "{Z-score}", "Z score", "{Zscore}", "{Z_score}"), 1.0),
        "height_cm": {"cm": 1.0, "m": 100.0, "mm": 0.1, "[in_i]": 2.54, "in": 2.54, "inches": 2.54},
        "weight_kg": {"kg": 1.0, "g": 0.001, "[lb_av]": 0.45359237, "lb": 0.45359237, "lbs": 0.45359237},
        "bmi_kg_m2": {"kg/m2": 1.0, "kg.m-2": 1.0},
        "vitamin_d_nmol_l": {"nmol/L": 1.0, "ng/mL": vitamin_d, "ug/L": vitamin_d},
        "calcium_mmol_l": {"mmol/L": 1.0, "mg/dL": calcium},
        "pth_pmol_l": {"pmol/L": 1.0, "pg/mL": pth, "ng/L": pth},
        "tsh_miu_l": dict.fromkeys(("m[IU]/L", "mIU/L", "mU/L", "u[IU]/mL", "uIU/mL", "uU/mL"), 1.0),
        "egfr_ml_min": dict.fromkeys(("mL/min/{1.73_m2}", "mL/min/1.73m2", "mL/min/1.73 m2", "mL/min"), 1.0),
        "ctx_ng_l": {"ng/L": 1.0, "pg/mL": 1.0, "ug/L": 1000.0, "ng/mL": 1000.0},
        "p1np_ug_l": {"ug/L": 1.0, "ng/mL": 1.0},
        "age_years": dict.fromkeys(("a", "yr", "years", "year"), 1.0),
        "menopause_age_years": dict.fromkeys(("a", "yr", "years", "year"), 1.0),
    }[field]


def in_unit_of(field: str, quantity: Node, number: float, what: str) -> float:
    """A quantity's number in the unit of a person's field.

    Parameters
    ----------
    field
        The field to fill, such as ``bmd_g_cm2``.
    quantity
        The ``valueQuantity``.
    number
        Its value.
    what
        What is measured, for the message.

    Raises
    ------
    InputError
        The unit is missing, unknown, or contradicts itself.
    """
    factors = accepted(field)
    code, unit = quantity.text("code"), quantity.text("unit")
    key = "code" if code else "unit"
    given = code or unit
    factor = factors.get(spelled(given))
    if factor is None:
        raise InputError(_refusal(field, given, what), where=quantity.place(key), mend=_mend(field, given))
    if code and unit and factors.get(spelled(unit), factor) != factor:
        raise InputError(
            f"unit says {unit[:20]!r} and code says {code[:20]!r}",
            where=quantity.place("unit"),
            mend="Make the two agree",
        )
    if code and unit and spelled(unit) not in factors and _belongs_elsewhere(field, unit):
        raise InputError(_refusal(field, unit, what), where=quantity.place("unit"), mend=_mend(field, unit))
    return number if factor == 1.0 else round(number * factor, 6)


def _belongs_elsewhere(field: str, unit: str) -> bool:
    """Whether a unit that this field does not know is a known unit of bone density or score."""
    return any(other != field and spelled(unit) in accepted(other) for other in ("bmd_g_cm2", "t_score", "z_score"))


def _refusal(field: str, given: str, what: str) -> str:
    if not given:
        return f"the {what} has no unit"
    if field != "bmd_g_cm2" and spelled(given) in accepted("bmd_g_cm2"):
        return f"{given[:20]!r} is a unit of bone density, and this code is a {what}"
    if field == "bmd_g_cm2" and spelled(given) in accepted("t_score"):
        return f"{given[:20]!r} is the unit of a score, and this code is a {what}"
    return f"{given[:20]!r} is not a unit that is read for a {what}"


def _mend(field: str, given: str) -> str:
    words = [unit for unit in _factors(field) if unit]
    near = get_close_matches(given, words, n=1, cutoff=0.7)
    meant = f"Perhaps {near[0]!r} was meant. " if near else ""
    return f"{meant}Use one of: {', '.join(words)}" + (", or no unit" if "" in _factors(field) else "")
