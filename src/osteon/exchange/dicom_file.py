"""Open one DICOM file: its header without anything that names the person, and the numbers if it holds any."""

from __future__ import annotations

import datetime as dt
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from osteon.errors import InputError, MissingExtraError
from osteon.exchange.dicom_hologic import hologic_details, hologic_script, read_hologic_script
from osteon.exchange.dicom_numbers import Findings
from osteon.exchange.dicom_sr import read_structured_report
from osteon.exchange.files import display_name
from osteon.exchange.result import Ignored
from osteon.person import Sex

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Kind = Literal["structured report", "results script", "PDF", "picture", "other"]

_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
_STRUCTURED_REPORTS = "1.2.840.10008.5.1.4.1.1.88."
_LUNAR_RAW = "GEMS_LUNAR_RAW"
_SEXES: dict[str, Sex] = {"F": "female", "M": "male"}
_AGE = re.compile(r"(\d{3})([DWMY])", re.ASCII)


@dataclass(frozen=True, slots=True)
class DicomFile:
    """What one DICOM file holds. No name, identifier, address or physician is kept.

    Attributes
    ----------
    name
        The file, as messages call it.
    kind
        Where numbers could be: a structured report, a results script, or nowhere (a PDF, a picture, something else).
    holds
        The kind of object, in DICOM's own words.
    numbers
        How many numbers of regions that Osteon uses were found.
    person_key
        A digest that tells patients apart; the identifier itself is not kept.
    """

    name: str
    kind: Kind
    holds: str
    numbers: int
    sex: Sex | None
    birth_date: dt.date | None
    age_years: float | None
    height_cm: float | None
    weight_kg: float | None
    menopause_age_years: float | None
    study_date: dt.date | None
    manufacturer: str
    model: str
    software: str
    body_part: str
    modality: str
    series: str
    person_key: str | None = field(default=None, repr=False)

    @property
    def device(self) -> str:
        """Maker and model as one text; empty when the file does not say."""
        repeated = self.model.casefold().startswith(self.manufacturer.casefold())
        return self.model if self.manufacturer and repeated else f"{self.manufacturer} {self.model}".strip()

    @property
    def listing(self) -> str:
        """What the file holds, in one line without a value of the person."""
        known = {"sex": self.sex, "birth date": self.birth_date, "height": self.height_cm, "weight": self.weight_kg}
        there = [name for name, value in known.items() if value is not None]
        words = {"PDF": "a PDF page", "picture": "a picture", "other": "something else"}
        parts = [
            words.get(self.kind, f"a {self.kind}"),
            f"({self.holds})",
            f"{self.numbers} numbers" if self.numbers else "without numbers",
        ]
        more = {
            "device": self.device,
            "examined": self.study_date.isoformat() if self.study_date else "",
            "body part": self.body_part,
            "series": self.series,
            "also": ", ".join(there),
        }
        return "; ".join([" ".join(parts), *(f"{name}: {value}" for name, value in more.items() if value)])


def open_dicom(path: str | Path, found: Findings) -> DicomFile:
    """Read one file; its numbers, and what was not read, are added to ``found``.

    Raises
    ------
    InputError
        The file cannot be read as DICOM, or a number in it cannot be used as it stands.
    MissingExtraError
        The extra ``dicom`` is not installed.
    """
    name = display_name(path)
    data = _load(Path(path), name)
    before = len(found.numbers)
    day = _date(data, "StudyDate") or _date(data, "AcquisitionDate") or _date(data, "ContentDate")
    script = hologic_script(data)
    kind = _kind(data, script)
    if kind == "structured report":
        read_structured_report(data, name, day, found)
    elif script:
        read_hologic_script(script, name, day, found)
    if _LUNAR_RAW in {str(one.value) for one in data.group_dataset(0x7003)}:
        found.ignored.append(Ignored(name, "the maker's raw file", "only enCORE itself can read it"))
    details = hologic_details(script)
    return DicomFile(
        name=name,
        kind=kind,
        holds=_object_name(data),
        numbers=len(found.numbers) - before,
        sex=_SEXES.get(_text(data, "PatientSex").upper()) or details.sex,
        birth_date=_date(data, "PatientBirthDate"),
        age_years=_age(data) or details.age_years,
        height_cm=_within(_number(data, "PatientSize", 100), 100, 230) or details.height_cm,
        weight_kg=_within(_number(data, "PatientWeight", 1), 25, 300) or details.weight_kg,
        menopause_age_years=details.menopause_age_years,
        study_date=day,
        manufacturer=_text(data, "Manufacturer")[:60],
        model=_text(data, "ManufacturerModelName")[:60],
        software=_text(data, "SoftwareVersions")[:60],
        body_part=_text(data, "BodyPartExamined")[:40],
        modality=_text(data, "Modality")[:16],
        series=_text(data, "SeriesDescription")[:64],
        person_key=_person_key(data),
    )


def _load(path: Path, name: str) -> Dataset:
    try:
        from pydicom import dcmread
        from pydicom.errors import InvalidDicomError
    except ImportError:
        raise MissingExtraError("Reading DICOM", "dicom") from None
    if not path.is_file():
        what = "that is a folder, not a file" if path.is_dir() else "there is no such file"
        raise InputError(what, where=name, mend="Check the path and the spelling")
    try:
        with _quiet():
            data = dcmread(path, stop_before_pixels=True)
            data.decode()
            for _ in data.iterall():  # turns every element into a value now, so that damage is found here
                pass
    except InvalidDicomError:
        raise InputError("this is not a DICOM file", where=name, mend=_other_format(path)) from None
    except OSError as error:
        raise InputError(f"cannot read the file: {error.strerror}", where=name, mend="Check the path") from None
    except Exception as error:  # a damaged file can break pydicom in any way
        raise InputError(
            f"the DICOM file is damaged or cut off ({type(error).__name__})",
            where=name,
            mend="Fetch it again from the archive or the densitometer",
        ) from None
    if len(data) == 0:
        raise InputError("the DICOM file holds nothing after its first bytes", where=name, mend="Fetch it again")
    return data


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pydicom from warning and logging: what it complains about, it quotes, and that may be a name."""
    logger = logging.getLogger("pydicom")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


def _other_format(path: Path) -> str:
    start = path.read_bytes()[:16].lstrip()
    if start.startswith(b"%PDF"):
        return "It is a PDF: type its printed values into a person file (docs/input-files.md)"
    if start.startswith((b"{", b"[")):
        return "It looks like JSON: read it as a person file or FHIR"
    return "Give the .dcm file as the archive or the densitometer exports it"


def _kind(data: Dataset, script: str) -> Kind:
    what = _text(data, "SOPClassUID")
    if what.startswith(_STRUCTURED_REPORTS) or "ContentSequence" in data:
        return "structured report"
    if script:
        return "results script"
    if what == _PDF or "EncapsulatedDocument" in data:
        return "PDF"
    return "picture" if "Rows" in data or "Image" in _object_name(data) else "other"


def _object_name(data: Dataset) -> str:
    """DICOM's own name for the kind of object."""
    uid = data.get("SOPClassUID")
    return str(getattr(uid, "name", "")) or _text(data, "Modality") or "of unknown kind"


def _text(data: Dataset, keyword: str) -> str:
    value = data.get(keyword)
    if value is None:
        return ""
    parts = [value] if isinstance(value, str) else value if hasattr(value, "__iter__") else [value]
    return ", ".join(" ".join(str(one).split()) for one in parts)


def _number(data: Dataset, keyword: str, factor: float) -> float | None:
    try:
        return round(float(_text(data, keyword)) * factor, 3)
    except ValueError:
        return None


def _person_key(data: Dataset) -> str | None:
    identifier = _text(data, "PatientID")
    return sha256(identifier.encode()).hexdigest()[:16] if identifier else None


def _within(number: float | None, low: float, high: float) -> float | None:
    """A body size, or none when it is outside what the record accepts: densitometers write 0 for unknown."""
    return number if number is not None and low <= number <= high else None


def _date(data: Dataset, keyword: str) -> dt.date | None:
    text = _text(data, keyword).replace(".", "")
    try:
        return dt.datetime.strptime(text, "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None


def _age(data: Dataset) -> float | None:
    age = _AGE.fullmatch(_text(data, "PatientAge"))
    return float(age[1]) if age is not None and age[2] == "Y" else None
