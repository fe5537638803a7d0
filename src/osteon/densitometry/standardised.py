"""Standardised bone density: one scale for three makers, for pooling people only.

The same person reads some 6 % higher at the hip, and more at the spine, on a Lunar than on a Hologic scanner. Published
equations bring both onto one scale (mg/cm²). They fit groups; for one person the average error is 3.5 %, more than most
people gain or lose in a year, so they never serve to follow one person from scanner to scanner.
"""

from __future__ import annotations

from dataclasses import dataclass

from osteon.densitometry.device import maker_of
from osteon.evidence import value
from osteon.person import Site


@dataclass(frozen=True, slots=True)
class StandardisedBmd:
    """Standardised bone density with its average error for an individual, both in mg/cm².

    ``evidence`` are the names of the evidence rows used.
    """

    mg_cm2: float
    error_mg_cm2: float
    evidence: tuple[str, ...]


def standardised_bmd(site: Site, bmd_g_cm2: float, device: str | None) -> StandardisedBmd | None:
    """Bone density on the common scale; none for an unknown scanner or for the radius.

    Hip: sBMD = 1000 (a + b · BMD) (Lu 2001; International Committee for Standards in Bone Measurement).
    Spine: sBMD = 1000 (b (BMD - centre) + 1.0436) (Hui 1997).

    Parameters
    ----------
    site, device
        What was measured, on which scanner.
    bmd_g_cm2
        As printed, g/cm².
    """
    maker = maker_of(device)
    if maker is None or site == "radius_33":
        return None
    base = f"sbmd.{maker}.{site}"
    if site == "lumbar_spine":
        names: tuple[str, ...] = (f"{base}.slope", f"{base}.centre", "sbmd.lumbar_spine.common_centre")
        slope, centre, common = (value(name) for name in names)
        standardised = 1000 * (slope * (bmd_g_cm2 - centre) + common)
    else:
        names = (f"{base}.intercept", f"{base}.slope")
        intercept, slope = (value(name) for name in names)
        standardised = 1000 * (intercept + slope * bmd_g_cm2)
    error = "sbmd.error_percent"
    return StandardisedBmd(standardised, standardised * value(error) / 100, (*names, error))
