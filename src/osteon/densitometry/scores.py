"""Scores as a device prints them, and which score of a measurement counts.

A category is decided on the score as it stands on paper. Printed scores keep their decimals (one or two). Computed
scores are rounded to one decimal, halves away from zero, because that is what a device would have printed: a woman
whose bone density gives -2.46 has a printed T-score of -2.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from osteon.densitometry.age_reference import age_reference, z_score
from osteon.densitometry.doubt import doubt_about, sentence
from osteon.densitometry.reference import Reference, reference_for, spine_reference
from osteon.densitometry.rounding import as_printed
from osteon.person import SITE_LABELS, Person, Scan, Sex, SiteMeasurement

ScoreSource = Literal["printed", "computed"]


@dataclass(frozen=True, slots=True)
class Scored:
    """One measurement with the scores that count, and what has to be said about them.

    ``missing_t`` says why there is no T-score (empty when there is one). ``evidence`` are names of evidence rows and
    keys of sources behind the computed scores and cross-checks. ``doubtful``: the printed T-score does not follow from
    the printed bone density.
    """

    measurement: SiteMeasurement
    t_score: float | None
    t_source: ScoreSource | None
    z_score: float | None
    z_source: ScoreSource | None
    missing_t: str
    warnings: tuple[str, ...]
    evidence: tuple[str, ...]
    doubtful: bool = False


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

    A printed T-score that cannot belong to its bone density gives way to the computed one (:mod:`.doubt`).

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
    doubt = doubt_about(measurement, scan, reference, computed)
    evidence += doubt.evidence if doubt is not None else ()
    trusted = None if doubt is not None and doubt.density_counts and t_scores_count else printed
    t_value, t_source = _prefer(trusted, computed if t_scores_count else None)
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
        warnings=()
        if doubt is None
        else (sentence(doubt, measurement, place(measurement), t_scores_count=t_scores_count),),
        evidence=evidence,
        doubtful=doubt is not None,
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
