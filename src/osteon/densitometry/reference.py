"""Young-adult reference values: from bone density to T-score and back.

One reference serves everybody: White women aged 20 to 29, for women and men of every ethnic group (ISCD 2023), at the
femoral neck and total hip from NHANES III (Looker 1998), measured on Hologic scanners. On GE Lunar and Norland
scanners the same reference is carried over by the published equations of standardised bone density.

Spine references belong to a maker, a scanner and a software version. The T-score that the device printed is therefore
kept; the two spine references that could be read on printed reports apply to exactly that scanner and software.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from osteon.densitometry.device import MAKER_LABELS, Maker, maker_of
from osteon.evidence import value
from osteon.person import Sex, Site, Vertebra

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Numbers = TypeVar("Numbers", "float", "NDArray[np.float64]")

_WHOLE_SPINE: tuple[Vertebra, ...] = ("L1", "L2", "L3", "L4")
# Words of the device, software name and version, vertebrae -> prefix of the evidence rows.
_SPINE_REFERENCES: tuple[tuple[str, int, tuple[Vertebra, ...], str], ...] = (
    ("prodigy", 16, _WHOLE_SPINE, "ge_lunar_prodigy_encore16.lumbar_spine_l1_l4.female"),
    ("prodigy", 16, ("L2", "L3", "L4"), "ge_lunar_prodigy_encore16.lumbar_spine_l2_l4.female"),
    ("idxa", 17, _WHOLE_SPINE, "ge_lunar_idxa_encore17.lumbar_spine_l1_l4.female"),
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Mean and standard deviation of young adults at one site on one maker's scale.

    Attributes
    ----------
    mean_g_cm2, sd_g_cm2
        The reference, in g/cm² as this scanner would print it.
    label
        What it is, in words for the reader.
    evidence
        Names of the evidence rows that it rests on.
    """

    mean_g_cm2: float
    sd_g_cm2: float
    label: str
    evidence: tuple[str, ...]


def reference_for(site: Site, device: str | None) -> Reference | None:
    """The reference for a hip site on a scanner; none when there is none that may be used.

    Parameters
    ----------
    site
        ``femoral_neck`` and ``total_hip`` have a reference; the spine and the radius have the maker's own.
    device
        Name of the scanner. :data:`osteon.densitometry.NHANES_SCALE` stands for bone density that is already on the
        scale of NHANES III. An unknown or missing name has no reference.
    """
    maker = maker_of(device)
    if maker is None or site not in ("femoral_neck", "total_hip"):
        return None
    return hip_reference(site, maker)


@cache
def hip_reference(site: Site, maker: Maker) -> Reference:
    """NHANES III at a hip site, on one maker's scale.

    GE Lunar and Norland: mean = (a_H + b_H · mean_H - a) / b and SD = b_H · SD_H / b, with a and b of the equation
    sBMD = 1000 (a + b · BMD) of that maker, and H for Hologic (Lu 2001; International Committee for Standards in Bone
    Measurement for the total hip).
    """
    base = f"nhanes3.{site}.female_white_20_29"
    names: tuple[str, ...] = (f"{base}.mean", f"{base}.sd")
    mean, sd = value(names[0]), value(names[1])
    if maker == "hologic":
        return Reference(mean, sd, "NHANES III, White women aged 20 to 29", names)
    equations = tuple(f"sbmd.{one}.{site}.{part}" for one in ("hologic", maker) for part in ("intercept", "slope"))
    a_hologic, b_hologic, a, b = (value(name) for name in equations)
    return Reference(
        mean_g_cm2=(a_hologic + b_hologic * mean - a) / b,
        sd_g_cm2=b_hologic * sd / b,
        label=f"NHANES III, White women aged 20 to 29, carried over to {MAKER_LABELS[maker]}",
        evidence=names + equations,
    )


def spine_reference(
    device: str | None, software: str | None, vertebrae: tuple[Vertebra, ...] | None, sex: Sex
) -> Reference | None:
    """The maker's spine reference, where scanner, software and vertebrae are those of a printed report.

    The rows are references for women; makers' references for men differ, so a man has none here.

    Parameters
    ----------
    device, software
        Both must match: the same maker prints other values on another scanner or version.
    vertebrae
        The vertebrae that the number covers; none means L1 to L4.
    sex
        Of the person.
    """
    version = re.search(r"encore\D{0,10}(\d+)", (software or "").casefold())
    if sex != "female" or version is None or maker_of(device) != "ge_lunar":
        return None
    for model, number, covered, prefix in _SPINE_REFERENCES:
        matches = model in (device or "").casefold() and int(version[1]) == number
        if matches and tuple(sorted(vertebrae or _WHOLE_SPINE)) == covered:
            names = (f"{prefix}.mean", f"{prefix}.sd")
            label = f"the maker's reference for {covered[0]}-{covered[-1]} on this scanner and software"
            return Reference(value(names[0]), value(names[1]), label, names)
    return None


def t_score(site: Site, bmd_g_cm2: Numbers, device: str | None) -> Numbers | None:
    """The T-score of a bone density, not rounded; none when there is no reference.

    Parameters
    ----------
    site, device
        As for :func:`reference_for`.
    bmd_g_cm2
        One bone density or an array of them, g/cm².
    """
    reference = reference_for(site, device)
    return None if reference is None else (bmd_g_cm2 - reference.mean_g_cm2) / reference.sd_g_cm2


def bmd_from_t_score(site: Site, t_score: Numbers, device: str | None) -> Numbers | None:
    """The bone density in g/cm² that has this T-score; none when there is no reference.

    Parameters
    ----------
    site, device
        As for :func:`reference_for`.
    t_score
        One T-score or an array of them.
    """
    reference = reference_for(site, device)
    return None if reference is None else reference.mean_g_cm2 + t_score * reference.sd_g_cm2
