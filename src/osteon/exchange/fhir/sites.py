"""Which skeletal site, side and vertebrae an Observation is about: from its code, refined by its body site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, cast, get_args

from osteon.errors import InputError
from osteon.evidence import table
from osteon.exchange.fhir.elements import SNOMED, Node
from osteon.exchange.fhir.local_codes import Region
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.own_findings import own_region
from osteon.person import Side, Site, Vertebra

_VERTEBRAE = re.compile(r"\bl([1-4])\s*(?:-|–|to)\s*l?([1-4])\b")
_THIRD = re.compile(r"\b(1/3|33\s*%|one[- ]third)")
# Words of a body site, first match wins. A femoral neck also has the word femur in it, and a trochanter the word hip.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"troch|ward|shaft|head of femur|femoral head", "other femur"),
    (r"neck", "femoral_neck"),
    (r"total", "total"),
    (r"lumbar|spine|vertebra|\bl[1-4]\b", "lumbar_spine"),
    (r"radius|forearm|wrist|ulna", "forearm"),
    (r"calcan|heel", "calcaneus"),
    (r"humer", "humerus"),
    (r"whole body|total body|skeleton", "whole body"),
    (r"femur|femoral", "femur"),
    (r"hip", "hip"),
)
_FEMORAL = ("femur", "hip", "femoral_neck", "total", "other femur")


class DxaCode(NamedTuple):
    """What a LOINC code of a DXA result says."""

    code: str
    name: str
    field: str
    site: str
    side: str


class Place(NamedTuple):
    """The measured region in the words of the record."""

    site: Site
    side: Side | None
    vertebrae: tuple[Vertebra, ...] | None


@cache
def dxa_codes() -> Mapping[str, DxaCode]:
    """The DXA result codes, by LOINC code; evidence table ``loinc_dxa.csv``."""
    return {
        row["loinc"]: DxaCode(row["loinc"], row["name"], row["kind"], row["site"], row["side"])
        for row in table("loinc_dxa.csv")
        if row["kind"] in ("bmd_g_cm2", "t_score", "z_score")
    }


def measured_place(code: DxaCode, observation: Node, notes: Notes) -> Place | None:
    """The measured region, or none when it is one that Osteon does not use (noted with the reason).

    Parameters
    ----------
    code
        What the LOINC code says.
    observation
        The Observation; its ``bodySite`` and the text of its ``code`` refine the code.
    notes
        Receives warnings and what was ignored.

    Raises
    ------
    InputError
        No site is given, or code and body site contradict each other.
    """
    body = observation.child("bodySite")
    own = own_region(body)
    if own is not None:
        return _own_place(own, code, observation)
    words = _words(observation, body)
    named = _named_site(words, body)
    where = observation.path("bodySite" if body else "code")
    if code.site == "any" and not named:
        raise InputError(
            f"LOINC {code.code} ({code.name}) gives a value without a site",
            where=observation.place("bodySite"),
            mend="Add bodySite, such as lumbar spine, femoral neck or total hip, or use the code of the site",
        )
    site = _region(code, named, observation)
    if site == "femur":
        notes.warn(
            where,
            "the code says femur and not which part of it; read as femoral neck, "
            "beside which hip codes give the total hip",
        )
        site = "femoral_neck"
    elif site in ("hip", "total"):
        site = "total_hip"
    elif site == "forearm" and _THIRD.search(words):
        site = "radius_33"
    if site not in get_args(Site):
        notes.ignore(
            observation.path(),
            f"{code.name} (LOINC {code.code})",
            "the code covers radius and ulna, and nothing says that it is the 33 % radius"
            if site == "forearm"
            else "the region is not one by which bone density is classified",
        )
        return None
    side = _side(code, words, body, observation)
    span = _VERTEBRAE.search(words) if site == "lumbar_spine" else None
    vertebrae: tuple[Vertebra, ...] | None = None
    if span:
        first, last = sorted(int(number) for number in span.groups())
        vertebrae = cast("tuple[Vertebra, ...]", tuple(f"L{number}" for number in range(first, last + 1)))
    return Place(cast("Site", site), None if site == "lumbar_spine" else side, vertebrae)


def _own_place(own: Region, code: DxaCode, observation: Node) -> Place:
    """A region that Osteon wrote, when it is one that the LOINC code covers."""
    families = {"any": (own.site,), "hip": ("total_hip",), "femur": ("femoral_neck",), "forearm": ("radius_33",)}
    fits = own.site in families.get(code.site, (code.site,))
    if not fits or (code.side and code.side != own.side):
        raise _contradiction(code, observation)
    return Place(own.site, own.side, own.vertebrae)


def _words(observation: Node, body: Node | None) -> str:
    code = observation.child("code")
    parts = [code.text("text")] if code else []
    if body is not None:
        parts += [body.text("text"), *(one.text("display") for one in body.children("coding"))]
    return " ".join(parts).casefold()


def _named_site(words: str, body: Node | None) -> str:
    known = {row["code"]: row["meaning"] for row in table("fhir_codes.csv") if row["group"] == "body_site"}
    coded = {known[code] for code in _concepts(body) if code in known}
    found = next((site for pattern, site in _WORDS if re.search(pattern, words)), "")
    if found in ("", "femur", "hip") and len(coded) == 1:
        return coded.pop()
    return found


def _concepts(body: Node | None) -> list[str]:
    """SNOMED CT codes of a body site; a composed code such as ``71341001:272741003=7771000`` gives each part."""
    return [part for code in (body.codes(SNOMED) if body else []) for part in re.findall(r"\d{6,18}", code)]


def _region(code: DxaCode, named: str, observation: Node) -> str:
    """The region that code and body site agree on, in the words of the code table and of ``_WORDS``."""
    if code.site == "any":
        return named
    if code.site in ("femur", "hip"):
        if named and named not in _FEMORAL:
            raise _contradiction(code, observation)
        return code.site if named in ("", "femur", "hip") else named
    if named and named != code.site and not (code.site == "lumbar_spine" and named == "total"):
        raise _contradiction(code, observation)
    return code.site


def _side(code: DxaCode, words: str, body: Node | None, observation: Node) -> Side | None:
    known = {row["code"]: row["meaning"] for row in table("fhir_codes.csv") if row["group"] == "side"}
    found = {code.side} | {known[one] for one in _concepts(body) if one in known}
    found |= {side for side in ("left", "right") if re.search(rf"\b{side}\b", words)}
    if re.search(r"\b(mean|average|bilateral|both)\b", words):
        found.add("mean")
    found.discard("")
    if len(found) > 1:
        raise InputError(
            f"code and body site name different sides ({' and '.join(sorted(found))})",
            where=observation.place("bodySite"),
            mend="Make the two agree",
        )
    return cast("Side", found.pop()) if found else None


def _contradiction(code: DxaCode, observation: Node) -> InputError:
    return InputError(
        f"LOINC {code.code} ({code.name}) and the body site name different regions",
        where=observation.place("bodySite"),
        mend="Make the two agree",
    )
