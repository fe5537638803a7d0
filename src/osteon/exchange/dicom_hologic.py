"""Hologic's results script: text in a private element, with the table of the printed report as assignments.

APEX puts the page that it prints into element (0019,1000) of its pictures, as markup with lines such as
``ResultsTable1[ 1][ 3] = "0.691";``. Row 0 holds the headings, column 0 the regions. The script is never run: the
assignments are taken out as text, and the columns are found by their headings, not by their number.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from osteon.errors import InputError
from osteon.exchange.dicom_numbers import Findings, Number, Region, named_region
from osteon.exchange.explain import problems
from osteon.exchange.result import Ignored
from osteon.person import Sex, SiteMeasurement, Vertebra

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_ELEMENT = (0x0019, 0x1000)
_CELL = re.compile(r'ResultsTable1\[\s*(\d{1,3})\s*\]\[\s*(\d{1,3})\s*\]\s*=\s*"([^"]{0,200})"')
_VARIABLE = re.compile(r'^\s*(\w{1,40})\s*=\s*"([^"]{0,200})"\s*;', re.MULTILINE)
_TAG = re.compile(r"<[^>]{0,200}>")
_HEADINGS = {"bmd": "bmd_g_cm2", "tscore": "t_score", "zscore": "z_score", "bmc": "bmc_g", "area": "area_cm2"}
_UNITS = {"bmd_g_cm2": "g/cm2", "bmc_g": "g", "area_cm2": "cm2"}
_SIDES = ("left", "right", "mean")
_VERTEBRAE: tuple[Vertebra, ...] = ("L1", "L2", "L3", "L4")


@dataclass(frozen=True, slots=True)
class HologicDetails:
    """What the script says about the person, where the header may be silent."""

    sex: Sex | None = None
    age_years: float | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    menopause_age_years: float | None = None


def hologic_script(data: Dataset) -> str:
    """The text of the results script; empty when the file has none."""
    if _ELEMENT not in data:
        return ""
    value = data[_ELEMENT].value
    text = value.decode("utf-8", "replace") if isinstance(value, bytes | bytearray) else str(value)
    return text if "ResultsTable1" in text else ""


def hologic_details(script: str) -> HologicDetails:
    """Sex, age, height, weight and age at menopause, as far as the script has them in units that are read."""
    said = dict(_VARIABLE.findall(script))
    sexes: dict[str, Sex] = {"female": "female", "male": "male"}
    menopause = _amount(said.get("MenopauseAge", ""), "")
    return HologicDetails(
        sex=sexes.get(said.get("PatientSex", "").strip().casefold()),
        age_years=_amount(said.get("Age", ""), ""),
        height_cm=_amount(said.get("Height", ""), "cm"),
        weight_kg=_amount(said.get("Weight", ""), "kg"),
        menopause_age_years=menopause if menopause is not None and 18 <= menopause <= 62 else None,
    )


def read_hologic_script(script: str, name: str, day: dt.date | None, found: Findings) -> None:
    """Add the numbers of the script's results table to ``found``.

    Parameters
    ----------
    script
        The text.
    name
        What messages call the file.
    day
        The day of the examination.
    found
        Is added to.

    Raises
    ------
    InputError
        A value is not plausible, a region stands twice, or the day is missing.
    """
    table = _table(script)
    columns = _columns(table.pop(0, {}))
    if "bmd_g_cm2" not in columns:
        found.ignored.append(
            Ignored(name, "Hologic's results table", "none of its headings is a bone density in g/cm²")
        )
        return
    said = dict(_VARIABLE.findall(script))
    scan = said.get("ScanMode", "") or said.get("AnalProtocol", "")
    both = "ScanMode2" in said  # both hips on one page: ScanMode names one side only, and the rows name their own
    seen: dict[Region, int] = {}
    heading = ""
    for row, cells in sorted(table.items()):
        label = cells.get(0, "")
        numbers = {field: _number(cells.get(column, "")) for field, column in columns.items()}
        if numbers["bmd_g_cm2"] is None:
            heading = label  # a line without numbers stands above the lines of a region
            continue
        where = f"{name} ResultsTable1 row {row} ({label[:20]})"
        region = _both_hips(scan, heading, label) if both else _region(scan, label, table, columns)
        if region is None:
            found.ignored.append(
                Ignored(where, "a row of the results", "its region is not one by which bone density is classified")
            )
            continue
        if region in seen:
            raise InputError(
                f"row {seen[region]} is about the same region, so it is not clear which one counts",
                where=where,
                mend="Type the printed values into a person file (docs/input-files.md)",
            )
        seen[region] = row
        if day is None:
            raise InputError(
                "the day of the examination is not in the file", where=name, mend="Ask for a file with StudyDate"
            )
        _plausible(region, numbers, where)
        found.numbers += [Number(day, region, key, value, where) for key, value in numbers.items() if value is not None]


def _table(script: str) -> dict[int, dict[int, str]]:
    table: dict[int, dict[int, str]] = {}
    for row, column, text in _CELL.findall(script):
        plain = " ".join(html.unescape(_TAG.sub(" ", text)).split())
        table.setdefault(int(row), {})[int(column)] = plain
    return table


def _columns(headings: dict[int, str]) -> dict[str, int]:
    """The column of each field, by its heading; a unit that the heading gives has to be the record's."""
    columns: dict[str, int] = {}
    for column, text in headings.items():
        plain = text.casefold().replace("²", "2").replace("^", "").replace(" ", "")
        word = re.split(r"[\[(]", plain, maxsplit=1)[0].replace("-", "")
        field = _HEADINGS.get(word, "")
        unit = _UNITS.get(field, "")
        if field and field not in columns and (not unit or re.search(rf"[\[(]{re.escape(unit)}[\])]", plain)):
            columns[field] = column
    return columns


def _both_hips(scan: str, heading: str, label: str) -> Region | None:
    """The region of a row in a table of both hips, where ``Neck`` stands above ``Left`` and ``Right``."""
    sided = "hip" in scan.casefold() and label.casefold() in _SIDES
    return named_region("hip", f"{heading} {label}") if sided else None


def _region(scan: str, label: str, table: dict[int, dict[int, str]], columns: dict[str, int]) -> Region | None:
    if label.casefold() == "total" and re.search(r"spine|lumbar", scan.casefold()):
        kept = _kept(table, columns)
        return Region("lumbar_spine", vertebrae=kept) if kept else None
    return named_region(scan, label)


def _kept(table: dict[int, dict[int, str]], columns: dict[str, int]) -> tuple[Vertebra, ...]:
    """The vertebrae that the total covers: those whose own row has a bone density."""
    rows = {cells.get(0, "").upper(): cells for cells in table.values()}
    return tuple(
        one for one in _VERTEBRAE if one in rows and _number(rows[one].get(columns["bmd_g_cm2"], "")) is not None
    )


def _number(text: str) -> float | None:
    text = text.replace("−", "-").strip()
    return float(text) if re.fullmatch(r"[-+]?\d{1,4}(\.\d{1,4})?", text, re.ASCII) else None


def _amount(text: str, unit: str) -> float | None:
    """A number with its unit, or none when it is another unit or no number."""
    found = re.fullmatch(r"\s*(\d{1,3}(?:\.\d{1,2})?)\s*([a-z]*)\s*", text, re.ASCII)
    return float(found[1]) if found is not None and found[2] == unit else None


def _plausible(region: Region, numbers: dict[str, float | None], where: str) -> None:
    try:
        SiteMeasurement.model_validate({**region.fields, **numbers})
    except ValidationError as error:
        first = problems(error, SiteMeasurement)[0]
        raise InputError(first.what, where=where, mend=first.mend or "Check the number on the printout") from None
