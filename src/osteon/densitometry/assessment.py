"""The whole assessment: the latest scan becomes a category, the site that decided it, and what to be careful about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from osteon.densitometry.change import CHANGE_SOURCES, changes_between
from osteon.densitometry.diagnosis import (
    RULE_SOURCES,
    Rule,
    RuleChoice,
    explain,
    lowest,
    rule_for,
    score_of,
    usable_hip,
)
from osteon.densitometry.earlier import earlier_osteoporosis
from osteon.densitometry.quality import area_warnings, column_warnings, degeneration_warning
from osteon.densitometry.result import BmdChange, Densitometry, SiteResult, VertebraResult
from osteon.densitometry.rounding import written
from osteon.densitometry.scores import Scored, score
from osteon.densitometry.spine import usable_spine
from osteon.densitometry.spine_imaging import SPINE_IMAGING_SOURCES, spine_imaging_advice
from osteon.densitometry.tbs import TBS_SOURCES, tbs_sentence
from osteon.person import Person, Scan, Site, Vertebra

_BETTER_THAN_THEN = ("normal", "osteopenia")


def assess(
    person: Person,
    *,
    abnormal_vertebrae: Iterable[Vertebra] = (),
    precision_g_cm2: Mapping[Site, float] | None = None,
) -> Densitometry:
    """What bone density says about a person, from the latest scan.

    Parameters
    ----------
    person
        The record. Without a scan, the diagnosis is ``undetermined``.
    abnormal_vertebrae
        Vertebrae that the reader of the image found structurally changed, besides those that the scan names.
    precision_g_cm2
        The centre's precision error by site (root-mean-square SD, g/cm²), to judge the change since the scan before;
        the scan's own when left out.
    """
    choice = rule_for(person)
    scan = person.latest_scan
    if scan is None:
        return _nothing(choice)
    scored = [score(one, scan, person, t_scores_count=choice.rule == "T-score") for one in scan.sites]
    spine, spine_warnings = usable_spine(
        _at(scored, "lumbar_spine"), {*abnormal_vertebrae, *(scan.abnormal_vertebrae or ())}
    )
    hips = usable_hip(_at(scored, "femoral_neck")) + usable_hip(_at(scored, "total_hip"))
    candidates = _candidates(person, choice, spine, hips, _at(scored, "radius_33"))
    deciding = lowest(candidates, choice.rule)
    low_t, low_z = lowest(candidates, "T-score"), lowest(candidates, "Z-score")
    lowest_t = low_t.t_score if low_t is not None and choice.rule == "T-score" else None
    imaging = _spine_imaging(person, lowest_t)
    texture = () if scan.tbs is None else (tbs_sentence(scan.tbs),)
    changes = _changes(person, precision_g_cm2 if precision_g_cm2 is not None else scan.precision_g_cm2 or {})
    diagnosis, why = ("undetermined", _why_undetermined(choice)) if deciding is None else explain(deciding, choice.rule)
    warnings = [
        *(choice.warnings),
        *(text for one in scored for text in one.warnings),
        *spine_warnings,
        *area_warnings(scan),
        *column_warnings(scored, person.age_years),
        *_missing(candidates, choice),
    ]
    worn = degeneration_warning(spine, hips, person.age_years) if choice.rule == "T-score" else None
    if worn is not None:
        warnings.append(worn)
    return Densitometry(
        diagnosis=diagnosis,
        rule=choice.rule,
        reason=f"{choice.reason} {why}",
        deciding_site=None if deciding is None else deciding.measurement.site,
        deciding_side=None if deciding is None else deciding.measurement.side,
        lowest_t_score=lowest_t,
        lowest_z_score=None if low_z is None else low_z.z_score,
        scan_date=scan.date,
        device=scan.device,
        sites=tuple(_site_result(one, candidates, choice.rule) for one in scored if not _is_single(one)),
        warnings=tuple(warnings),
        sources=_sources(choice, scored, changes)
        + (SPINE_IMAGING_SOURCES if imaging else ())
        + (TBS_SOURCES if texture else ()),
        vertebrae=tuple(_vertebra_result(one) for one in scored if _is_single(one)),
        changes=changes,
        advice=imaging + texture + _radius_left_out(person, choice, candidates, _at(scored, "radius_33")),
        earlier_osteoporosis=earlier_osteoporosis(person, assess) if diagnosis in _BETTER_THAN_THEN else None,
        in_doubt=_in_doubt(deciding, choice.rule),
    )


def _in_doubt(deciding: Scored | None, rule: Rule) -> Literal["printed", "density"] | None:
    """Which of two contradicting numbers decided; none when they agree, or when Z-scores count."""
    if deciding is None or not deciding.doubtful or rule != "T-score":
        return None
    return "printed" if deciding.t_source == "printed" else "density"


def _candidates(
    person: Person, choice: RuleChoice, spine: Scored | None, hips: list[Scored], radius: list[Scored]
) -> list[Scored]:
    """The measurements that may decide.

    The 33 % radius counts when neither spine nor hip has a usable score, and in hyperparathyroidism, which thins the
    forearm first (ISCD).
    """
    central = hips if spine is None else [spine, *hips]
    nothing_central = all(score_of(one, choice.rule) is None for one in central)
    if radius and (nothing_central or person.history.hyperparathyroidism):
        return [*central, *radius]
    return central


def _radius_left_out(
    person: Person, choice: RuleChoice, candidates: list[Scored], radius: list[Scored]
) -> tuple[str, ...]:
    """A forearm lower than what counts, where nobody has said whether hyperparathyroidism makes it count."""
    left_out, counted = lowest(radius, choice.rule), lowest(candidates, choice.rule)
    if person.history.hyperparathyroidism is not None or left_out is None or counted is None or left_out in candidates:
        return ()
    forearm, other = score_of(left_out, choice.rule), score_of(counted, choice.rule)
    if forearm is None or other is None or forearm >= other:
        return ()
    text = (
        f"The 33 % radius has the lowest {choice.rule} ({written(forearm)}) and does not count, unless the parathyroid "
        "glands are overactive (ISCD), which is not on record: look at calcium and parathyroid hormone."
    )
    return (text,)


def _spine_imaging(person: Person, lowest_t: float | None) -> tuple[str, ...]:
    history = person.history
    text = spine_imaging_advice(
        sex=person.sex,
        age_years=person.age_years,
        lowest_t_score=lowest_t,
        height_loss_cm=history.height_loss_cm,
        reported_vertebral_fracture="spine" in (history.fragility_fracture_sites or ()),
        glucocorticoids=history.glucocorticoids,
        prednisone_mg_per_day=history.glucocorticoid_prednisone_mg_per_day,
    )
    return () if text is None else (text,)


def _changes(person: Person, precision_g_cm2: Mapping[Site, float]) -> tuple[BmdChange, ...]:
    scans: list[Scan] = sorted(person.scans, key=lambda one: one.date)
    return changes_between(scans[-2], scans[-1], precision_g_cm2) if len(scans) > 1 else ()


def _missing(candidates: list[Scored], choice: RuleChoice) -> list[str]:
    """Why a measured region does not take part in the decision, so that nothing is dropped in silence."""
    if choice.rule == "T-score":
        return [one.missing_t for one in candidates if one.missing_t]
    without = [one for one in candidates if one.z_score is None]
    if not without or len(without) == len(candidates):
        return []
    return ["Some regions have no printed Z-score, and none could be computed; they do not count here."]


def _why_undetermined(choice: RuleChoice) -> str:
    if choice.rule == "T-score":
        return "No region of the scan has a T-score, printed or computable, so there is no category."
    return (
        "No region of the scan has a Z-score, printed or computable (age tables are used for Hologic scanners only), "
        "so there is no category; copy the Z-scores from the report."
    )


def _nothing(choice: RuleChoice) -> Densitometry:
    return Densitometry(
        diagnosis="undetermined",
        rule=choice.rule,
        reason="There is no bone-density scan in the record.",
        deciding_site=None,
        deciding_side=None,
        lowest_t_score=None,
        lowest_z_score=None,
        scan_date=None,
        device=None,
        sites=(),
        warnings=(),
        sources=(),
    )


def _site_result(one: Scored, candidates: list[Scored], rule: Rule) -> SiteResult:
    measured = one.measurement
    return SiteResult(
        site=measured.site,
        side=measured.side,
        bmd_g_cm2=measured.bmd_g_cm2,
        t_score=one.t_score,
        t_score_source=one.t_source,
        z_score=one.z_score,
        z_score_source=one.z_source,
        used_for_diagnosis=score_of(one, rule) is not None and any(one is other for other in candidates),
        vertebrae=measured.vertebrae,
    )


def _vertebra_result(one: Scored) -> VertebraResult:
    measured = one.measurement
    (name,) = measured.vertebrae or ()
    return VertebraResult(
        vertebra=name, bmd_g_cm2=measured.bmd_g_cm2, t_score=measured.t_score, z_score=measured.z_score
    )


def _is_single(one: Scored) -> bool:
    return one.measurement.vertebrae is not None and len(one.measurement.vertebrae) == 1


def _at(scored: list[Scored], site: Site) -> list[Scored]:
    return [one for one in scored if one.measurement.site == site]


def _sources(choice: RuleChoice, scored: list[Scored], changes: tuple[BmdChange, ...]) -> tuple[str, ...]:
    names = [*RULE_SOURCES[choice.rule], *(name for one in scored for name in one.evidence)]
    names += CHANGE_SOURCES if changes else ()
    return tuple(dict.fromkeys(names))
