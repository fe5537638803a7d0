"""Generated people: every field of the record, drawn from its own JSON schema, within the rules of the record.

``random_person(rng)`` gives one; ``people()`` is a hypothesis strategy; ``generated(n)`` gives n of them, the same
every time. A field that is added to the record is drawn without a change here, unless a rule ties it to another.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import strategies as st

from osteon.person import DAYS_PER_YEAR, Person, clock

Schema = dict[str, Any]

FIRST_DAY, LAST_DAY = dt.date(1985, 1, 1), dt.date(2025, 6, 30)
TEXTS = ("Hologic", "GE Lunar iDXA", "enCORE 17.10", "Example", "Österreich", "x", "東京 🦴", 'a&b<c>"d"', "l1\nl2")


@cache
def _schema() -> Schema:
    return Person.model_json_schema()


def _resolved(schema: Schema) -> Schema:
    """A schema without references and without the choice of null; what stands beside a reference stays."""
    if "$ref" in schema:
        target = _schema()["$defs"][schema["$ref"].split("/")[-1]]
        return _resolved({**target, **{key: value for key, value in schema.items() if key != "$ref"}})
    if "anyOf" in schema:
        (kind,) = (one for one in schema["anyOf"] if one.get("type") != "null")
        return _resolved({**{key: value for key, value in schema.items() if key != "anyOf"}, **kind})
    return schema


def _day(rng: random.Random) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=rng.randrange((LAST_DAY - FIRST_DAY).days))


def _number(rng: random.Random, schema: Schema) -> float:
    # The only number without bounds is a precision error in g/cm², and densitometry takes positive ones alone.
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0.001))
    high = schema.get("maximum", 0.1)
    drawn = rng.uniform(low, high)
    if drawn == schema.get("exclusiveMinimum"):
        drawn = high
    number = rng.choice([drawn, round(drawn, 1), round(drawn, 2), round(drawn, 3), float(round(drawn)), high, low])
    allowed = low <= number <= high and number != schema.get("exclusiveMinimum")
    return float(number if allowed else drawn)


def _value(rng: random.Random, schema: Schema) -> Any:
    schema = _resolved(schema)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema.get("type")
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "integer":
        return rng.randint(schema["minimum"], schema["maximum"])
    if kind == "number":
        return _number(rng, schema)
    if kind == "string" and schema.get("format") == "date":
        return _day(rng)
    if kind == "string" and "pattern" in schema:
        return str(rng.randrange(10**8))  # the only pattern of the record is that of an RxNorm code
    if kind == "string":
        long_enough = [text for text in TEXTS if len(text) >= schema.get("minLength", 1)]
        return rng.choice(long_enough)[: schema.get("maxLength")]
    if kind == "array":
        size = rng.randint(schema.get("minItems", 0), 4)
        return [_value(rng, schema["items"]) for _ in range(size)]
    if "properties" in schema:
        return _object(rng, schema)
    names = _resolved(schema["propertyNames"])["enum"]
    chosen = rng.sample(names, rng.randint(1, len(names)))
    return {name: _value(rng, schema["additionalProperties"]) for name in chosen}


def _object(rng: random.Random, schema: Schema) -> dict[str, Any]:
    needed = schema.get("required", ())
    share = rng.choice([0.1, 0.5, 0.9])
    return {
        name: _value(rng, one) for name, one in schema["properties"].items() if name in needed or rng.random() < share
    }


def _mend_site(rng: random.Random, site: dict[str, Any]) -> None:
    if not {"bmd_g_cm2", "t_score", "z_score"} & set(site):
        site["t_score"] = round(rng.uniform(-4, 1), 1)
    if site["site"] != "lumbar_spine":
        site.pop("vertebrae", None)
    elif "vertebrae" in site:
        site["vertebrae"] = rng.sample(["L1", "L2", "L3", "L4"], rng.randint(1, 4))
    if {"bmd_g_cm2", "bmc_g", "area_cm2"} <= set(site):
        site["bmc_g"] = round(site["bmd_g_cm2"] * site["area_cm2"], 4)
        if not 0 < site["bmc_g"] <= 200 or abs(site["bmc_g"] / site["area_cm2"] - site["bmd_g_cm2"]) > 0.02:
            del site["bmc_g"]


def _mend_scans(rng: random.Random, scans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    days: set[dt.date] = set()
    kept = []
    for scan in scans:
        if scan["date"] in days:
            continue
        days.add(scan["date"])
        regions: set[tuple[Any, ...]] = set()
        sites = []
        for site in scan["sites"]:
            _mend_site(rng, site)
            key = (site["site"], site.get("side"), frozenset(site.get("vertebrae", ())))
            if key not in regions:
                regions.add(key)
                sites.append(site)
        scan["sites"] = sites
        kept.append(scan)
    return kept


def _mend_history(rng: random.Random, history: dict[str, Any]) -> None:
    dated = ("months_since_last_fragility_fracture", "fragility_fracture_count", "fragility_fracture_sites")
    if history.get("mother_hip_fracture"):
        history["parent_hip_fracture"] = True
    if history.get("previous_fragility_fracture") is False:
        for name in dated:
            history.pop(name, None)
    if history.get("smoking") in ("never", "former") and "cigarettes_per_day" in history:
        history["cigarettes_per_day"] = 0.0
    if history.get("glucocorticoids") is False and "glucocorticoid_prednisone_mg_per_day" in history:
        history["glucocorticoid_prednisone_mg_per_day"] = 0.0
    if history.get("glucocorticoids") is False and "glucocorticoid_months" in history:
        history["glucocorticoid_months"] = 0.0
    if history.get("oestrogen") in ("never", "former") and history.get("oestrogen_only"):
        history["oestrogen_only"] = rng.choice([False])


def _mend_menopause(data: dict[str, Any]) -> None:
    age = data["age_years"]
    history = data.get("history") or {}
    if data["sex"] == "male" or data.get("menopausal_status") in ("premenopausal", "transition"):
        history.pop("surgical_menopause", None)
    if data["sex"] == "male":
        data.pop("menopause_age_years", None)
        data.pop("menopausal_status", None)
    if data.get("menopause_age_years", 0) > age:
        data["menopause_age_years"] = age if age <= 62 else 50.0
    if "menopause_age_years" in data and "menopausal_status" in data:
        data["menopausal_status"] = "postmenopausal"
    if data.get("menopausal_status") == "premenopausal" and age > 62:
        data["menopausal_status"] = "transition"


def _mend_dates(rng: random.Random, data: dict[str, Any]) -> None:
    for treatment in data.get("treatments", ()):
        if {"start", "stop"} <= set(treatment):
            treatment["start"], treatment["stop"] = sorted((treatment["start"], treatment["stop"]))
    history = data["history"]
    if history.get("months_since_last_fragility_fracture", 0) > 12 * data["age_years"]:
        history["months_since_last_fragility_fracture"] = 12 * data["age_years"]
    day = max((scan["date"] for scan in data["scans"]), default=clock.today())
    shift = max(rng.uniform(-0.9, 0.9), 18.1 - data["age_years"]) if "birth_date" in data else 0.0
    born = day - dt.timedelta(days=round((data["age_years"] + shift) * DAYS_PER_YEAR))
    if "birth_date" in data and born.year >= 1900:
        data["birth_date"] = born
    else:
        data.pop("birth_date", None)
    data["scans"] = [one for one in data["scans"] if one["date"] >= born]
    if "treatments" in data:
        data["treatments"] = [one for one in data["treatments"] if one.get("start", born) >= born]


def _mend_numbers(rng: random.Random, data: dict[str, Any]) -> None:
    if {"bmi_kg_m2", "height_cm", "weight_kg"} <= set(data):
        data["bmi_kg_m2"] = round(data["weight_kg"] / (data["height_cm"] / 100) ** 2 + rng.uniform(-0.4, 0.4), 2)
        if not 10 <= data["bmi_kg_m2"] <= 100:
            del data["bmi_kg_m2"]
    frax = data.get("frax")
    if frax and not {"major_osteoporotic_percent", "hip_percent"} & set(frax):
        frax["hip_percent"] = round(rng.uniform(0, 30), 1)


def random_person(rng: random.Random) -> Person:
    """One person; the same for the same state of ``rng``."""
    data = _object(rng, _schema())
    data["scans"] = _mend_scans(rng, data.get("scans", []))
    _mend_history(rng, data.setdefault("history", {}))
    _mend_menopause(data)
    _mend_numbers(rng, data)
    _mend_dates(rng, data)
    return Person.model_validate(data)


def generated(n: int, seed: int = 1) -> Iterator[Person]:
    """``n`` people, the same every time."""
    for i in range(n):
        yield random_person(random.Random(f"{seed}/{i}"))  # noqa: S311 - not for secrets


def people() -> st.SearchStrategy[Person]:
    """Any person."""
    return st.randoms(use_true_random=False).map(random_person)
