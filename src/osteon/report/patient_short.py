"""The report in a few plain sentences: what a patient reads first, and a clinician is to tell."""

from __future__ import annotations

import math

from osteon.person import old_scan_years
from osteon.report.advised import advised
from osteon.report.patient_bone import diagnosis_words, ground_words
from osteon.report.patient_risk import LOW_DENSITY, only_blind, risk_sentence
from osteon.report.result import Report
from osteon.report.risks import outlooks


def short_version(report: Report) -> tuple[str, ...]:
    """The report in a few plain sentences; the clinician's page shows them as what to tell the patient."""
    lines = [*_old_scan(report), diagnosis_words(report)[0], *ground_words(report)]
    lines += [risk_sentence(report, one) for one in outlooks(report.risk)]
    if only_blind(report) and report.densitometry.diagnosis in LOW_DENSITY:
        lines.append("That sum does not know your bone scan. Your scan is low, so your own chance may be higher.")
    lines += advised(report)
    lines.append("Stem cells are not proven to help bones like yours.")
    return tuple(lines)


def _old_scan(report: Report) -> list[str]:
    """That the scan is old and what to do about it; nothing for a recent one."""
    passed = old_scan_years(report.person)
    if passed is None:
        return []
    then = math.floor(report.person.age_years)
    old = f"This scan is {math.floor(passed)} years old. All you read here is about that time, when you were {then}."
    return [f"{old} Your bones may have changed. Ask for a new scan before you choose."]
