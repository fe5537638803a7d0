"""Read a design file: TOML into a :class:`Protocol`; every slip gets an error: what, where, and what instead."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from osteon.errors import InputError, ModelError, UsageError
from osteon.findings import LIMITS, ended, first_mistakes, record_at, record_in, with_others
from osteon.risk.open_model.baseline import AGE_HIGH
from osteon.trial.courses import arm_courses, cell_product
from osteon.trial.protocol import Protocol
from osteon.trial.worlds import prior_of
from osteon.twin.cell_therapy.product import THERAPIES as CELL_SOURCES
from osteon.twin.cell_therapy.result import MECHANISMS
from osteon.twin.osteon_model.history import OLDEST_YEARS
from osteon.twin.osteon_model.regimens import model_regimen

LARGEST_FILE = 1_000_000

_KINDS = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text in quotation marks",
    "tuple_type": "a list in square brackets",
    "model_type": "a part of its own",
    "bool_type": "true or false",
}


@dataclass(frozen=True, slots=True)
class ReadProtocol:
    """A design, and the SHA-256 of the file that it came from."""

    protocol: Protocol
    sha256: str


def read_protocol(file: Path) -> ReadProtocol:
    """Read and check a design file.

    Raises
    ------
    InputError
        The file cannot be read, is not TOML, or says something that cannot be.
    ModelError
        The design is well put and lies outside the models.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(file), mend="Check the name and the folder") from None
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", where=str(file)) from None
    if len(content) > LARGEST_FILE:
        raise InputError("it is too large for a design", where=str(file), mend="Name a TOML file")
    return ReadProtocol(read_text(content, str(file)), hashlib.sha256(content).hexdigest())


def read_text(content: bytes, name: str) -> Protocol:
    """Read and check the text of a design file, which messages call ``name``; errors as :func:`read_protocol`."""
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError("it is not text in UTF-8", where=name, mend="Save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"it is not TOML: {_first_small(str(error))}",
            where=name,
            mend="See docs/trial-designs.md for a design to begin with",
        ) from None
    try:
        protocol = Protocol.model_validate(data)
    except ValidationError as error:
        raise _as_input_error(error, name) from None
    check_protocol(protocol, name)
    return protocol


def check_protocol(protocol: Protocol, name: str) -> None:
    """Refuse what each part allows and the whole does not."""
    found = next(_contradictions(protocol), None)
    if found is not None:
        raise InputError(found[1], where=f"{name}: {found[0]}", mend=found[2])
    _check_models(protocol, name)
    place = "background"
    try:
        _check_background(protocol)
        for number, arm in enumerate(protocol.arms):
            place = f"arms[{number}].therapy"
            therapy = model_regimen(arm.therapy).plan.therapies
            place = f"arms[{number}].cells"
            cells = [one for one in therapy if one in CELL_SOURCES]
            if cells:
                cell_product(arm, cells[0])
                prior_of(arm)
            place = f"arms[{number}]"
            arm_courses(protocol, arm)
    except UsageError as error:
        where = f"{place} {error.where!r}" if error.where and place.endswith("therapy") else place
        if place.endswith("cells") and error.where in MECHANISMS:
            where = f"{place}.{error.where}_percent"
        raise InputError(error.problem, where=f"{name}: {where}", mend=error.mend) from None
    except ModelError as error:
        raise ModelError(error.problem, where=f"{name}: {place}", mend=error.mend) from None


def _check_background(protocol: Protocol) -> None:
    if any(one in CELL_SOURCES for one in model_regimen(protocol.background).plan.therapies):
        raise UsageError("cells are no background", mend="Give them to an arm, as its therapy")


def _check_models(protocol: Protocol, name: str) -> None:
    """Refuse what is well put and lies outside the models."""
    rule = protocol.population
    oldest = rule.ages.oldest + protocol.years
    if oldest > OLDEST_YEARS:
        raise ModelError(
            f"the oldest would be {oldest:g} at the end, and the bone model ends at {OLDEST_YEARS:g}",
            where=f"{name}: population.ages.oldest",
            mend=f"Write at most {OLDEST_YEARS - protocol.years:g}",
        )
    if protocol.fractures and oldest > AGE_HIGH:
        raise ModelError(
            f"the oldest would be {oldest:g} at the end, and the fracture model ends at {AGE_HIGH:g}",
            where=f"{name}: population.ages.oldest",
            mend=f"Write at most {AGE_HIGH - protocol.years:g}",
        )
    asked = [("population.t_score.sites", one) for one in (rule.t_score.sites if rule.t_score else ())]
    asked += [(f"population.exclude[{number}].site", one.site) for number, one in enumerate(rule.exclude)]
    for place, site in asked:
        if site == "lumbar_spine":
            raise ModelError(
                "the virtual people have no T-score of the spine: their density has no reference there",
                where=f"{name}: {place}",
                mend="Write total_hip or femoral_neck",
            )


def _contradictions(protocol: Protocol) -> Iterator[tuple[str, str, str]]:
    names = [arm.name for arm in protocol.arms]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield f"arms[{number}].name", f"two arms are called {name!r}", "Give each arm a name of its own"
    for place, given in (
        ("analysis.control", protocol.analysis.control),
        ("optimise.arm", protocol.optimise.arm if protocol.optimise else None),
    ):
        if given is not None and given not in names:
            near = get_close_matches(given, names, n=1)
            yield place, f"no arm is called {given!r}", f"Write {near[0] if near else ' or '.join(names)}"
    last = protocol.visits_months[-1]
    if last > 12.0 * protocol.years + 1e-9:
        yield (
            "visits_months",
            f"a visit at month {last} lies beyond the end of the trial, month {12 * protocol.years:g}",
            f"Write years = {-(-last // 12)}, or leave the visit out",
        )
    for number, one in enumerate(protocol.endpoints):
        if one.read_month is not None and one.read_month not in protocol.visits_months:
            yield (
                f"endpoints[{number}]",
                f"nobody is measured at month {one.read_month}",
                f"Add {one.read_month} to visits_months, or choose from {', '.join(map(str, protocol.visits_months))}",
            )
        if one.measure == "ctx" and protocol.measurement.ctx_percent is None:
            yield (
                f"endpoints[{number}]",
                "the error of a CTX measurement is not stated, and no published number was read for it",
                "Write under [measurement] ctx_percent, how much repeated CTX of one person differ in % (SD)",
            )
        if one.measure == "fracture" and protocol.population.ages.youngest < 50.0:
            yield (
                "population.ages.youngest",
                "fractures are counted from 50 years of age on",
                "Write at least 50, or leave the fracture endpoint out",
            )
    if protocol.fractures and protocol.analysis.estimand == "hypothetical":
        yield (
            "analysis.estimand",
            "fractures are counted whatever was taken, which is not the hypothetical estimand",
            "Write treatment-policy, or leave the fracture endpoints out",
        )
    if protocol.optimise is not None and names.index(protocol.optimise.arm) == protocol.control:
        yield "optimise.arm", "the control arm is not free", f"Write one of the others: {', '.join(names)}"


def _as_input_error(error: ValidationError, name: str) -> InputError:
    (where, what, mend), *others = (_explained(one) for one in first_mistakes(error))
    lines = [f"{place}: {problem}. {ended(cure)}".rstrip() for place, problem, cure in others]
    return InputError(what, where=f"{name}: {where}" if where else name, mend=with_others(mend, lines))


def _explained(one: dict[str, Any]) -> tuple[str, str, str]:
    """Where, what, and what to write instead."""
    loc: Sequence[str | int] = one["loc"]
    kind, ctx, given = one["type"], one.get("ctx", {}), one["input"]
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".")
    help_ = _description(loc)
    if kind == "osteon":
        return where, ctx["problem"], ctx["mend"]
    if kind == "missing":
        return where, "this is needed and is missing", help_
    if kind == "extra_forbidden":
        return where, "there is no such key here", _nearest_key(loc)
    if kind == "literal_error":
        words = [word.strip(" '") for word in ctx["expected"].replace(" or ", ",").split(",")]
        near = get_close_matches(str(given).strip().casefold().replace(" ", "_"), words, n=1)
        return (
            where,
            f"{_shown(given)} is none of the words that may stand here",
            (f"Did you mean {near[0]}?" if near else f"Write one of: {', '.join(words)}"),
        )
    if kind in _KINDS:
        return where, f"expected {_KINDS[kind]}, found {_shown(given)}", help_
    if kind in LIMITS:
        key, words_ = LIMITS[kind]
        return where, f"{_shown(given)} {words_} {ctx[key]:g}", help_
    if kind == "too_short":
        return where, f"there are too few: at least {ctx['min_length']}", help_
    message = str(one["msg"])
    return where, message[0].lower() + message[1:], help_


def _shown(given: object) -> str:
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int | float):
        return f"{given:g}"
    if isinstance(given, str):
        return f"the text {given[:40]!r}"
    return "a list" if isinstance(given, list | tuple) else "a part with keys of its own"


def _first_small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _description(loc: Sequence[str | int]) -> str:
    keys = [step for step in loc if isinstance(step, str)]
    if not keys:
        return ""
    holder = record_at(Protocol, keys)
    field = holder.model_fields.get(keys[-1]) if holder else None
    return (field.description or "") if field else ""


def _nearest_key(loc: Sequence[str | int]) -> str:
    holder = record_at(Protocol, loc)
    if holder is None:
        return "Remove it"
    word = str(loc[-1]).casefold()
    if near := get_close_matches(word, holder.model_fields, n=1):
        return f"Did you mean {near[0]}?"
    if word in Protocol.model_fields:
        return "Write it at the top of the file, before the first part"
    for part, field in Protocol.model_fields.items():
        record = record_in(field.annotation)
        if record is not None and word in record.model_fields:
            return f"It belongs under {f'[[{part}]]' if part in ('arms', 'endpoints') else f'[{part}]'}"
    return f"Remove it, or use one of: {', '.join(holder.model_fields)}"
