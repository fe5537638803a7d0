"""Change between two scans, judged against the least significant change.

Least significant change (LSC) = 2.77 times the precision error of this site at this centre, in g/cm²; a change that
equals or exceeds it is real with 95 % confidence (ISCD). Only scans of one scanner, of the same side and the same
vertebrae, are compared. Where the precision of the centre is not known there is a change but no verdict: a maker's
precision does not carry over to a clinic. A change beyond the largest LSC that a centre may have is then called
probably real.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from osteon.densitometry.device import same_scanner
from osteon.densitometry.result import BmdChange
from osteon.densitometry.rounding import exact
from osteon.densitometry.scores import place
from osteon.errors import InputError
from osteon.evidence import value
from osteon.person import Scan, Side, Site, SiteMeasurement, Vertebra

Verdict = Literal["gain", "loss", "no significant change", "cannot be judged"]

LARGEST_ALLOWED: Mapping[Site, str] = {
    "lumbar_spine": "lsc.largest_allowed.lumbar_spine",
    "total_hip": "lsc.largest_allowed.total_hip",
}
"""Rows of the largest LSC in percent that a centre may have by a national standard; none was read for other sites."""

CHANGE_SOURCES: tuple[str, ...] = ("iscd.lsc_factor", *LARGEST_ALLOWED.values())


def least_significant_change(precision_g_cm2: float, vertebrae: int = 4) -> float:
    """The least significant change in g/cm².

    Parameters
    ----------
    precision_g_cm2
        The centre's precision error (root-mean-square SD) at this site; for the spine, that of L1-L4.
    vertebrae
        How many vertebrae are compared. Two or three read less precisely; the LSC of L1-L4 is then raised by 24 % or
        7 % (Rosen 2024). A centre that has the precision of that very set gives it and leaves this at 4.

    Raises
    ------
    InputError
        The precision is not positive, or fewer than two vertebrae are compared.
    """
    if precision_g_cm2 <= 0:
        raise InputError(
            f"a precision error of {precision_g_cm2:g} g/cm² is not possible",
            mend="Give the centre's root-mean-square SD in g/cm², such as 0.010",
        )
    if vertebrae < value("iscd.vertebrae_min"):
        raise InputError("a single vertebra is never followed", mend="Compare at least two vertebrae")
    widening = {3: "lsc.fewer_vertebrae.three", 2: "lsc.fewer_vertebrae.two"}.get(vertebrae)
    return value("iscd.lsc_factor") * precision_g_cm2 * (value(widening) if widening else 1.0)


def bmd_change(
    earlier: SiteMeasurement,
    later: SiteMeasurement,
    dates: tuple[dt.date, dt.date],
    *,
    lsc_g_cm2: float | None,
    scanner_is_same: bool | None,
) -> BmdChange | None:
    """The change of one region between two scans; none when a bone density is missing.

    Parameters
    ----------
    earlier, later
        The same region (site, side, vertebrae) in two scans.
    dates
        Of the earlier and of the later scan.
    lsc_g_cm2
        The least significant change of this site at this centre, or none when it is not known.
    scanner_is_same
        None when a scan does not name its scanner.

    Raises
    ------
    InputError
        The two are not the same region, or the dates are in the wrong order.
    """
    if _region(earlier) != _region(later) or dates[0] >= dates[1]:
        raise InputError(
            "only one and the same region can be compared, the earlier scan first",
            mend="Compare the same site, side and vertebrae, in the order of their dates",
        )
    if earlier.bmd_g_cm2 is None or later.bmd_g_cm2 is None:
        return None
    change = exact(later.bmd_g_cm2) - exact(earlier.bmd_g_cm2)
    percent = 100 * float(change) / earlier.bmd_g_cm2
    verdict, because = _verdict(float(change), lsc_g_cm2, scanner_is_same)
    if lsc_g_cm2 is None and scanner_is_same and _beyond_any_centre(later, percent):
        kind = "gain" if change > 0 else "loss"
        limit = value(LARGEST_ALLOWED[later.site])
        because = (
            f"probably a real {kind}, beyond {limit:g} %, the largest least significant change that a centre may have "
            "by a national standard; the precision of this centre is not recorded and decides"
        )
    moved = "did not change" if change == 0 else f"{'rose' if change > 0 else 'fell'} by {abs(change):.3f} g/cm²"
    share = "" if change == 0 else f" ({abs(percent):.1f} %)"
    sentence = (
        f"{place(later)}: bone density {moved}{share} from {earlier.bmd_g_cm2:.3f} to {later.bmd_g_cm2:.3f} g/cm² "
        f"between {dates[0].isoformat()} and {dates[1].isoformat()}: {because}."
    )
    return BmdChange(
        site=later.site,
        side=later.side,
        vertebrae=later.vertebrae,
        from_date=dates[0],
        to_date=dates[1],
        from_bmd_g_cm2=earlier.bmd_g_cm2,
        to_bmd_g_cm2=later.bmd_g_cm2,
        change_g_cm2=float(change),
        change_percent=percent,
        lsc_g_cm2=lsc_g_cm2,
        verdict=verdict,
        sentence=sentence,
    )


def changes_between(earlier: Scan, later: Scan, precision_g_cm2: Mapping[Site, float]) -> tuple[BmdChange, ...]:
    """Every region that both scans measured, in the order of the later scan.

    Parameters
    ----------
    earlier, later
        Two scans of one person.
    precision_g_cm2
        The centre's precision error by site; a site that is left out gets a change without a verdict.
    """
    before = {_region(one): one for one in earlier.sites}
    found: list[BmdChange] = []
    for one in later.sites:
        previous = before.get(_region(one))
        vertebrae = 4 if one.vertebrae is None else len(one.vertebrae)
        if previous is None or vertebrae < value("iscd.vertebrae_min"):
            continue
        precision = precision_g_cm2.get(one.site)
        change = bmd_change(
            previous,
            one,
            (earlier.date, later.date),
            lsc_g_cm2=None if precision is None else least_significant_change(precision, vertebrae),
            scanner_is_same=_same_scanner(earlier, later),
        )
        if change is not None:
            found.append(change)
    return tuple(found)


def _same_scanner(earlier: Scan, later: Scan) -> bool | None:
    """Judged by serial number where both scans give it, by maker and model otherwise."""
    if earlier.scanner_serial and later.scanner_serial:
        return earlier.scanner_serial == later.scanner_serial
    return same_scanner(earlier.device, later.device)


def _verdict(change: float, lsc: float | None, scanner_is_same: bool | None) -> tuple[Verdict, str]:
    if scanner_is_same is None:
        return "cannot be judged", "not comparable for certain, because a scan does not name its scanner"
    if not scanner_is_same:
        return "cannot be judged", "not comparable, because the scans were made on different scanners"
    if lsc is None:
        return "cannot be judged", "whether that is real cannot be said without the precision of this centre"
    if exact(abs(change)) < exact(lsc):
        return "no significant change", f"less than the least significant change of {lsc:.3f} g/cm², so no real change"
    kind: Literal["gain", "loss"] = "gain" if change > 0 else "loss"
    return kind, f"at least the least significant change of {lsc:.3f} g/cm², so a real {kind}"


def _beyond_any_centre(one: SiteMeasurement, percent: float) -> bool:
    """Whether a change of L1-L4 or of the total hip exceeds what a centre of accepted precision could mistake."""
    whole = one.vertebrae is None or len(one.vertebrae) == 4
    return one.site in LARGEST_ALLOWED and whole and abs(percent) > value(LARGEST_ALLOWED[one.site])


def _region(one: SiteMeasurement) -> tuple[Site, Side | None, tuple[Vertebra, ...]]:
    # A spine that names no vertebrae is L1-L4.
    whole: tuple[Vertebra, ...] = ("L1", "L2", "L3", "L4") if one.site == "lumbar_spine" else ()
    return one.site, one.side, tuple(sorted(one.vertebrae)) if one.vertebrae else whole
