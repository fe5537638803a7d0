"""Check a Bundle against the codes that FHIR R4 requires, and its references against its own entries.

A schema check sees that a status is a text; it does not see whether the text is one that FHIR R4 allows there. The
table ``fhir_required_bindings.csv`` holds the required value sets of what Osteon writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from osteon.evidence import table

_INDEX = re.compile(r"\[\d+\]")


class Binding(NamedTuple):
    """One element with a required value set."""

    path: tuple[str, ...]
    required: bool
    system: str
    codes: frozenset[str]


class BindingProblem(NamedTuple):
    """One place in a Bundle that breaks a required binding or a reference: where, and what is wrong."""

    where: str
    problem: str


@cache
def _bindings() -> tuple[Binding, ...]:
    return tuple(
        Binding(tuple(row["path"].split(".")), row["required"] == "yes", row["system"], frozenset(row["codes"].split()))
        for row in table("fhir_required_bindings.csv")
    )


def check_bindings(bundle: Mapping[str, Any]) -> list[BindingProblem]:
    """Every place where a Bundle breaks a required binding, repeats a URL, or points to what it does not hold.

    Parameters
    ----------
    bundle
        A FHIR R4 Bundle as JSON; only resource types that Osteon writes are checked in full.
    """
    problems = list(_check_resource(bundle, "Bundle"))
    entries = bundle.get("entry")
    entries = entries if isinstance(entries, list) else []
    urls: list[str] = []
    for i, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping):
            urls.append(str(entry.get("fullUrl", "")))
            problems += _check_resource(resource, f"entry[{i}].resource")
    known = set(urls)
    twice = sorted(url for url in known if url and urls.count(url) > 1)
    problems += [BindingProblem("entry", f"the URL {url} stands twice") for url in twice]
    for where, key, value in _walk(bundle, ""):
        if key == "reference" and isinstance(value, str) and value.startswith("urn:") and value not in known:
            problems.append(BindingProblem(where, f"{value} is not an entry of the Bundle"))
    return problems


def _check_resource(resource: Mapping[str, Any], where: str) -> Iterator[BindingProblem]:
    kind = resource.get("resourceType")
    for one in _bindings():
        if one.path[0] == kind:
            yield from _check_path(resource, one.path[1:], one, where)
    if kind != "Bundle":
        for place, _, value in _walk(resource, where):
            for one in _bindings():
                if one.path[0] == "*" and _INDEX.sub("", place).endswith("." + ".".join(one.path[1:])):
                    yield from _check_value(value, one, place)


def _check_path(node: object, path: tuple[str, ...], one: Binding, where: str) -> Iterator[BindingProblem]:
    if isinstance(node, list):
        for i, item in enumerate(node):
            yield from _check_path(item, path, one, f"{where}[{i}]")
    elif not path:
        yield from _check_value(node, one, where)
    elif isinstance(node, Mapping):
        if path[0] in node:
            yield from _check_path(node[path[0]], path[1:], one, f"{where}.{path[0]}")
        elif len(path) == 1 and one.required:
            yield BindingProblem(f"{where}.{path[0]}", "the element is required and missing")


def _check_value(value: object, one: Binding, where: str) -> Iterator[BindingProblem]:
    if not one.system:
        if not isinstance(value, str) or value not in one.codes:
            yield BindingProblem(where, f"{str(value)[:40]!r} is not one of: {', '.join(sorted(one.codes))}")
        return
    codings = value.get("coding") if isinstance(value, Mapping) else None
    found = [one_coding for one_coding in codings or () if isinstance(one_coding, Mapping)]
    if not any(item.get("system") == one.system and item.get("code") in one.codes for item in found):
        yield BindingProblem(where, f"no coding from {one.system} with one of: {', '.join(sorted(one.codes))}")


def _walk(node: object, where: str) -> Iterator[tuple[str, str, object]]:
    """Every key of a JSON value with its place."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            place = f"{where}.{key}" if where else key
            yield place, key, value
            yield from _walk(value, place)
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from _walk(item, f"{where}[{i}]")
