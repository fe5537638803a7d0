"""A person into FHIR R4: everything that the record holds, and what Osteon computed from it.

``export_fhir(person)`` gives JSON text and ``fhir_bundle(person)`` the same as a dict; ``not_carried(person)`` lists
what FHIR has no place for; ``check_bindings(bundle)`` checks the codes that FHIR R4 requires.
"""

from osteon.exchange.fhir_out.bindings import BindingProblem, check_bindings
from osteon.exchange.fhir_out.bundle import export_fhir, fhir_bundle
from osteon.exchange.fhir_out.carried import NotCarried, not_carried

__all__ = ["BindingProblem", "NotCarried", "check_bindings", "export_fhir", "fhir_bundle", "not_carried"]
