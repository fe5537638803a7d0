"""Whose resource is it: one patient in the file, and every result checked to be about that patient."""

from __future__ import annotations

import json

from osteon.errors import InputError
from osteon.exchange.fhir.bundle import resource_type
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.notes import Notes


def local_reference(node: Node) -> str:
    """How other resources point to this one: ``Observation/abc``; a contained resource is ``abc`` after a ``#``."""
    if not node.text("id"):
        return ""
    return node.text("id") if ".contained[" in node.where else f"{resource_type(node)}/{node.text('id')}"


def distinct(resources: list[tuple[Node, str]], notes: Notes) -> list[tuple[Node, str]]:
    """The resources without exact repetitions.

    Raises
    ------
    InputError
        The same resource stands in the file twice with different content.
    """
    seen: dict[str, tuple[str, str]] = {}
    kept = []
    for node, url in resources:
        key = url or ("" if ".contained[" in node.where else local_reference(node))
        if resource_type(node) == "Patient":  # a person may be contained in several resources
            key = key or "Patient " + _content(node)
        if not key:
            kept.append((node, url))
            continue
        content = _content(node)
        if key not in seen:
            seen[key] = (content, node.place())
            kept.append((node, url))
        elif seen[key][0] == content:
            notes.ignore(node.path(), f"a second copy of a {resource_type(node)[:40]}", "it says the same as the first")
        else:
            raise InputError(
                f"the same {resource_type(node)[:40]} stands here and at {seen[key][1]} with different content",
                where=node.place(),
                mend="Keep the present version of it",
            )
    return kept


class Subjects:
    """The one patient of a file, and the ways in which resources may point to that patient."""

    def __init__(self, resources: list[tuple[Node, str]], patients: list[tuple[Node, str]], notes: Notes) -> None:
        file = resources[0][0].file if resources else ""
        if not patients:
            raise InputError(
                "there is no Patient, so sex and age are not known",
                where=file,
                mend="Add the Patient to the Bundle, or name the file of the Patient too",
            )
        if len({_content(node) for node, _ in patients}) > 1:
            raise InputError(
                f"there are {len(patients)} different Patients, and one person is expected",
                where=patients[1][0].place(),
                mend="Give each person a file of their own",
            )
        self.patient = patients[0][0]
        self._names = {local_reference(node) for node, _ in patients} | {url for _, url in patients}
        self._names |= {f"#{node.text('id')}" for node, _ in patients if ".contained[" in node.where}
        self._names.discard("")
        if not self._names:
            self._accept_single_reference(resources, notes)

    def _accept_single_reference(self, resources: list[tuple[Node, str]], notes: Notes) -> None:
        """A Patient without an id can be meant by one reference only."""
        pointed = {_subject(node) for node, _ in resources if resource_type(node) != "Patient"} - {""}
        if len(pointed) > 1:
            raise InputError(
                "the Patient has no id, and the results belong to several patients",
                where=self.patient.place("id"),
                mend="Add the Patient's id, so that the results can be told apart",
            )
        if pointed:
            notes.warn(self.patient.path("id"), "the Patient has no id; the results were taken to be about this person")
        self._names = pointed

    def owns(self, node: Node, notes: Notes) -> bool:
        """Whether a result is about the patient; a result about someone else is noted and refused."""
        pointer = _subject(node)
        if not pointer:
            notes.warn(node.path("subject"), "it does not say whose result it is; taken to be the Patient's")
            return True
        relative = "/".join(pointer.split("/_history/")[0].split("/")[-2:])
        if pointer in self._names or relative in self._names:
            return True
        notes.ignore(node.path(), resource_type(node)[:40], "it belongs to another patient")
        return False


def _subject(node: Node) -> str:
    subject = node.child("subject") or node.child("patient")
    return subject.text("reference") if subject else ""


def _content(node: Node) -> str:
    return json.dumps(node.data, sort_keys=True)
