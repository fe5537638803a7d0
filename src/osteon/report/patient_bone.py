"""What the patient reads of the scan: the diagnosis in plain words, and the number behind it."""

from __future__ import annotations

from osteon.report.plain import BY_THIS_SCAN, DIAGNOSIS_WORDS, GROUND_WORDS, IN_DOUBT
from osteon.report.result import Report
from osteon.report.words import PLAIN_SITES, score


def diagnosis_words(report: Report) -> tuple[str, ...]:
    """What the diagnosis by density means; it does not say "not osteoporosis" where something counts for more."""
    words = DIAGNOSIS_WORDS[report.densitometry.diagnosis]
    return (BY_THIS_SCAN,) if report.standing_diagnosis and report.densitometry.diagnosis == "osteopenia" else words


def ground_words(report: Report) -> list[str]:
    """Why osteoporosis stands beside the density, each ground once."""
    return list(dict.fromkeys(GROUND_WORDS[one.ground] for one in report.standing_diagnosis))


def number_text(report: Report) -> tuple[str, ...]:
    """The diagnosis, and the score at the site that decides it, with what a score is."""
    densitometry = report.densitometry
    lines = [*diagnosis_words(report), *ground_words(report)]
    if densitometry.rule == "T-score" and densitometry.deciding_site is not None:
        where = PLAIN_SITES[densitometry.deciding_site].lower()
        lines.append(
            f"Your lowest T-score is {score(densitometry.lowest_t_score)}, at the {where}. A T-score compares your "
            "bone with that of a healthy young woman. Zero is the same as hers. Minus means less dense."
        )
        if densitometry.in_doubt is not None:
            lines.append(IN_DOUBT[densitometry.in_doubt])
    elif densitometry.rule == "Z-score":
        lines.append(
            "At your age we use the Z-score. It compares your bone with that of people of your own age and sex."
        )
        if densitometry.deciding_site is not None:
            where = PLAIN_SITES[densitometry.deciding_site].lower()
            lines.append(f"Your lowest Z-score is {score(densitometry.lowest_z_score)}, at the {where}.")
    if report.densitometry.diagnosis == "osteopenia":
        lines.append("The number alone does not say if you will break a bone. Your age, health and habits count too.")
    return tuple(lines)
