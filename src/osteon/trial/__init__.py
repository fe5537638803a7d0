"""Virtual trials: the published design, virtual women who fit it, and what the models say would have happened.

``designs`` holds three published trials in osteopenia, ``people`` draws the women, ``run`` follows them in every arm,
``cox`` estimates the hazard ratio, ``result`` is what comes out. ``python -m osteon.trial`` re-runs a trial.
"""

from osteon.trial.design import Design
from osteon.trial.designs import DESIGNS
from osteon.trial.result import TrialRun
from osteon.trial.run import run_trial

__all__ = ["DESIGNS", "Design", "TrialRun", "run_trial"]
