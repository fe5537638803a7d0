"""What a worker does, wherever it is, and what decides its result."""

from __future__ import annotations

import importlib.metadata
import platform

from osteon import __version__
from osteon.trial.block import run_block
from osteon.trial.enrol import Share
from osteon.trial.protocol import Protocol
from osteon.trial.store import Part, pack
from osteon.twin.engine.simulate import Backend
from osteon.twin.osteon_model.parameters import nominal
from osteon.twin.personalise.parameter_draws import fingerprint


def compute(protocol: Protocol, share: Share, engine: Backend) -> Part:
    """One block, packed."""
    names = tuple(arm.name for arm in protocol.arms)
    return pack(share.block, run_block(protocol, share, engine), names)


def versions(engine: Backend) -> dict[str, str]:
    """Versions of everything that decides the numbers, and a fingerprint of the bone model's parameters."""
    libraries = ("numpy", "polars", "jax") if engine == "jax" else ("numpy", "polars")
    found = {name: importlib.metadata.version(name) for name in libraries}
    return {
        "osteon": __version__,
        "model_parameters": fingerprint(nominal()),
        "python": platform.python_version(),
        **found,
    }
