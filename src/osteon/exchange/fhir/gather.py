"""From single findings to the fields of a person: scans by day, the latest of everything else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from osteon.errors import InputError
from osteon.exchange.fhir.dates import FhirDate
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.observations import Findings, Measured, Reading
from osteon.exchange.fhir.sites import Place
from osteon.exchange.files import at
from osteon.person import SITE_LABELS, History, Labs

_STALE_DAYS = 366
_OF_THE_DEVICE = ("software", "scanner_serial")
_NUMBER_NAMES = {"bmd_g_cm2": "bone density", "t_score": "T-score", "z_score": "Z-score"}


def gather(found: Findings, notes: Notes, file: str) -> dict[str, Any]:
    """The fields of a person apart from the Patient's own: scans, body size, labs, history, treatments, FRAX.

    Parameters
    ----------
    found
        What was read.
    notes
        Receives what does not enter the person.
    file
        What messages call the file.

    Raises
    ------
    InputError
        Two results of the same kind, site and day differ.
    """
    scans = _scans(found.measured, notes, file)
    _add_details(scans, found, notes, file)
    scans.sort(key=lambda scan: (found.scan_order.get(scan["date"], len(scans)), scan["date"]))
    latest_scan = max((scan["date"] for scan in scans), default=None)
    fields: dict[str, Any] = {"scans": scans} if scans else {}
    latest = {name: _latest(name, readings, notes, file) for name, readings in found.readings.items()}
    bmi = latest.get("bmi_kg_m2")
    if bmi is not None and not bmi.own and "height_cm" in latest and "weight_kg" in latest:
        notes.ignore(latest.pop("bmi_kg_m2").where, "body mass index", "it follows from height and weight")
    labs: dict[str, Any] = {}
    history: dict[str, Any] = {}
    for name, reading in latest.items():
        _warn_when_old(name, reading, latest_scan, notes)
        if name in History.model_fields:
            history[name] = reading.value
        elif name in Labs.model_fields:
            labs[name] = reading.value
        else:
            fields[name] = reading.value
    fields |= {"labs": labs} if labs else {}
    fields |= {"history": history} if history else {}
    fields |= {"treatments": found.treatments} if found.treatments else {}
    fields |= {"medicines": found.medicines} if found.medicines else {}
    fields |= {"frax": found.frax} if found.frax else {}
    return fields


def _add_details(scans: list[dict[str, Any]], found: Findings, notes: Notes, file: str) -> None:
    """Put what is known of a whole scan into the scan of that day."""
    by_day = {scan["date"]: scan for scan in scans}
    for day, name, value, where in found.details:
        scan = by_day.get(day)
        if scan is None:
            notes.ignore(where, f"{name} of a scan", "the file holds no result of that day")
        elif name == "precision_g_cm2":
            scan.setdefault(name, {}).update(value)
        elif name in _OF_THE_DEVICE and scan.get(name, value) != value:
            notes.ignore(where, f"another {name} on one day", "a scan has one device")
        elif scan.get(name, value) != value:
            raise InputError(
                f"two different values of {name} are given for the scan of {day.isoformat()}",
                where=at(file, where),
                mend="Keep the one that counts",
            )
        else:
            scan[name] = value


def _scans(measured: list[Measured], notes: Notes, file: str) -> list[dict[str, Any]]:
    cells: dict[tuple[dt.date, Place, str], Measured] = {}
    for one in measured:
        key = (one.day, one.place, one.field)
        cells[key] = _prefer(cells[key], one, notes, file) if key in cells else one
    scans = []
    for day in sorted({one.day for one in cells.values()}):
        today = [one for one in cells.values() if one.day == day]
        sites: dict[Place, dict[str, Any]] = {}
        for one in today:
            site = sites.setdefault(one.place, {"site": one.place.site})
            if one.place.side:
                site["side"] = one.place.side
            if one.place.vertebrae:
                site["vertebrae"] = one.place.vertebrae
            site[one.field] = one.value
        scan: dict[str, Any] = {"date": day, "sites": list(sites.values())}
        devices = sorted({one.device for one in today} - {""})
        if len(devices) == 1:
            scan["device"] = devices[0]
        elif devices:
            notes.ignore(today[0].where, "the names of several densitometers on one day", "a scan has one device")
        scans.append(scan)
    return scans


def _prefer(first: Measured, second: Measured, notes: Notes, file: str) -> Measured:
    """Which of two results of the same kind, site and day counts."""
    what = f"{SITE_LABELS[first.place.site].lower()} {_NUMBER_NAMES.get(first.field, first.field)}"
    if first.value == second.value:
        notes.ignore(second.where, f"a second {what} of that day", "it says the same as the first")
        return first
    if first.final != second.final:
        kept, dropped = (first, second) if first.final else (second, first)
        notes.ignore(dropped.where, f"a preliminary {what}", "a final result of that day stands beside it")
        return kept
    raise InputError(
        f"this and {first.where} give two different results for the {what} of {first.day.isoformat()}",
        where=at(file, second.where),
        mend="Keep the one that counts, or tell them apart by bodySite (side, or vertebrae such as L1-L4)",
    )


def _latest(name: str, readings: list[Reading], notes: Notes, file: str) -> Reading:
    ordered = sorted(readings, key=lambda one: _order(one.date))
    last = ordered[-1]
    for one in ordered[:-1]:
        if one.value == last.value:
            reason = "it says the same as a later one"
        elif _order(one.date) == _order(last.date):
            raise InputError(
                f"this and {one.where} give two different values of {name} for the same time",
                where=at(file, last.where),
                mend="Keep the one that counts, or give each its time in effectiveDateTime",
            )
        else:
            reason = "a later one stands in the file"
        notes.ignore(one.where, f"an earlier value of {name}", reason)
    return last


def _order(date: FhirDate | None) -> tuple[dt.date, str]:
    return (date.day, date.text) if date else (dt.date.min, "")


def _warn_when_old(name: str, reading: Reading, scan: dt.date | None, notes: Notes) -> None:
    if reading.date is None and (reading.own or name == "menopause_age_years"):
        return  # history has no day of its own
    if reading.date is None:
        notes.warn(reading.where, f"{name} has no date; it was read as if from the time of the scan")
    elif scan is not None and abs((scan - reading.date.day).days) > _STALE_DAYS:
        notes.warn(
            reading.where, f"{name} is from {reading.date.day.isoformat()}, more than a year from the latest scan"
        )
