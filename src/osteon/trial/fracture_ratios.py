"""Hazard ratios of people as they were randomised, from the table of first fractures."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from osteon.trial.cox import hazard_ratio
from osteon.trial.events import PARTS
from osteon.trial.outcome import HazardRatioFound
from osteon.trial.protocol import Protocol
from osteon.trial.store import parquet_library
from osteon.trial.worlds import spread_over_worlds


def fracture_ratios(protocol: Protocol, table: Path) -> dict[tuple[int, int], HazardRatioFound]:
    """By endpoint and arm; none where an arm met no such fracture, or where its people are spread over a prior."""
    if not protocol.fractures:
        return {}
    polars = parquet_library()
    rows = polars.scan_parquet(table).filter(polars.col("randomised")).drop("person", "randomised").collect()
    arms = {name: rows.filter(polars.col("arm") == name) for name in (one.name for one in protocol.arms)}
    found = {}
    for number, endpoint in enumerate(protocol.endpoints):
        if endpoint.fracture is None:
            continue
        seen = {}
        for name, one in arms.items():
            first = np.min(
                [one[f"{part}_years"].fill_null(np.inf).to_numpy() for part in PARTS[endpoint.fracture]], axis=0
            )
            end = one["followed_years"].to_numpy()
            seen[name] = (np.minimum(first, end), first <= end)
        control = seen[protocol.arms[protocol.control].name]
        for arm in protocol.actives:
            active = seen[protocol.arms[arm].name]
            if spread_over_worlds(protocol, arm) or not (control[1].any() and active[1].any()):
                continue
            one_ratio = hazard_ratio(
                np.concatenate([control[0], active[0]]),
                np.concatenate([control[1], active[1]]),
                np.repeat([False, True], [control[0].size, active[0].size]),
                protocol.level,
            )
            found[number, arm] = HazardRatioFound(
                ratio=one_ratio.ratio,
                low=one_ratio.low,
                high=one_ratio.high,
                level=protocol.level,
                control_fractures=one_ratio.control_events,
                active_fractures=one_ratio.treated_events,
            )
    return found
