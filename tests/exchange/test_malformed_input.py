"""Ten thousand malformed inputs: always a person or an InputError, and never a silent change of a measurement.

Valid persons and Bundles are broken in one to three places: keys deleted, renamed, doubled, moved; values replaced by
other kinds, extremes or text; the text itself cut or overwritten. Each input must give a person or an
:class:`InputError` with a place or a mend. Whatever is accepted must say the same as the input, or list what it left.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir_resources import body_site, bundle, observation, patient
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon.errors import InputError
from osteon.exchange import ReadPerson, person_from_json
from osteon.exchange.files import parse_json

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PERSONS = [
    json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    for name in ("fuller", "minimal", "vendor_ge_p1", "man_under_50", "nhanes_122612")
]
BUNDLES = [
    json.loads((EXAMPLES / "hl7_dxa_bundle.json").read_text("utf-8")),
    bundle(
        patient(),
        observation("38264-8", -1.4),
        observation("46383-6", 912, "mg/cm2", bodySite=body_site("Lumbar spine L1-L4")),
        observation("38263-0", -1.9, bodySite=body_site("Left femoral neck", "29627003:272741003=7771000")),
        observation("29463-7", 61.25, "kg"),
        observation("8302-2", 1.635, "m"),
        observation("62292-8", 20, "ng/mL"),
        observation("38267-1", -1.1, effectiveDateTime="2021-05-04"),
    ),
]
WORDS = [
    *("", " ", "female", "male", "Female", "f", "femoral_neck", "total_hip", "left", "right", "final", "preliminary"),
    *("g/cm2", "mg/cm2", "gm/cm2", "1", "{T-score}", "T-Score", "kg", "2026-02-03", "2026-02", "2126-01-01"),
    *("2026-02-30", "0001-01-01", "entered-in-error", "http://loinc.org", "38267-1", "38265-5", "46278-8", "46383-6"),
    *("Patient/p2", "Patient", "Observation", "Bundle", "Condition", "history", "L1", "neck", "a\0b", "\U0001f9b4"),
    "x" * 300,
    "-1.8",
]
NUMBERS = [0, 1, -1, -1.8, 0.742, 18, 76, 742, -0.7, 1e308, -1e308, 5e-324, 2**70, 65, 17, 111]
OTHERS: list[Any] = [None, True, False, [], {}, [[]], [None], {"value": -1.0}, {"resourceType": "Patient"}]
KEYS = ["sex", "t_score", "bmd_g_cm2", "site", "scans", "value", "unit", "code", "bodySite", "status", "id", "", "é\n"]

junk = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(NUMBERS),
    st.sampled_from(OTHERS),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
)
change = st.tuples(
    st.sampled_from(["replace", "replace", "delete", "rename", "insert", "copy", "swap"]),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.sampled_from(KEYS),
    junk,
)
changes = st.lists(change, min_size=1, max_size=3)
Change = tuple[str, int, int, str, Any]


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every (container, key or index) of a JSON document."""
    found: list[tuple[Any, Any]] = []
    stack = [data]
    while stack:
        node = stack.pop()
        keys: Iterator[Any] = iter(node) if isinstance(node, dict) else iter(range(len(node)))
        for key in keys:
            found.append((node, key))
            if isinstance(node[key], dict | list):
                stack.append(node[key])
    return found


def mutate(data: Any, todo: list[Change]) -> Any:
    """A broken copy."""
    data = copy.deepcopy(data)
    for action, first, second, name, value in todo:
        all_places = places(data)
        if not all_places:
            break
        node, key = all_places[first % len(all_places)]
        other, other_key = all_places[second % len(all_places)]
        if action == "delete":
            del node[key]
        elif action == "rename" and isinstance(node, dict):
            node[name] = node.pop(key)
        elif action == "insert":
            if isinstance(node, dict):
                node[name] = copy.deepcopy(value)
            else:
                node.insert(key, copy.deepcopy(value))
        elif action == "copy":
            node[key] = copy.deepcopy(other[other_key])
        elif action == "swap":
            node[key], other[other_key] = copy.deepcopy(other[other_key]), copy.deepcopy(node[key])
        else:
            node[key] = copy.deepcopy(value)
    return data


def read(text: str) -> ReadPerson | None:
    """A person, or none when the input was refused as it should be; anything else fails the test."""
    try:
        return person_from_json(parse_json(text, "f.json"), "f.json")
    except InputError as error:
        refused = error
    message = str(refused)
    assert "f.json" in refused.where
    assert refused.problem
    assert len(message) < 4000
    assert "pydantic" not in message
    message.encode("utf-8")
    return None


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The values of a document with their paths; what is missing or empty has none."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from leaves(value, (*path, i))
    elif data is not None:
        yield path, data.strip() if isinstance(data, str) else data


@settings(max_examples=5500)
@given(st.sampled_from(PERSONS), changes)
def test_a_broken_person_is_refused_or_kept_word_for_word(person: dict[str, Any], todo: list[Change]) -> None:
    broken = mutate(person, todo)
    result = read(json.dumps(broken))
    if result is None:
        return
    kept = dict(leaves(json.loads(result.person.model_dump_json())))
    given_values = dict(leaves(broken))
    if "age_years" not in dict.keys(broken) or broken["age_years"] is None:
        kept.pop(("age_years",))  # computed from the birth date
    assert kept == given_values


@settings(max_examples=3000)
@given(st.sampled_from(BUNDLES), changes)
def test_a_broken_bundle_is_refused_or_accounted_for(whole: dict[str, Any], todo: list[Change]) -> None:
    broken = mutate(whole, todo)
    result = read(json.dumps(broken))
    if result is not None and result.format == "fhir":
        account_for_every_number(broken, result)


def account_for_every_number(broken: dict[str, Any], result: ReadPerson) -> None:
    """Each Observation's number stands in the person or its entry among what was not read; nothing else came in."""
    person = result.person
    in_person = [
        number
        for scan in person.scans
        for site in scan.sites
        for number in (site.bmd_g_cm2, site.t_score, site.z_score)
        if number is not None
    ]
    in_person += [x for x in (person.height_cm, person.weight_kg, person.bmi_kg_m2) if x is not None]
    in_person += [x for x in person.labs.model_dump().values() if x is not None]
    from_file: list[float] = []
    for i, entry in enumerate(broken.get("entry") or []):
        resource = entry.get("resource") or {}
        numbers = [value for path, value in leaves(resource) if path[-1:] == ("value",) and is_number(value)]
        from_file += [form for number in numbers for form in readings(number)]
        quantity = resource.get("valueQuantity")
        if not isinstance(quantity, dict) or resource.get("resourceType") != "Observation":
            continue
        if not is_number(quantity.get("value")):
            continue
        listed = any(one.where.startswith(f"entry[{i}]") for one in result.ignored)
        assert listed or any(close(form, x) for form in readings(quantity["value"]) for x in in_person), f"entry[{i}]"
    for number in in_person:
        assert any(close(number, form) for form in from_file), "a number that is not in the file"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def readings(number: float) -> list[float]:
    """The number in every unit that the two Bundles or a mutation can ask for."""
    factors = (1, 0.001, 100, 0.1, 2.54, 0.45359237, 2.5, 0.25, 0.106, 1000)
    return [number * factor for factor in factors]


def close(first: float, second: float) -> bool:
    return math.isclose(first, second, rel_tol=1e-4, abs_tol=1e-5)


@settings(max_examples=1200)
@given(st.sampled_from([*PERSONS, *BUNDLES]), st.floats(0, 1), st.floats(0, 1), st.text(max_size=6))
def test_cut_and_overwritten_text(data: dict[str, Any], start: float, end: float, patch: str) -> None:
    text = json.dumps(data, indent=1)
    first, last = sorted((int(start * len(text)), int(end * len(text))))
    read(text[:first])
    read(text[:first] + patch + text[first + len(patch) :])
    read(text[:first] + text[last:])


@settings(max_examples=600)
@given(st.text(alphabet='{}[]":,.-+eE0123456789 \n\\u truefalsnN', max_size=60))
def test_text_that_resembles_json(text: str) -> None:
    read(text)


@settings(max_examples=400)
@given(st.recursive(junk, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner)))
def test_any_json_at_all(data: Any) -> None:
    read(json.dumps(data))


@settings(max_examples=300)
@given(content=st.binary(max_size=80))
def test_random_bytes(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    from osteon.exchange import read_person

    path = tmp_path_factory.getbasetemp() / "random.json"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_person(path)
