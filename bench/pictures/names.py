"""Names for readers: studies, arms and sites as a caption has them."""

from __future__ import annotations

import re

SITES = {
    "bmd_lumbar_spine": "spine",
    "bmd_total_hip": "total hip",
    "bmd_femoral_neck": "femoral neck",
    "trabecular_lumbar_spine": "spine, trabecular (CT)",
    "ctx": "CTX",
    "p1np": "P1NP",
    "bsap": "BSAP",
}

KINDS = {"difference_points": "against control", "marker_difference_percent": "against control"}

_AUTHOR_YEAR = re.compile(r"([a-z]+)(\d{4})(?:_(.*))?")
_CAPITALS = {"mcclung": "McClung"}


def study_name(study: str) -> str:
    """``FREEDOM_EXT_5y`` as ``FREEDOM EXT 5y``; ``mcclung2006`` as ``McClung 2006``."""
    if found := _AUTHOR_YEAR.fullmatch(study):
        author = found[1]
        return f"{_CAPITALS.get(author, author.capitalize())} {found[2]}"
    if study.startswith("digitised teriparatide"):
        return "Teriparatide trial"
    text = study.replace("_", " ")
    return re.sub(r"([A-Za-z])(\d{4})", r"\1 \2", text)


def arm_name(arm: str) -> str:
    """An arm's key in words."""
    if found := _AUTHOR_YEAR.fullmatch(arm):
        text = (found[3] or "").replace("_", " ")
        text = re.sub(r"(\d+) q(\d+)([mw])", r"\1 mg every \2 \3", text)
        text = text.replace(" every 6 m", " every 6 mo").replace(" every 3 m", " every 3 mo")
        text = text.replace("alendronate-placebo", "alendronate to placebo")
        text = text.replace("alendronate-alendronate", "alendronate to alendronate")
        return text.replace("yrs", " y").replace("  ", " ")
    return arm.replace("->", " → ").replace("  ", " ").replace("_", " ")


def schedule_name(text: str) -> str:
    """A written schedule without the calcium that everybody was given."""
    parts = [one for one in text.split(" + ") if not one.startswith("calcium")]
    shown = " + ".join(parts) or "no medicine"
    return re.sub(r" x(\d+)/(\d+)([md])", r" ×\1 /\2 \3", shown)
