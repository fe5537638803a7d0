"""DICOM files from a densitometer: the person, when the files hold numbers; else a plain word on what they hold.

Most DICOM files of a bone-density examination are pictures or PDF pages of the printout: nothing in them is a number
that software may rely on, and Osteon does not read numbers off a picture. Two kinds do hold numbers: structured
reports (:mod:`~osteon.exchange.dicom_sr`) and Hologic's results script (:mod:`~osteon.exchange.dicom_hologic`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from osteon.errors import InputError
from osteon.exchange.dicom_file import DicomFile, open_dicom
from osteon.exchange.dicom_numbers import Findings, Number
from osteon.exchange.explain import as_input_error
from osteon.exchange.result import Ignored
from osteon.person import SITE_LABELS, Person

MAX_FILES = 500
_TYPE_IN = (
    "Type the printed values into a person file (docs/input-files.md), or ask the centre for the examination as "
    "DICOM structured report, FHIR or a table"
)


@dataclass(frozen=True, slots=True)
class ReadDicom:
    """A person who was read from DICOM files.

    Attributes
    ----------
    person
        The checked record. It holds no name and no identifier.
    files
        What each file holds, numbers or not.
    ignored
        Everything that did not enter the record, with the reason.
    warnings
        What was read but should be looked at.
    """

    person: Person
    files: tuple[DicomFile, ...]
    ignored: tuple[Ignored, ...] = ()
    warnings: tuple[str, ...] = ()
    format: Literal["dicom"] = "dicom"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Warnings and ignored parts as lines for a reader."""
        return (*self.warnings, *(f"Not read: {one.what} ({one.where}): {one.reason}." for one in self.ignored))


def describe_dicom(path: str | Path) -> DicomFile:
    """What a DICOM file holds, whether or not there are numbers in it.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        The file cannot be read as DICOM.
    MissingExtraError
        The extra ``dicom`` is not installed.
    """
    return open_dicom(path, Findings())


def read_dicom(paths: str | Path | Sequence[str | Path]) -> ReadDicom:
    """Read one person from the DICOM files of one or more bone-density examinations.

    Parameters
    ----------
    paths
        A file, several files, or a folder with the files of an examination: densitometers often write one file for
        each region.

    Raises
    ------
    InputError
        No file holds a bone density that software can read (the message lists what the files do hold), two files are
        about different people or contradict each other, or the sex or age is not in them.
    MissingExtraError
        The extra ``dicom`` is not installed.
    """
    found = Findings()
    files = [open_dicom(path, found) for path in _files(paths)]
    if not found.numbers:
        raise _no_numbers(files, found)
    fields = _about_the_person(files)
    fields["scans"] = _scans(files, found)
    try:
        person = Person.model_validate(fields)
    except ValidationError as error:
        raise as_input_error(error, Person, f"{files[0].name}: the person read from DICOM") from None
    return ReadDicom(person, tuple(files), tuple(found.ignored), tuple(dict.fromkeys(found.warnings)))


def _files(paths: str | Path | Sequence[str | Path]) -> list[Path]:
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    if not given:
        raise InputError("no file was given", mend="Name the DICOM files of the examination, or their folder")
    found: list[Path] = []
    for path in map(Path, given):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(one for one in path.rglob("*") if one.is_file() and one.name != "DICOMDIR")
        if not inside:
            raise InputError("the folder holds no file", where=str(path), mend="Name the folder with the DICOM files")
        found += inside
    if len(found) > MAX_FILES:
        raise InputError(
            f"there are {len(found)} files, and at most {MAX_FILES} are read at once",
            where=str(given[0]),
            mend="Name the files of one examination",
        )
    return found


def _no_numbers(files: list[DicomFile], found: Findings) -> InputError:
    listing = [f"  - {one.name}: {one.listing}" for one in files[:8]]
    if len(files) > 8:
        listing.append(f"  - and {len(files) - 8} more files")
    reasons = [f"  - {one.where}: {one.what}: {one.reason}" for one in found.ignored[:6]]
    which = "the file holds" if len(files) == 1 else f"the {len(files)} files hold"
    parts = [f"{_TYPE_IN}.\nWhat is there:", *listing]
    parts += ["Looked at and not used:", *reasons] if reasons else []
    return InputError(f"{which} no bone density that software can read", where=files[0].name, mend="\n".join(parts))


def _about_the_person(files: list[DicomFile]) -> dict[str, Any]:
    """Sex, age and body size: they have to agree over the files, and the latest size counts."""
    fields: dict[str, Any] = {}
    for name, words in (("sex", "the sex"), ("birth_date", "the birth date"), ("person_key", "the identifier")):
        values = {getattr(one, name) for one in files} - {None}
        if len(values) > 1:
            raise InputError(
                f"the files give {words} in different ways: they seem to be about different people",
                where=files[0].name,
                mend="Give the files of one person",
            )
        if values and name != "person_key":
            fields[name] = values.pop()
    if "sex" not in fields:
        raise _lacking("sex", "female or male", files)
    dated = sorted((one for one in files if one.study_date is not None), key=lambda one: one.study_date or dt.date.min)
    if "birth_date" not in fields:
        ages = [one.age_years for one in dated or files if one.age_years is not None]
        if not ages:
            raise _lacking("birth date or age", "a birth date or an age in years", files)
        fields["age_years"] = ages[-1]
    for name in ("height_cm", "weight_kg", "menopause_age_years"):
        latest = [getattr(one, name) for one in dated or files if getattr(one, name) is not None]
        if latest:
            fields[name] = latest[-1]
    return fields


def _lacking(what: str, form: str, files: list[DicomFile]) -> InputError:
    return InputError(
        f"the {what} is in none of the files (they may have been anonymised)",
        where=files[0].name,
        mend=f"Type the values into a person file (docs/input-files.md) with {form}",
    )


def _scans(files: list[DicomFile], found: Findings) -> list[dict[str, Any]]:
    cells: dict[tuple[dt.date, Any, str], Number] = {}
    for number in found.numbers:
        key = (number.day, number.region, number.field)
        other = cells.setdefault(key, number)
        if other.value != number.value:
            raise InputError(
                f"this and {other.where} give two different values for the "
                f"{SITE_LABELS[number.region.site].casefold()} of {number.day.isoformat()}",
                where=number.where,
                mend="Give the files of the analysis that counts",
            )
    scans = []
    for day in sorted({number.day for number in cells.values()}):
        sites: dict[Any, dict[str, Any]] = {}
        for number in cells.values():
            if number.day == day:
                sites.setdefault(number.region, dict(number.region.fields))[number.field] = number.value
        measured = [one for one in sites.values() if {"bmd_g_cm2", "t_score", "z_score"} & set(one)]
        if measured:
            scans.append({"date": day, "sites": measured, **_scanner(one for one in files if one.study_date == day)})
    return scans


def _scanner(files: Iterable[DicomFile]) -> dict[str, str]:
    """Device and software, where the files of the day agree on them."""
    here = list(files)
    devices, versions = {one.device for one in here} - {""}, {one.software for one in here} - {""}
    scanner = {"device": devices.pop()} if len(devices) == 1 else {}
    return scanner | ({"software": versions.pop()} if len(versions) == 1 else {})
