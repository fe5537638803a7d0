"""Scores as a device prints them, and whether a printed score follows from its bone density.

A category is decided on the score as it stands on paper. Printed scores keep their decimals (one or two). Computed
scores are rounded to one decimal, halves away from zero, because that is what a device would have printed: a woman
whose bone density gives -2.46 has a printed T-score of -2.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from osteon.densitometry.age_reference import age_reference, z_score
from osteon.densitometry.device import MAKER_LABELS, maker_of
from osteon.densitometry.reference import Reference, hip_reference, reference_for, spine_reference
from osteon.evidence import value
from osteon.person import SITE_LABELS, Person, Scan, Sex, Site, SiteMeasurement

ScoreSource = Literal["printed", "computed"]

MAX_DISAGREEMENT = 0.2
"""A printed and a computed T-score may differ by this much (rounding of both, and of the bone density) unremarked."""


MAX_SPINE_DISAGREEMENT = 1.0
"""The same for a spine whose maker's reference is not known, measured from the nearest known one."""

YOUNG_AGE_YEARS = 25.0
YOUNG_SPINE_SOURCE = "nhanes2005_2008_in_fendo2026"
_SPINE_HIGH = (
    "ge_lunar_idxa_encore17.lumbar_spine_l1_l4.female.mean",
    "ge_lunar_idxa_encore17.lumbar_spine_l1_l4.female.sd",
)


def exact(score: float) -> Decimal:
    """A score as the decimal number that was meant: the last bits of floating-point arithmetic are dropped."""
    return Decimal(repr(round(float(score), 6)))


def as_printed(score: float) -> float:
    """A computed score rounded as a device prints it: one decimal, halves away from zero, and never minus zero."""
    return float(exact(score).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)) + 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """One measurement with the scores that count, and what has to be said about them.

    ``missing_t`` says why there is no T-score (empty when there is one). ``evidence`` are names of evidence rows and
    keys of sources behind the computed scores and cross-checks.
    """

    measurement: SiteMeasurement
    t_score: float | None
    t_source: ScoreSource | None
    z_score: float | None
    z_source: ScoreSource | None
    missing_t: str
    warnings: tuple[str, ...]
    evidence: tuple[str, ...]


def place(measurement: SiteMeasurement) -> str:
    """Where a measurement was taken, for a sentence: "left femoral neck", "lumbar spine L1-L2"."""
    words = SITE_LABELS[measurement.site]
    if measurement.side in ("left", "right"):
        words = f"{measurement.side} {words[0].lower()}{words[1:]}"
    elif measurement.side == "mean":
        words = f"{words} (mean of both sides)"
    if measurement.vertebrae:
        words = f"{words} {', '.join(measurement.vertebrae)}"
    return words[0].upper() + words[1:]


def score(measurement: SiteMeasurement, scan: Scan, person: Person, *, t_scores_count: bool = True) -> Scored:
    """The T- and Z-score of one measurement: as printed, else computed where a reference exists, else none.

    Parameters
    ----------
    measurement, scan
        The region and the examination that it belongs to (scanner, software).
    person
        Whose it is: sex, age and ethnic group, for the Z-score and for the maker's spine reference.
    t_scores_count
        False where Z-scores count (before menopause, men under 50): devices leave the T column blank there, and so
        no T-score is computed; a printed one is still compared with its bone density.
    """
    reference = _reference(measurement, scan, person.sex)
    bmd, printed = measurement.bmd_g_cm2, measurement.t_score
    computed = None if reference is None or bmd is None else (bmd - reference.mean_g_cm2) / reference.sd_g_cm2
    compared = computed is not None and (printed is not None or t_scores_count)
    evidence = reference.evidence if reference is not None and compared else ()
    fault = _disagreement(measurement, reference, computed)
    if maker_of(scan.device) is None and (fault := _fits_no_maker(measurement)):
        evidence += tuple(name for maker in MAKER_LABELS for name in hip_reference(measurement.site, maker).evidence)
    if measurement.site == "lumbar_spine" and reference is None:
        fault = _fits_no_spine(measurement, scan.device)
        evidence += (*_SPINE_HIGH, YOUNG_SPINE_SOURCE) if fault else ()
    t_value, t_source = _prefer(printed, computed if t_scores_count else None)
    computed_z, z_evidence = _computed_z(measurement, scan, person)
    z_value, z_source = _prefer(measurement.z_score, computed_z)
    if z_source == "computed":
        evidence += (z_evidence,)
    return Scored(
        measurement=measurement,
        t_score=t_value,
        t_source=t_source,
        z_score=z_value,
        z_source=z_source,
        missing_t="" if t_value is not None else _why_no_t(measurement, scan),
        warnings=(_warning(measurement, fault),) if fault else (),
        evidence=evidence,
    )


def _prefer(printed: float | None, computed: float | None) -> tuple[float | None, ScoreSource | None]:
    if printed is not None:
        return printed, "printed"
    if computed is not None:
        return as_printed(computed), "computed"
    return None, None


def _reference(measurement: SiteMeasurement, scan: Scan, sex: Sex) -> Reference | None:
    if measurement.site == "lumbar_spine":
        return spine_reference(scan.device, scan.software, measurement.vertebrae, sex)
    return reference_for(measurement.site, scan.device)


def _computed_z(measurement: SiteMeasurement, scan: Scan, person: Person) -> tuple[float | None, str]:
    # The surveys' spine is L1-L4; other sets of vertebrae have no age reference.
    whole = not measurement.vertebrae or len(measurement.vertebrae) == 4
    usual = age_reference(measurement.site, person.sex, person.age_years, person.ethnicity)
    if measurement.bmd_g_cm2 is None or usual is None or not whole:
        return None, ""
    computed = z_score(
        measurement.site,
        measurement.bmd_g_cm2,
        scan.device,
        sex=person.sex,
        age_years=person.age_years,
        ethnicity=person.ethnicity,
    )
    return computed, usual.source


def _disagreement(measurement: SiteMeasurement, reference: Reference | None, computed: float | None) -> str:
    """What is wrong with the printed T-score, as the end of a sentence; empty when it follows from its bone density."""
    printed = measurement.t_score
    if printed is None or computed is None or reference is None or not _far(printed, computed):
        return ""
    return f", which gives {as_printed(computed):.1f} ({reference.label})"


def _fits_no_maker(measurement: SiteMeasurement) -> str:
    """The same for an unknown scanner: whether the printed hip score fits no maker's scale at all."""
    bmd, printed = measurement.bmd_g_cm2, measurement.t_score
    if bmd is None or printed is None or measurement.site not in ("femoral_neck", "total_hip"):
        return ""
    by_maker = _by_maker(measurement.site, bmd)
    if not all(_far(printed, other) for other in by_maker.values()):
        return ""
    closest = min(by_maker, key=lambda label: abs(by_maker[label] - printed))
    return f" on any maker's scale (the closest, {closest}, gives {as_printed(by_maker[closest]):.1f})"


def _fits_no_spine(measurement: SiteMeasurement, device: str | None) -> str:
    """The same for a spine whose reference is not known: whether the score is out of reach of every known one.

    Makers' spine references differ by about one standard deviation, so the limit is wide: it finds numbers that were
    typed into the wrong place, not small disagreements.
    """
    bmd, printed = measurement.bmd_g_cm2, measurement.t_score
    single = measurement.vertebrae is not None and len(measurement.vertebrae) == 1
    young = age_reference("lumbar_spine", "female", YOUNG_AGE_YEARS, None)
    if bmd is None or printed is None or single or young is None:
        return ""
    high = Reference(value(_SPINE_HIGH[0]), value(_SPINE_HIGH[1]), "GE Lunar", _SPINE_HIGH)
    low = Reference(young.mean_g_cm2, young.sd_g_cm2, "Hologic", (YOUNG_SPINE_SOURCE,))
    maker = maker_of(device)
    usable = {"hologic": (low,), "ge_lunar": (high,)}.get(maker or "", (low, high))
    reachable = [(bmd - one.mean_g_cm2) / one.sd_g_cm2 for one in usable]
    if min(reachable) - MAX_SPINE_DISAGREEMENT <= printed <= max(reachable) + MAX_SPINE_DISAGREEMENT:
        return ""
    closest = as_printed(min(reachable, key=lambda score: abs(score - printed)))
    return f" on any scale that is known (the closest gives about {closest:.1f})"


def _warning(measurement: SiteMeasurement, fault: str) -> str:
    return (
        f"{place(measurement)}: the printed T-score of {measurement.t_score} does not follow from the printed bone "
        f"density of {measurement.bmd_g_cm2:g} g/cm²{fault}. The printed score is kept; check both numbers on the "
        "report, and whether the device compared with another reference group."
    )


def _by_maker(site: Site, bmd: float) -> dict[str, float]:
    references = {label: hip_reference(site, maker) for maker, label in MAKER_LABELS.items()}
    return {label: (bmd - one.mean_g_cm2) / one.sd_g_cm2 for label, one in references.items()}


def _far(printed: float, computed: float) -> bool:
    return round(abs(printed - computed), 6) > MAX_DISAGREEMENT


def _why_no_t(measurement: SiteMeasurement, scan: Scan) -> str:
    where = place(measurement)
    if measurement.bmd_g_cm2 is None:
        return f"{where}: neither a T-score nor a bone density is recorded."
    if measurement.site == "lumbar_spine":
        return f"{where}: no T-score is printed, and spine references belong to the maker, so none is computed."
    if measurement.site == "radius_33":
        return f"{where}: no T-score is printed, and there is no public reference to compute one."
    named = f"the scanner '{scan.device}' is not one whose scale is known" if scan.device else "no scanner is named"
    return f"{where}: no T-score is printed, and {named}, so none is computed."
