"""Numbers in a DICOM structured report.

DICOM has no template for densitometry, so two ways of writing are read:

* LOINC codes of DXA results on numeric content items, with the site in the code, in a finding site, or in the names
  of the containers around it;
* the containers of GE Lunar's enCORE: a scan (``AP Spine``, ``DualFemur``), in it a region (``L1-L4``, ``Neck Left``),
  in it ``BMD``, ``BMD_TSCORE``, ``BMD_ZSCORE``, ``BMC`` and ``AREA``. Scores come as text there.

Everything else is left, and measurements that were left are listed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import MutableSequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from osteon.errors import InputError
from osteon.exchange.dicom_numbers import Findings, Number, Region, named_region
from osteon.exchange.explain import problems
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.sites import dxa_codes, measured_place
from osteon.exchange.fhir.units import accepted, spelled
from osteon.exchange.result import Ignored
from osteon.person import SiteMeasurement

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

LOINC_SCHEMES = ("LN", "2.16.840.1.113883.6.1")
_FIELDS = {
    "BMD": "bmd_g_cm2",
    "BONE MINERAL DENSITY": "bmd_g_cm2",
    "BMD_TSCORE": "t_score",
    "T-SCORE": "t_score",
    "BMD_ZSCORE": "z_score",
    "Z-SCORE": "z_score",
    "BMC": "bmc_g",
    "AREA": "area_cm2",
}
_SCORES = ("t_score", "z_score")
_WORDS = {"bmd_g_cm2": "bone density", "t_score": "T-score", "z_score": "Z-score", "bmc_g": "BMC", "area_cm2": "area"}
_PLAIN_UNITS = {"bmc_g": {"g": 1.0}, "area_cm2": {"cm2": 1.0}}
_SCORE_TEXT = re.compile(r"[-+]?\d{1,2}(\.\d{1,3})?", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\d{1,8}(\.\d{0,12})?|\.\d{1,12})([eE][-+]?\d{1,2})?", re.ASCII)
_SITE_NAMES = ("finding site", "laterality", "anatomic region", "target region", "topographical modifier")


class _Item(NamedTuple):
    """A content item: its concept, the names of the containers around it, and its place."""

    item: Dataset
    name: str
    code: str
    scheme: str
    above: tuple[str, ...]
    where: str


def read_structured_report(data: Dataset, name: str, day: dt.date | None, found: Findings) -> None:
    """Add the numbers of a structured report to ``found``.

    Parameters
    ----------
    data
        The report.
    name
        What messages call the file.
    day
        The day of the examination.
    found
        Is added to.

    Raises
    ------
    InputError
        A bone density has no unit or one that is not read, a value is not plausible, or the day is missing.
    """
    for one in _items(data, name, (), found):
        field, region = _meaning(one, found)
        if not field:
            continue
        if region is None:
            found.ignored.append(
                Ignored(one.where, one.name or one.code, "its region is not one by which bone density is classified")
            )
            continue
        value = _value(one, field)
        if value is None:
            found.ignored.append(Ignored(one.where, one.name or one.code, "it has no value"))
            continue
        _plausible(one, field, region, value)
        if day is None:
            raise InputError(
                "the day of the examination is not in the file", where=name, mend="Ask for a file with StudyDate"
            )
        found.numbers.append(Number(day, region, field, value, one.where))


def _items(parent: Dataset, place: str, above: tuple[str, ...], found: Findings) -> list[_Item]:
    """Every content item that can hold a number, in the order of the report."""
    items: list[_Item] = []
    for i, item in enumerate(_inside(parent, "ContentSequence")):
        where = f"{place}.{i + 1}" if above else f"{place} item {i + 1}"
        name, code, scheme = _concept(item, "ConceptNameCodeSequence")
        kind = str(item.get("ValueType", ""))
        if kind == "CONTAINER":
            if re.search(r"\btrend\b", name, re.IGNORECASE):
                found.ignored.append(Ignored(where, name[:60], "earlier scans are read from their own files"))
            else:
                items += _items(item, where, (*above, name), found)
        elif kind in ("NUM", "TEXT"):
            items.append(_Item(item, name, code, scheme, above, where))
            # A measurement may stand under another one, such as a T-score under its bone density.
            items += _items(item, where, (*above, *_site_words(item)), found)
    return items


def _meaning(one: _Item, found: Findings) -> tuple[str, Region | None]:
    """The field of the record that an item fills, and its region; an empty field when it is no densitometry."""
    known = dxa_codes().get(one.code) if one.scheme in LOINC_SCHEMES else None
    if known is not None:
        words = " ".join((*one.above, *_site_words(one.item)))
        place = {"code": {"text": ""}, "bodySite": {"text": words}} if words else {"code": {"text": ""}}
        notes = Notes()
        region = measured_place(known, Node("", one.where, place), notes)
        found.warnings.extend(notes.warnings)
        return known.field, None if region is None else Region(*region)
    field = _FIELDS.get(one.name.strip().upper()) or _FIELDS.get(one.code.strip().upper())
    if field is None:
        return "", None
    return field, named_region(one.above[-2], one.above[-1]) if len(one.above) > 1 else None


def _inside(item: Dataset, keyword: str) -> list[Dataset]:
    """The items of a sequence; empty when it is absent, or is no sequence because the file is damaged."""
    value = item.get(keyword)
    return [one for one in value if hasattr(one, "get")] if isinstance(value, MutableSequence) else []


def _concept(item: Dataset, keyword: str) -> tuple[str, str, str]:
    """Meaning, code and scheme of a coded entry; empty texts when it has none."""
    entry = next(iter(_inside(item, keyword)), None)
    if entry is None:
        return "", "", ""
    code = entry.get("CodeValue") or entry.get("LongCodeValue") or ""
    return str(entry.get("CodeMeaning", "")), str(code), str(entry.get("CodingSchemeDesignator", ""))


def _site_words(item: Dataset) -> tuple[str, ...]:
    """What the item itself says about its site and side."""
    words = []
    for part in _inside(item, "ContentSequence"):
        name, _, _ = _concept(part, "ConceptNameCodeSequence")
        if str(part.get("ValueType", "")) == "CODE" and name.casefold() in _SITE_NAMES:
            words += [_concept(part, "ConceptCodeSequence")[0], *_site_words(part)]
    return tuple(words)


def _value(one: _Item, field: str) -> float | None:
    """The item's number in the unit of the record, or none when it has none."""
    if str(one.item.get("ValueType", "")) == "TEXT":
        if field not in _SCORES:
            return None
        text = str(one.item.get("TextValue", "")).strip().replace("−", "-")
        return float(text) if _SCORE_TEXT.fullmatch(text) else None
    measured = next(iter(_inside(one.item, "MeasuredValueSequence")), None)
    text = "" if measured is None else str(measured.get("NumericValue") or "").strip()
    if measured is None or text in ("", "None"):
        return None
    if not _DECIMAL.fullmatch(text):
        raise InputError("the value is not a number", where=one.where, mend="Ask for a corrected report")
    meaning, code, _ = _concept(measured, "MeasurementUnitsCodeSequence")
    return round(float(text) * _factor(one, field, code, meaning), 6)


def _factor(one: _Item, field: str, code: str, meaning: str) -> float:
    units = _PLAIN_UNITS.get(field) or dict(accepted(field))
    for unit in (code, meaning):
        if unit and spelled(unit) in units:
            return units[spelled(unit)]
    if field in _SCORES and code.casefold() in ("", "no units", "{ratio}"):
        return 1.0
    if not (code or meaning):
        problem = f"the {_WORDS[field]} has no unit"
    else:
        problem = f"{(code or meaning)[:20]!r} is not a unit that is read for a {_WORDS[field]}"
    words = ", ".join(unit for unit in units if unit)
    raise InputError(problem, where=one.where, mend=f"The unit has to be one of: {words}; ask for a corrected report")


def _plausible(one: _Item, field: str, region: Region, value: float) -> None:
    record = {"site": region.site, field: value}
    if field in ("bmc_g", "area_cm2"):
        record["t_score"] = 0.0  # a site needs a measurement to be a site; only this field is checked
    try:
        SiteMeasurement.model_validate(record)
    except ValidationError as error:
        first = problems(error, SiteMeasurement)[0]
        raise InputError(first.what, where=one.where, mend=first.mend) from None
