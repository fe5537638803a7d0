"""Reading small FHIR Bundles in the tests: the person, the refusal, the one site, what was not read."""

from __future__ import annotations

from typing import Any

import pytest
from fhir_resources import bundle

from osteon.errors import InputError
from osteon.exchange import ReadPerson, person_from_json
from osteon.person import SiteMeasurement


def read(*resources: dict[str, Any], **changes: Any) -> ReadPerson:
    """Read a Bundle of the resources."""
    return person_from_json(bundle(*resources, **changes), "b.json")


def refusal(*resources: dict[str, Any], **changes: Any) -> InputError:
    """The error of reading a Bundle of the resources."""
    with pytest.raises(InputError) as caught:
        read(*resources, **changes)
    assert caught.value.exit_code == 3
    assert caught.value.mend
    return caught.value


def only_site(result: ReadPerson) -> SiteMeasurement:
    """The one site of the one scan."""
    (scan,) = result.person.scans
    (site,) = scan.sites
    return site


def reasons(result: ReadPerson) -> str:
    """All that was not read, as text."""
    return "\n".join(f"{one.where}|{one.what}|{one.reason}" for one in result.ignored)
