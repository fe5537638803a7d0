"""Units as they are met in FHIR, brought to the unit that a person's field names.

A unit is read from ``valueQuantity.code`` (UCUM) and, when there is no code, from ``valueQuantity.unit``. A unit
that is not in the list is refused with the list: a guess between g/cm² and mg/cm² is a factor of a thousand.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from osteon.errors import InputError
from osteon.exchange.fhir.elements import Node
from osteon.exchange.unit_factors import factors

_LOOK_ALIKES = str.maketrans("²³µμ·*", "23uu..")


def spelled(unit: str) -> str:
    """A unit without the differences that carry no meaning: case, spaces, carets, raised digits."""
    plain = unit.strip().casefold().translate(_LOOK_ALIKES)
    return plain.replace("^", "").replace(" ", "").replace("⁻", "-")


@cache
def accepted(field: str) -> Mapping[str, float]:
    """The factor from each accepted spelling of a unit to the unit of a person's field."""
    return {spelled(unit): factor for unit, factor in factors(field).items()}


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
    words = [unit for unit in factors(field) if unit]
    near = get_close_matches(given, words, n=1, cutoff=0.7)
    meant = f"Perhaps {near[0]!r} was meant. " if near else ""
    return f"{meant}Use one of: {', '.join(words)}" + (", or no unit" if "" in factors(field) else "")
