"""Osteon's own JSON: a person in, a person out, and the schema for editors."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from osteon.errors import InputError
from osteon.exchange.explain import as_input_error
from osteon.exchange.result import ReadPerson
from osteon.person import Person


def person_from_dict(data: Any, name: str = "") -> ReadPerson:
    """Check the content of an Osteon JSON file.

    Parameters
    ----------
    data
        What the JSON held.
    name
        What messages call the file.

    Raises
    ------
    InputError
        Something is missing, unknown or implausible; one message names every place, the first in full.
    """
    if not isinstance(data, dict):
        raise InputError(
            "the file does not hold an object in curly brackets",
            where=name,
            mend='A person looks like {"sex": "female", "age_years": 58, "scans": [...]}',
        )
    try:
        return ReadPerson(person=Person.model_validate(data), format="osteon")
    except ValidationError as error:
        raise as_input_error(error, Person, name) from None


def write_person_json(person: Person) -> str:
    """A person as Osteon JSON; reading the text again gives the same person.

    What was not recorded is left out, so that the file shows what is known.
    """
    return person.model_dump_json(indent=2, exclude_defaults=True)


def person_json_schema() -> dict[str, Any]:
    """The JSON schema of a person, for editors and validators.

    It is the model's own, with two additions that pydantic cannot derive: the draft it follows, and that the age
    may be left out when the birth date is given.
    """
    schema = Person.model_json_schema()
    schema["required"] = [name for name in schema["required"] if name != "age_years"]
    schema["anyOf"] = [{"required": ["age_years"]}, {"required": ["birth_date"]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Osteon person", **schema}
