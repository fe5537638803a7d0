"""Scans: one Observation a printed number, a Device a densitometer, a DiagnosticReport a scan.

Only what the report printed becomes an Observation. A T-score that Osteon computed stays out: read again, it would
pass for a printed one. The conclusion of the latest scan's report is what densitometry says.
"""

from __future__ import annotations

from osteon.densitometry.result import Densitometry
from osteon.evidence import table
from osteon.exchange.fhir.elements import LOINC, SNOMED
from osteon.exchange.fhir.local_codes import ANSWER, FIELD, REGION, SCAN, Region, codes, fields, region_code
from osteon.exchange.fhir_out.carried import carried
from osteon.exchange.fhir_out.elements import Entries, Resource, coding, concept, quantity, standard
from osteon.person import SITE_LABELS, Person, Scan, Site, SiteMeasurement

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_PRINTED = {"bmd_g_cm2": "g/cm2", "t_score": "{T-score}", "z_score": "{Z-score}"}
_LOCAL = ("bmc_g", "area_cm2", "trochanter_area_cm2", "intertrochanter_area_cm2")
_FAMILY: dict[Site, str] = {
    "lumbar_spine": "lumbar_spine",
    "total_hip": "hip",
    "femoral_neck": "femur",
    "radius_33": "forearm",
}
_LATERALITY = "272741003"
IMAGING = [concept("Imaging", coding(_CATEGORY, "imaging", "Imaging"))]


def add_scans(person: Person, densitometry: Densitometry, entries: Entries) -> dict[str, Resource]:
    """Add every scan in the order of the record; gives the references to the reports, by the date of the scan."""
    devices: dict[tuple[str | None, ...], Resource] = {}
    reports = {}
    for number, scan in enumerate(person.scans, start=1):
        key = tuple(carried(one) for one in (scan.device, scan.software, scan.scanner_serial))
        if any(key) and key not in devices:
            devices[key] = _add_device(key, entries)
        results = _add_results(scan, devices.get(key), entries)
        conclusion = densitometry if scan is person.latest_scan else None
        reports[scan.date.isoformat()] = _add_report(number, scan, results, conclusion, entries)
    return reports


def body_site(region: Region) -> Resource:
    """A region: SNOMED CT with the side as a qualifier, the exact region as a local code, and words."""
    (site,) = (one for one in codes("body_site") if one.meaning == region.site)
    side = next((one for one in codes("side") if one.meaning == region.side), None)
    whole = coding(SNOMED, site.code, site.display)
    sided = coding(SNOMED, f"{site.code}:{_LATERALITY}={side.code}") if side else whole
    return concept(region_words(region), sided, coding(REGION, region_code(region), region_words(region)))


def region_words(region: Region) -> str:
    """A region in words: ``Left femoral neck``, ``Lumbar spine L1, L2, L4``, ``Total hip, mean of both sides``."""
    label = SITE_LABELS[region.site]
    if region.side in ("left", "right"):
        label = f"{region.side.capitalize()} {label[0].lower()}{label[1:]}"
    elif region.side == "mean":
        label = f"{label}, mean of both sides"
    return f"{label} {', '.join(region.vertebrae)}" if region.vertebrae else label


def _dxa_code(field: str, region: Region) -> Resource:
    """The LOINC code of a result: of that side where LOINC has one, else of the region."""
    side = region.side if region.side in ("left", "right") else ""
    rows = {
        row["side"]: row
        for row in table("loinc_dxa.csv")
        if row["kind"] == field and row["site"] == _FAMILY[region.site]
    }
    row = rows.get(side) or rows[""]
    return concept(row["name"], coding(LOINC, row["loinc"], row["name"]))


def local_code(path: str) -> Resource:
    """A field under its local code, beside the standard code where there is one."""
    same = [one for one in codes("observation") if one.field == path]
    label = fields()[path].label
    return concept(label, *standard(same), coding(FIELD, path, label))


def _observation(scan: Scan, entries: Entries, code: Resource, **value: object) -> Resource:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": IMAGING,
        "code": code,
        "subject": entries.patient,
        "effectiveDateTime": scan.date.isoformat(),
        **value,
    }


def _add_results(scan: Scan, device: Resource | None, entries: Entries) -> list[Resource]:
    day = f"scans/{scan.date.isoformat()}"
    results = []
    for one in scan.sites:
        region = Region(one.site, one.side, one.vertebrae)
        for field, unit, code in _numbers(one, region):
            number = {"valueQuantity": quantity(getattr(one, field), unit), "bodySite": body_site(region)}
            resource = _observation(scan, entries, code, **number, device=device)
            results.append(entries.add(f"{day}/{region_code(region)}/{field}", resource))
    results += [entries.add(f"{day}/{name}", resource) for name, resource in _details(scan, entries)]
    return results


def _numbers(one: SiteMeasurement, region: Region) -> list[tuple[str, str, Resource]]:
    given = {name: unit for name, unit in _PRINTED.items() if getattr(one, name) is not None}
    printed = [(name, unit, _dxa_code(name, region)) for name, unit in given.items()]
    local = [f"site.{name}" for name in _LOCAL if getattr(one, name) is not None]
    return printed + [(path.removeprefix("site."), fields()[path].unit, local_code(path)) for path in local]


def _details(scan: Scan, entries: Entries) -> list[tuple[str, Resource]]:
    found: list[tuple[str, Resource]] = []

    def detail(name: str, place: str = "", **value: object) -> None:
        found.append((name + place, _observation(scan, entries, local_code(f"scan.{name}"), **value)))

    reference = carried(scan.reference)
    if reference:
        detail("reference", valueString=reference)
    if scan.tbs is not None:
        detail("tbs", valueQuantity=quantity(scan.tbs, "1"))
    for site, error in sorted((scan.precision_g_cm2 or {}).items()):
        where = body_site(Region(site, None, None))
        detail("precision_g_cm2", f"/{site}", valueQuantity=quantity(error, "g/cm2"), bodySite=where)
    if scan.abnormal_vertebrae is not None:
        detail("abnormal_vertebrae", **list_value("scan.abnormal_vertebrae", scan.abnormal_vertebrae))
    return found


def list_value(path: str, answers: tuple[str, ...]) -> Resource:
    """A list as components in order; a list that was recorded as empty is a plain no."""
    if not answers:
        return {"valueBoolean": False}
    label = fields()[path].label
    code = concept(label, coding(FIELD, path, label))
    return {"component": [{"code": code, "valueCodeableConcept": answer(one)} for one in answers]}


def answer(word: str) -> Resource:
    """An answer of a record under its local code."""
    return concept(word.replace("_", " ").capitalize(), coding(ANSWER, word))


def _add_device(key: tuple[str | None, ...], entries: Entries) -> Resource:
    name, software, serial = key
    return entries.add(
        f"devices/{key!r}",
        {
            "resourceType": "Device",
            "serialNumber": serial,
            "deviceName": [{"name": name, "type": "user-friendly-name"}] if name else [],
            "type": concept("Dual-energy X-ray absorptiometry scanner"),
            "version": [{"value": software}] if software else [],
        },
    )


def _add_report(
    number: int, scan: Scan, results: list[Resource], conclusion: Densitometry | None, entries: Entries
) -> Resource:
    diagnosis = [] if conclusion is None else [one for one in codes("diagnosis") if one.meaning == conclusion.diagnosis]
    resource = {
        "resourceType": "DiagnosticReport",
        "identifier": [{"system": SCAN, "value": str(number)}],
        "status": "final",
        "category": [concept("Radiology", coding(LOINC, "LP29684-5", "Radiology"))],
        "code": concept("DXA bone density panel", *standard(codes("panel"))),
        "subject": entries.patient,
        "effectiveDateTime": scan.date.isoformat(),
        "result": results,
        "conclusion": None if conclusion is None else conclusion.reason,
        "conclusionCode": [concept("", one) for one in standard([row for row in diagnosis if row.system == SNOMED])],
    }
    return entries.add(f"scans/{scan.date.isoformat()}", resource)
