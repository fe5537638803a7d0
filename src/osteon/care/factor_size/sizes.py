"""The risk-factor profile with the sizes of its factors filled in."""

from __future__ import annotations

from osteon.care.factor_size.bone import SOURCES, bone_sizes
from osteon.care.factor_size.fracture import ABSENT, HORIZON_YEARS, FractureSizes
from osteon.care.result import RiskFactor, RiskProfile
from osteon.densitometry.result import Densitometry
from osteon.person import Person
from osteon.twin.osteon_model.unseen import HALF_WIDTHS, unseen_band

HIP = unseen_band("no medicine", "total_hip")
NO_TERM = "Neither the fracture model nor the bone model has a term for it."
SIZES_NOTE = (
    f"Sizes compare this person with the same person without one factor, over {HORIZON_YEARS} years: fractures from "
    "Osteon's open fracture model, density of the hip from Osteon's bone model. They rest on what goes together in "
    "groups of people; removing a factor today need not bring all of it back. The bone model's figures are its best "
    f"guesses: its error at the hip after a year is taken to be within {HALF_WIDTHS * HIP.points_after_a_year:.1f} "
    f"points nine times in ten, from only {HIP.results} trial results without a medicine that it had not seen."
)


def with_sizes(profile: RiskProfile, person: Person, densitometry: Densitometry) -> RiskProfile:
    """The profile with the size of each factor for this person.

    Parameters
    ----------
    profile
        From :func:`osteon.care.risk_profile`.
    person, densitometry
        The record, and what the scan says.
    """
    fractures = FractureSizes(person, densitometry)
    present = [one.key for one in profile.factors if one.state == "present"]
    bones, refusals = bone_sizes(person, present)

    def sized(factor: RiskFactor) -> RiskFactor:
        found, bone = fractures.of(factor), bones.get(factor.key)
        reason = ""
        if factor.state == "present":
            why = [fractures.refusal if factor.key in ABSENT and not found else "", refusals.get(factor.key, "")]
            reason = " ".join(filter(None, map(_sentence, why)))
            if not found and bone is None and not reason:
                reason = NO_TERM
        sources = (*factor.sources, *(SOURCES if bone is not None else ()))
        return factor.model_copy(
            update={"fracture": found, "bone": bone, "not_sized": reason, "sources": tuple(dict.fromkeys(sources))}
        )

    factors = tuple(map(sized, profile.factors))
    changeable = [one.key for one in factors if one.state == "present" and one.changeable == "yes" and one.fracture]
    together = fractures.without(changeable) if len(changeable) > 1 else ()
    note = SIZES_NOTE if any(one.fracture or one.bone for one in factors) else ""
    return profile.model_copy(update={"factors": factors, "together": together, "sizes_note": note})


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}" if text else ""
