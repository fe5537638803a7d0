"""Whether a printed T-score follows from its bone density, and which of the two counts where it does not.

Bone density is what was measured; the T-score follows from it and a reference. Which number is the slip cannot be seen
from the record, so both are named, with the category that each gives, and the choice is this:

* up to one standard deviation apart, the printed score counts: the device may have compared with another reference
  group (its maker's own, or men), and the printed score stands on the signed report;
* further apart, no other reference group explains it and one number is a slip, such as a sign or a digit that was lost.
  Where the reference is the one that the device itself prints, the score that follows from the bone density counts.
  Norland is left out: on its reports a hip's T-score lies more than one below that of the common reference;
* where the reference is not known (no scanner that is known; a spine whose maker's reference is not public) there is
  nothing else to count, so the printed score does.
"""

from __future__ import annotations

from dataclasses import dataclass

from osteon.densitometry.age_reference import age_reference
from osteon.densitometry.categories import who_category
from osteon.densitometry.device import MAKER_LABELS, maker_of
from osteon.densitometry.reference import Reference, hip_reference
from osteon.densitometry.rounding import as_printed, written
from osteon.evidence import value
from osteon.person import Scan, Site, SiteMeasurement

MAX_DISAGREEMENT = 0.2
"""A printed and a computed T-score may differ by this much (rounding of both, and of the bone density) unremarked."""

MAX_SPINE_DISAGREEMENT = 1.0
"""The same for a spine whose maker's reference is not known, measured from the nearest known one."""

MAX_OF_ANOTHER_REFERENCE = 1.0
"""So far apart may a printed and a computed T-score be because the device compared with another reference group. A
cautious choice, not a published limit: makers' spine references differ by about as much, hip references by less."""

PRINTS_THE_REFERENCE = ("hologic", "ge_lunar")
"""The makers whose reports print the T-scores of the common reference."""

YOUNG_AGE_YEARS = 25.0
YOUNG_SPINE_SOURCE = "nhanes2005_2008_in_fendo2026"
_SPINE_HIGH = (
    "ge_lunar_idxa_encore17.lumbar_spine_l1_l4.female.mean",
    "ge_lunar_idxa_encore17.lumbar_spine_l1_l4.female.sd",
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A printed T-score that does not follow from its bone density.

    Attributes
    ----------
    fault
        The end of the sentence that says so.
    by_density
        The T-score that the bone density gives; none where the reference is not known.
    density_counts
        Whether that score counts, and not the printed one.
    evidence
        Names of evidence rows and keys of sources behind the comparison, beyond those of the reference.
    """

    fault: str
    by_density: float | None = None
    density_counts: bool = False
    evidence: tuple[str, ...] = ()


def doubt_about(
    measurement: SiteMeasurement, scan: Scan, reference: Reference | None, computed: float | None
) -> Doubt | None:
    """What is wrong with the printed T-score of a measurement; none when nothing is, or nothing can be compared.

    Parameters
    ----------
    measurement, scan
        The region and the examination that it belongs to.
    reference, computed
        The reference that fits both, and the T-score that it gives; none where there is none.
    """
    printed = measurement.t_score
    if printed is None:
        return None
    maker = maker_of(scan.device)
    if maker is None and (fault := _fits_no_maker(measurement)):
        names = (name for one in MAKER_LABELS for name in hip_reference(measurement.site, one).evidence)
        return Doubt(fault, evidence=tuple(names))
    if measurement.site == "lumbar_spine" and reference is None:
        fault = _fits_no_spine(measurement, scan.device)
        return Doubt(fault, evidence=(*_SPINE_HIGH, YOUNG_SPINE_SOURCE)) if fault else None
    if computed is None or reference is None or not _further(printed, computed, MAX_DISAGREEMENT):
        return None
    slip = maker in PRINTS_THE_REFERENCE and _further(printed, computed, MAX_OF_ANOTHER_REFERENCE)
    gives = as_printed(computed)
    return Doubt(f", which gives {gives:.1f} ({reference.label})", gives, slip)


def sentence(doubt: Doubt, measurement: SiteMeasurement, where: str, *, t_scores_count: bool) -> str:
    """The warning: what does not fit, which number counts and why, and what the other one would say.

    Parameters
    ----------
    doubt, measurement
        The contradiction and the numbers.
    where
        The place in words, as a sentence begins: "Left femoral neck".
    t_scores_count
        False where Z-scores count, so that neither number decides anything.
    """
    printed = measurement.t_score
    if printed is None or measurement.bmd_g_cm2 is None:  # there is no doubt without both numbers
        raise ValueError("a doubt needs a printed T-score and a bone density")
    said = (
        f"{where}: the printed T-score of {printed} does not follow from the printed bone density of "
        f"{measurement.bmd_g_cm2:g} g/cm²{doubt.fault}."
    )
    if not t_scores_count:
        return f"{said} Z-scores count here, so neither decides. Check both numbers on the report."
    return f"{said} {_choice(doubt, printed)} Check both numbers on the report before anything is decided."


def _choice(doubt: Doubt, printed: float) -> str:
    by_density = doubt.by_density
    if by_density is None:
        return (
            "The printed score counts here, because no reference is known from which another could be computed, so "
            "the category rests on a number in doubt."
        )
    categories = who_category(printed), who_category(by_density)
    if doubt.density_counts:
        other = "" if categories[0] == categories[1] else f" By the printed score it would be {categories[0]}."
        return (
            f"They are further apart than another reference group explains, so one is a slip. {written(by_density)} "
            f"counts here, because the bone density is what was measured.{other}"
        )
    other = (
        "The category is the same by both."
        if categories[0] == categories[1]
        else (f"By the bone density it would be {categories[1]}, not {categories[0]}.")
    )
    return (
        "The printed score counts here, because the device may have compared with another reference group and its "
        f"score stands on the report. {other}"
    )


def _fits_no_maker(measurement: SiteMeasurement) -> str:
    """For an unknown scanner: whether the printed hip score fits no maker's scale at all."""
    bmd, printed = measurement.bmd_g_cm2, measurement.t_score
    if bmd is None or printed is None or measurement.site not in ("femoral_neck", "total_hip"):
        return ""
    by_maker = _by_maker(measurement.site, bmd)
    if not all(_further(printed, other, MAX_DISAGREEMENT) for other in by_maker.values()):
        return ""
    closest = min(by_maker, key=lambda label: abs(by_maker[label] - printed))
    return f" on any maker's scale (the closest, {closest}, gives {as_printed(by_maker[closest]):.1f})"


def _fits_no_spine(measurement: SiteMeasurement, device: str | None) -> str:
    """For a spine whose reference is not known: whether the score is out of reach of every known one.

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


def _by_maker(site: Site, bmd: float) -> dict[str, float]:
    references = {label: hip_reference(site, maker) for maker, label in MAKER_LABELS.items()}
    return {label: (bmd - one.mean_g_cm2) / one.sd_g_cm2 for label, one in references.items()}


def _further(printed: float, computed: float, limit: float) -> bool:
    return round(abs(printed - computed), 6) > limit
