"""Bring a snapshot of registered studies up to date from the ClinicalTrials.gov v2 interface."""

from osteon.exchange.registry.client import DEFAULT_SERVER, RegistryError
from osteon.exchange.registry.update import UpdateResult, update_snapshot

__all__ = ["DEFAULT_SERVER", "RegistryError", "UpdateResult", "update_snapshot"]
