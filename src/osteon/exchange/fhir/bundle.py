"""Find the resources of a file: the entries of a Bundle, a single resource, and what they contain."""

from __future__ import annotations

from osteon.errors import InputError
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.notes import Notes

_BUNDLE_TYPES = (
    "collection",
    "document",
    "searchset",
    "transaction",
    "transaction-response",
    "batch",
    "batch-response",
    "message",
)
_ALONE = ("DiagnosticReport", "Observation", "Patient")
_MEND = "Give a FHIR R4 Bundle that holds the Patient and the DXA Observations"


def collect(top: Node, notes: Notes) -> list[tuple[Node, str]]:
    """The resources of one file with their ``fullUrl`` (empty when there is none), in file order.

    Raises
    ------
    InputError
        The file's resource type or Bundle type cannot be read.
    """
    kind = resource_type(top)
    if kind == "Bundle":
        found = _entries(top, notes)
    elif kind in _ALONE:
        found = [(Node(top.file, kind, top.data), "")]
    else:
        raise InputError(f"a FHIR {kind[:40]} is not a person", where=top.place("resourceType"), mend=_MEND)
    return [pair for node, url in found for pair in [(node, url), *((one, "") for one in _contained(node))]]


def resource_type(node: Node) -> str:
    """The resource's type; raises :class:`InputError` when it has none."""
    kind = node.text("resourceType")
    if not kind:
        raise InputError(
            "the resource does not say what it is",
            where=node.place("resourceType"),
            mend="Every FHIR resource needs a resourceType, such as Observation",
        )
    return kind


def _entries(bundle: Node, notes: Notes) -> list[tuple[Node, str]]:
    kind = bundle.text("type")
    if kind == "history":
        raise InputError(
            "a Bundle of type history holds several versions of the same resource",
            where=bundle.place("type"),
            mend="Give a Bundle with the present version of each resource",
        )
    if kind not in _BUNDLE_TYPES:
        notes.warn(bundle.path("type"), "the Bundle does not give a type that FHIR R4 knows; its entries were read")
    if any(link.text("relation") == "next" for link in bundle.children("link")):
        notes.warn(bundle.path("link"), "this is one page of a longer search result; the other pages were not read")
    found = []
    for entry in bundle.children("entry"):
        request = entry.child("request")
        resource = entry.child("resource")
        if request is not None and request.text("method") == "DELETE":
            notes.ignore(entry.path(), "an entry that deletes a resource", "it carries nothing to read")
        elif resource is None:
            notes.ignore(entry.path(), "an entry without a resource", "it carries nothing to read")
        else:
            resource_type(resource)
            found.append((resource, entry.text("fullUrl")))
    if not found:
        raise InputError("the Bundle holds no resource", where=bundle.place("entry"), mend=_MEND)
    return found


def _contained(resource: Node) -> list[Node]:
    inside = resource.children("contained")
    for one in inside:
        resource_type(one)
    return inside
