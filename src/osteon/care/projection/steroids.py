"""For how long the curves take a steroid as taken, and what the model shows when it ends after a year.

A record holds today's dose, not what is planned: the curves let it go on to their end, which nobody may overlook.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from osteon.care.projection.record import STEROID, RecordForModel, with_record
from osteon.twin.engine.model import DAYS_PER_YEAR as MODEL_DAYS
from osteon.twin.osteon_model.regimens import model_regimen
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise import Posterior
from osteon.twin.personalise.changes import project_changes

Floats = NDArray[np.float64]

ENDS_AFTER_YEARS = 1.0
"""The shorter course that is shown beside the one that goes on: a choice, long enough for most of the loss."""


def steroid_note(posterior: Posterior, record: RecordForModel, t_years: Floats) -> str:
    """What the curves assume of a steroid that goes on; empty for people without one.

    Parameters
    ----------
    posterior, record
        The personal fit, and the record as the model sees it.
    t_years
        The times of the curves; the last is their end.
    """
    going_on = next((one for one in record.going_on if one.drug == STEROID and np.isinf(one.end_day)), None)
    if going_on is None:
        return ""
    years = float(t_years[-1])
    said = (
        f"The curves take it that {going_on.amount_per_day:g} mg prednisone a day goes on unchanged to their end, for "
        f"{years:g} {'year' if years == 1 else 'years'}."
    )
    if years <= ENDS_AFTER_YEARS:
        return said
    ended = replace(going_on, end_day=ENDS_AFTER_YEARS * MODEL_DAYS)
    shorter = replace(record, going_on=tuple(ended if one is going_on else one for one in record.going_on))
    none = model_regimen("none").regimen
    paths = project_changes(posterior, [with_record(none, one) for one in (record, shorter)], np.array([0.0, years]))
    hip = 100.0 * (np.exp(np.median(paths[:, SITES.index("total_hip"), :, -1], axis=1)) - 1.0)
    return (
        f"{said} Without a medicine for bone the total hip has then changed by {_percent(hip[0])}; if the steroid "
        f"ended after {ENDS_AFTER_YEARS:g} year, by {_percent(hip[1])}. Who prescribes it decides on the dose: project "
        "again when it changes."
    )


def _percent(change: float) -> str:
    return f"{change:+.1f} %".replace("-", "\N{MINUS SIGN}")
