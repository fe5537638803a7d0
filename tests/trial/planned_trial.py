"""A small planned trial that the tests change as they need."""

from __future__ import annotations

from osteon.trial.protocol_file import ReadProtocol, read_text

DESIGN = """
title = "A small trial"
seed = 3
years = 2
visits_months = [12, 24]

[population]
sex = "female"
ages = { youngest = 60, oldest = 70 }
years_since_menopause = { lowest = 3 }
t_score = { sites = ["total_hip", "femoral_neck"], lowest = -2.5, highest = -1.0 }

[[arms]]
name = "placebo"
therapy = "none"

[[arms]]
name = "tablets"
therapy = "alendronate"
dropout_per_year = 0.2
adherence = 0.8

[[endpoints]]
measure = "surrogate"

[analysis]
lost_per_year = 0.1
"""

CELLS = """
[[arms]]
name = "cells"
therapy = "msc_marrow"
cells = { infusions = 4, interval_days = 90 }
"""


def design(*changes: tuple[str, str], cells: bool = False) -> ReadProtocol:
    """The small trial with texts replaced, each of which must be there."""
    text = DESIGN.replace("[[endpoints]]", f"{CELLS}\n[[endpoints]]", 1) if cells else DESIGN
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return ReadProtocol(read_text(text.encode(), "design.toml"), "0" * 64)
