"""The units in which laboratories and scanners report what a person's field holds, and what brings them to its own."""

from __future__ import annotations

from collections.abc import Mapping

from osteon.evidence import value

_AREAL_DENSITY = ("g/cm2", "g/cm-2", "g.cm-2", "g/(cm2)")
_SCORE = ("1", "{score}", "{sd}", "sd", "score", "")
_WITH_UNIT = frozenset(
    {
        "bmd_g_cm2",
        "height_cm",
        "weight_kg",
        "bmi_kg_m2",
        "vitamin_d_nmol_l",
        "calcium_mmol_l",
        "pth_pmol_l",
        "tsh_miu_l",
        "egfr_ml_min",
        "ctx_ng_l",
        "p1np_ug_l",
    }
)
"""Fields whose number means nothing without its unit."""


def factors(field: str) -> Mapping[str, float]:
    """The factor from each unit in which a field is met to the unit of the field, which stands first.

    Raises
    ------
    KeyError
        The list holds no units for this field.
    """
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


def unit_of(field: str) -> str:
    """The unit of a person's field, ``nmol/L``; empty for a field that has none here."""
    return next(iter(factors(field))) if field in _WITH_UNIT else ""


_SPOKEN = {"[in_i]": "inches", "[lb_av]": "pounds"}
"""What people call units that have a code of their own."""


def read_otherwise(field: str, number: float, low: float, high: float) -> tuple[float, str] | None:
    """What a number outside its limits would be if it had been given in another unit, and that unit."""
    if field in _WITH_UNIT:
        for unit, factor in factors(field).items():
            if factor != 1.0 and low <= number * factor <= high:
                return number * factor, _SPOKEN.get(unit, unit)
    return None
