"""Small DICOM files for the tests, written with pydicom. The patients are made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
COMPUTED_RADIOGRAPHY = "1.2.840.10008.5.1.4.1.1.1"
PDF = "1.2.840.10008.5.1.4.1.1.104.1"

HEADER: dict[str, Any] = {
    "PatientName": "Secret^Zygmunda",
    "PatientID": "MRN-0042",
    "PatientSex": "F",
    "PatientBirthDate": "19620517",
    "PatientAge": "063Y",
    "PatientSize": "1.63",
    "PatientWeight": "61.5",
    "StudyDate": "20250602",
    "Manufacturer": "GE Healthcare",
    "ManufacturerModelName": "Lunar iDXA",
    "SoftwareVersions": "18",
    "ReferringPhysicianName": "Secret^Doctor",
    "SeriesDescription": "DXA",
    "BodyPartExamined": "SPINE",
}


def dicom(path: Path, sop_class: str, modality: str, content: Dataset | None = None, **header: Any) -> Path:
    """Write a file with a header (a value of none leaves the element out) and, after it, the content."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[path.name])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = UID(sop_class), meta.MediaStorageSOPInstanceUID
    data.StudyInstanceUID = data.SeriesInstanceUID = generate_uid(entropy_srcs=["study"])
    data.Modality = modality
    for keyword, value in (HEADER | header).items():
        if value is not None:
            setattr(data, keyword, value)
    if content is not None:
        data.update(content)
    data.save_as(path, enforce_file_format=True)
    return path


def code(value: str, scheme: str, meaning: str) -> Sequence:
    entry = Dataset()
    entry.CodeValue, entry.CodingSchemeDesignator, entry.CodeMeaning = value, scheme, meaning
    return Sequence([entry])


def item(kind: str, name: Sequence, *children: Dataset) -> Dataset:
    one = Dataset()
    one.RelationshipType = "CONTAINS"
    one.ValueType = kind
    one.ConceptNameCodeSequence = name
    if children:
        one.ContentSequence = Sequence(children)
    return one


def container(name: str, *children: Dataset) -> Dataset:
    return item("CONTAINER", code(name.upper().replace(" ", "_")[:16], "99GE", name), *children)


def num(name: Sequence, value: str | None, unit: str | None, *children: Dataset) -> Dataset:
    one = item("NUM", name, *children)
    measured = Dataset()
    if value is not None:
        measured.NumericValue = value
    if unit is not None:
        measured.MeasurementUnitsCodeSequence = code(unit, "UCUM", unit)
    one.MeasuredValueSequence = Sequence([measured])
    return one


def text(name: str, value: str) -> Dataset:
    one = item("TEXT", code(name, "99GE", name))
    one.TextValue = value
    return one


def coded(name: Sequence, value: Sequence, *children: Dataset) -> Dataset:
    one = item("CODE", name, *children)
    one.ConceptCodeSequence = value
    return one


def lunar(region: str, bmd: str, t_score: str = "", z_score: str = "", unit: str = "g/cm2") -> Dataset:
    """A region as enCORE writes it: the density as a number, the scores as text."""
    parts = [num(code("BMD", "99GE", "BMD"), bmd, unit)]
    parts += [text("BMD_TSCORE", t_score)] if t_score else []
    parts += [text("BMD_ZSCORE", z_score)] if z_score else []
    return container(region, *parts)


def loinc(value: str, number: str | None, unit: str | None, *children: Dataset) -> Dataset:
    return num(code(value, "LN", "DXA"), number, unit, *children)


def report(path: Path, *children: Dataset, **header: Any) -> Path:
    content = item("CONTAINER", code("DXA", "99GE", "DXA Report"), *children)
    return dicom(path, ENHANCED_SR, "SR", content, **header)


HEADINGS = ("Region", "Area[cm&sup2;]", "BMC[g]", "BMD[g/cm&sup2;]", "T-Score", "PR", "Z-Score", "AM")
SPINE = (
    ("L1", "11.92", "9.54", "0.800", "-1.7", "82", "-0.4", "95"),
    ("L2", "12.76", "10.85", "0.850", "-1.6", "83", "-0.3", "96"),
    ("L3", "14.51", "12.77", "0.880", "-1.8", "81", "-0.5", "94"),
    ("L4", "16.25", "14.30", "0.880", "-2.1", "79", "-0.7", "92"),
    ("<b>Total</b>", "55.44", "47.46", "0.856", "-1.7", "82", "-0.5", "94"),
)
HIP = (
    ("Neck", "5.10", "3.31", "0.649", "-1.8", "76", "-0.5", "92"),
    ("Troch", "9.80", "5.70", "0.582", "-1.2", "83", "-0.4", "94"),
    ("Inter", "18.10", "17.01", "0.940", "-1.0", "85", "-0.3", "95"),
    ("Total", "33.00", "26.02", "0.788", "-1.3", "84", "-0.4", "94"),
    ("Ward's", "1.10", "0.53", "0.480", "-2.2", "65", "0.0", "100"),
)


def script(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS, **variables: str) -> str:
    """The text of a results script as APEX writes it."""
    said = {"PatientSex": "Female", "Age": "63", "Height": "163.0 cm", "Weight": "61.5  kg"} | variables
    lines = ["<HologicHeader1>", "<JavaScriptFile>", *(f'{name} = "{value}";' for name, value in said.items())]
    for r, cells in enumerate((headings, *rows)):
        lines += [f'ResultsTable1[ {r}][ {c}] = "{cell}";' for c, cell in enumerate(cells)]
    return "\r\n".join([*lines, "</JavaScriptFile>"])


def hologic(path: Path, content: str, as_bytes: bool = True, **header: Any) -> Path:
    """A picture by a Hologic scanner with a results script in its private element."""
    private = Dataset()
    private.add_new((0x0019, 0x0010), "LO", "HOLOGIC")
    private.add_new((0x0019, 0x1000), "OB" if as_bytes else "LT", content.encode() if as_bytes else content)
    private.Rows, private.Columns = 2, 2
    ours = {"Manufacturer": "HOLOGIC", "ManufacturerModelName": "Horizon A", "SoftwareVersions": "13.6"}
    return dicom(path, SECONDARY_CAPTURE, "OT", private, **(ours | header))
