"""Other FHIR Observations: body size, laboratory values and smoking, and which of several counts."""

from __future__ import annotations

import pytest
from fhir_reading import read, reasons
from fhir_resources import HIP_T, observation, patient


def test_body_size_laboratory_values_and_smoking() -> None:
    smoking = observation(
        "72166-2",
        0,
        valueQuantity=None,
        valueCodeableConcept={"coding": [{"system": "http://snomed.info/sct", "code": "8517006"}]},
    )
    result = read(
        patient(),
        observation(HIP_T, -1.4),
        observation("8302-2", 64, "[in_i]"),
        observation("29463-7", 61.2, "kg"),
        observation("39156-5", 23.2, "kg/m2"),
        observation("62292-8", 20, "ng/mL"),
        observation("17861-6", 9.6, "mg/dL"),
        observation("2731-8", 50, "pg/mL"),
        observation("3016-3", 2.1, "m[IU]/L"),
        observation("98979-8", 78, "mL/min/{1.73_m2}"),
        observation("41171-0", 0.52, "ug/L"),
        smoking,
    )
    person = result.person
    assert person.height_cm == pytest.approx(162.56)
    assert person.weight_kg == 61.2
    assert person.bmi_kg_m2 is None
    assert "it follows from height and weight" in reasons(result)
    assert person.labs.model_dump(exclude_none=True) == {
        "vitamin_d_nmol_l": 50.0,
        "calcium_mmol_l": 2.4,
        "pth_pmol_l": 5.3,
        "tsh_miu_l": 2.1,
        "egfr_ml_min": 78.0,
        "ctx_ng_l": 520.0,
    }
    assert person.history.smoking == "former"


def test_the_latest_weight_counts_and_the_earlier_one_is_listed() -> None:
    result = read(
        patient(),
        observation(HIP_T, -1.4),
        observation("29463-7", 70, "kg", effectiveDateTime="2019-01-01"),
        observation("29463-7", 61, "kg", effectiveDateTime="2026-01-01"),
    )
    assert result.person.weight_kg == 61
    assert "entry[2].resource|an earlier value of weight_kg|a later one stands in the file" in reasons(result)


@pytest.mark.parametrize("born", ["1964-05-20", "1964-05", "1964-02-29"])
def test_a_childs_body_sizes_in_an_adults_chart_are_listed_and_never_read(born: str) -> None:
    at_school = {"effectiveDateTime": "1969-09-01"}
    result = read(
        patient(birthDate=born),
        observation(HIP_T, -1.4),
        observation("8302-2", 111.5, "cm", **at_school),
        observation("29463-7", 20.1, "kg", **at_school),
        observation("29463-7", 61, "kg"),
    )
    assert (result.person.height_cm, result.person.weight_kg) == (None, 61)
    assert sum("before the age of 18" in one.reason for one in result.ignored) == 2


def test_an_old_weight_and_a_missing_date_are_warned_about() -> None:
    result = read(
        patient(),
        observation(HIP_T, -1.4),
        observation("29463-7", 70, "kg", effectiveDateTime="2019-01-01"),
        observation("8302-2", 165, "cm", effectiveDateTime=None),
    )
    assert any("more than a year from the latest scan" in line for line in result.warnings)
    assert any("height_cm has no date" in line for line in result.warnings)
