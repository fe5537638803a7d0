"""Virtual trials: published ones re-run beside what they printed, and planned ones from a design file.

**Published.** ``designs`` holds three trials in osteopenia, ``people`` draws the women, ``run`` follows them in every
arm, ``cox`` estimates the hazard ratio, ``result`` is what comes out. ``python -m osteon.trial`` re-runs a trial.

**Planned.** ``protocol`` is a design and ``protocol_file`` reads it; ``enrol`` draws who fits, with untreated ``lives``
from a table; ``courses`` and ``worlds`` say what each is given and what is believed of cells; ``follow`` takes them
through an arm, ``block`` through all of them; ``execute`` runs blocks into the folder of ``store``; ``estimates`` and
``summarise`` make the ``outcome``. ``pool`` and ``power`` draw trials of any size; ``candidates`` and ``optimise``
search.
"""

from osteon.trial.design import Design
from osteon.trial.designs import DESIGNS
from osteon.trial.execute import run_protocol
from osteon.trial.optimise import optimise_trial
from osteon.trial.outcome import TrialSummary
from osteon.trial.power import trial_power
from osteon.trial.protocol import Protocol
from osteon.trial.protocol_file import read_protocol
from osteon.trial.result import TrialRun
from osteon.trial.run import run_trial

__all__ = [
    "DESIGNS",
    "Design",
    "Protocol",
    "TrialRun",
    "TrialSummary",
    "optimise_trial",
    "read_protocol",
    "run_protocol",
    "run_trial",
    "trial_power",
]
