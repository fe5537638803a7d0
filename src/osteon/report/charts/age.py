"""Bone density by age: the person's scans against people of the same sex in the reference survey."""

from __future__ import annotations

from dataclasses import dataclass

from osteon.densitometry.age_reference import age_reference
from osteon.densitometry.device import maker_of, same_scanner
from osteon.person import DAYS_PER_YEAR, Person, Sex, Site
from osteon.report.charts.style import ACCENT, GREY_BAND, INK, MUTED, PAPER, SMALL, TEXT, WIDTH, Spec, chart
from osteon.report.words import density

YOUNGEST, OLDEST = 50, 85
HIP_SITES: tuple[Site, ...] = ("femoral_neck", "total_hip")


@dataclass(frozen=True, slots=True)
class Band:
    """Mean and standard deviation of bone density at one age in the reference survey, g/cm²."""

    age_years: float
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class AgedScan:
    """One measurement of the person with the age at which it was made."""

    date: str
    age_years: float
    bmd_g_cm2: float


@dataclass(frozen=True, slots=True)
class AgePicture:
    """What the chart shows: the site, the reference by age, the person's measurements, and the survey's source key."""

    site: Site
    bands: tuple[Band, ...]
    scans: tuple[AgedScan, ...]
    source: str


def reference_bands(site: Site, sex: Sex) -> tuple[tuple[Band, ...], str]:
    """What is usual at each age from 50 on, all ethnic groups together, and the key of its source."""
    found = [(age, age_reference(site, sex, float(age))) for age in range(YOUNGEST, OLDEST + 1)]
    bands = tuple(Band(float(age), one.mean_g_cm2, one.sd_g_cm2) for age, one in found if one is not None)
    source = next((one.source for _, one in found if one is not None), "")
    return bands, source


def age_picture(person: Person, preferred: Site | None) -> tuple[AgePicture | None, str]:
    """Choose the hip site to draw, or say why there is no picture.

    Only scans that name the same scanner as the latest are drawn together, and only Hologic's are set beside a survey
    that was measured on Hologic scanners: makers read the same bone differently.

    Returns
    -------
    picture, reason
        The picture and an empty text, or none and a sentence for the reader.
    """
    latest = person.latest_scan
    if latest is None:
        return None, "There is no scan to set beside others of the same age."
    if person.age_years < YOUNGEST:
        return None, f"The reference survey measured people aged {YOUNGEST} and over."
    if maker_of(latest.device) != "hologic":
        which = (
            "This scanner is of another make" if maker_of(latest.device) else "The maker of this scanner is not known"
        )
        return None, (
            f"The reference survey was measured on Hologic scanners. {which}, and makers read the same bone "
            "differently, so the scan is not set beside it."
        )
    order = sorted(HIP_SITES, key=lambda site: site != preferred)
    for site in order:
        scans = tuple(
            AgedScan(
                scan.date.isoformat(),
                round(person.age_years - (latest.date - scan.date).days / DAYS_PER_YEAR, 2),
                found.bmd_g_cm2,
            )
            for scan in sorted(person.scans, key=lambda scan: scan.date)
            if scan is latest or same_scanner(scan.device, latest.device)
            for found in scan.sites
            if found.site == site and found.bmd_g_cm2 is not None
        )
        if any(scan.date == latest.date.isoformat() for scan in scans):
            bands, source = reference_bands(site, person.sex)
            return AgePicture(site, bands, scans, source), ""
    return None, "The scan gives no hip bone density in g/cm², only scores."


def bmd_by_age(picture: AgePicture, *, people: str, description: str) -> Spec:
    """The chart as a Vega-Lite specification.

    Parameters
    ----------
    picture
        What to draw.
    people
        ``women`` or ``men``: who the band is about.
    description
        The text alternative.
    """
    bands = [
        {"age": band.age_years, "mean": band.mean, "low": band.mean - band.sd, "high": band.mean + band.sd}
        for band in picture.bands
    ]
    ages = [one.age_years for one in picture.scans]
    values = [one.bmd_g_cm2 for one in picture.scans]
    bands.append({**bands[-1], "age": max(float(OLDEST), *ages)})
    low = min(*(band["low"] for band in bands), *values) - 0.04
    high = max(*(band["high"] for band in bands), *values) + 0.04
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(YOUNGEST, min(ages) - 1), bands[-1]["age"]], "nice": False, "zero": False},
    }
    x_axis = {"title": "Age in years", "tickCount": 6, "grid": False}
    y = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"title": None, "format": ".1f", "tickCount": 5, "domain": False, "ticks": False, "labelPadding": 8},
    }
    points: list[Spec] = [
        {"age": one.age_years, "bmd": one.bmd_g_cm2, "text": density(one.bmd_g_cm2)} for one in picture.scans
    ]
    # The line falls with age: a label above its start or below its end does not touch it.
    at_start = ages[-1] > 64
    tail = bands[0] if at_start else bands[OLDEST - YOUNGEST]
    right_side = points[-1]["age"] > 72
    layers: list[Spec] = [
        {
            "data": {"values": bands},
            "mark": {"type": "area", "color": GREY_BAND},
            "encoding": {
                "x": {"field": "age", **x, "axis": x_axis},
                "y": {"field": "low", **y},
                "y2": {"field": "high"},
            },
        },
        {
            "data": {"values": bands},
            "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.5},
            "encoding": {"x": {"field": "age", **x}, "y": {"field": "mean", **y}},
        },
        {
            "data": {"values": [{"age": tail["age"], "at": tail["mean"], "text": f"average for {people}"}]},
            "mark": {
                "type": "text",
                "align": "left" if at_start else "right",
                "dx": 6 if at_start else -4,
                "dy": -8 if at_start else 14,
                "fontSize": SMALL,
                "color": MUTED,
            },
            "encoding": {"x": {"field": "age", **x}, "y": {"field": "at", **y}, "text": {"field": "text"}},
        },
        {
            "data": {"values": points},
            "mark": {"type": "line", "color": ACCENT, "strokeWidth": 1.5},
            "encoding": {"x": {"field": "age", **x}, "y": {"field": "bmd", **y}},
        },
        {
            "data": {"values": points},
            "mark": {"type": "point", "filled": True, "size": 130, "stroke": PAPER, "strokeWidth": 1.5, "opacity": 1},
            "encoding": {"x": {"field": "age", **x}, "y": {"field": "bmd", **y}, "color": {"value": ACCENT}},
        },
        {
            "data": {"values": points[-1:]},
            "mark": {
                "type": "text",
                "align": "right" if right_side else "left",
                "dx": -11 if right_side else 11,
                "fontSize": TEXT + 1,
                "fontWeight": 600,
                "baseline": "middle",
            },
            "encoding": {
                "x": {"field": "age", **x},
                "y": {"field": "bmd", **y},
                "text": {"field": "text"},
                "color": {"value": INK},
            },
        },
    ]
    return chart(
        {
            "width": WIDTH - 44,
            "height": 190,
            "title": {
                "text": "g/cm²",
                "anchor": "start",
                "frame": "bounds",
                "fontSize": SMALL,
                "fontWeight": "normal",
                "color": MUTED,
                "offset": 6,
            },
            "layer": layers,
        },
        description,
    )
