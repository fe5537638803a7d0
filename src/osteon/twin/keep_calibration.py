"""Keep the outcome of a calibration: parameters as evidence rows, and draws of what it leaves open."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from osteon.errors import UsageError
from osteon.twin.osteon_model.calibrate import Calibration, write_constants
from osteon.twin.personalise.parameter_draws import DRAWS_FILE, parameter_draws, write_draws

CONSTANTS_FILE = "constants_osteon_model.csv"


def evidence_folder() -> Path:
    """The folder of the evidence rows in a source checkout.

    Raises
    ------
    UsageError
        Osteon is installed, and its rows are not to be changed in place.
    """
    folder = Path(str(files("osteon.evidence"))) / "data"
    if not (folder.parents[3] / "pyproject.toml").is_file() or folder.parents[2].name != "src":
        raise UsageError(
            "the evidence rows can be rewritten in a source checkout only",
            where="--write",
            mend="Write the parameters to a file with --out FILE",
        )
    return folder


def keep_calibration(fit: Calibration, folder: Path) -> tuple[Path, Path]:
    """Write the parameters and the draws into a folder; returns the two files."""
    constants, draws = folder / CONSTANTS_FILE, folder / DRAWS_FILE
    write_constants(fit, constants)
    return constants, keep_draws(fit, draws)


def keep_draws(fit: Calibration, path: Path) -> Path:
    """Write the draws alone: what is left open around parameters that stay as they are."""
    values = {name: float(f"{value:.10g}") for name, value in fit.values().items()}
    write_draws(parameter_draws(fit.fitted, fit.theta, fit.covariance), path, values)
    return path
