"""The patient's words: easy to read, and no term left unexplained.

The measure is the Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others
1975), where grade 7 is a reader of about twelve. Syllables are counted by groups of vowels. The names of medicines,
which nobody can shorten and which the page explains, count two syllables each; a number counts one. Fragments of
fewer than four words, such as headings and labels, are not counted as sentences: they would flatter the measure.

Left out, because they may not be rewritten: the label of the record, the notices that licences ask for, the model's
statement (marked "for your doctor") and the list of sources.
"""

from __future__ import annotations

import re

import pytest

from osteon.care.result import Standing
from osteon.care.wording import fill
from osteon.densitometry.result import Diagnosis
from osteon.evidence import THERAPIES
from osteon.person import Person
from osteon.report import build_report
from osteon.report.patient import patient_view, plain_text
from osteon.report.plain import DIAGNOSIS_WORDS, GLOSSARY, HARM_WORDS, QUESTIONS, STANDING_WORDS, THERAPY_WORDS

from .fixtures import FULL_REPORT, MINIMAL_REPORT, YOUNG_MAN_REPORT

HARDEST_GRADE = 7.0
LONGEST_SENTENCE = 25
MEDICINES = {
    name for name, one in THERAPIES.items() if one.group in ("antiresorptive", "anabolic") and name != "hormone_therapy"
}
TERMS = (  # technical words that a reader of twelve would not know
    "bone density", "bone scan", "T-score", "Z-score", "osteopenia", "osteoporosis", "g/cm²", "stem cells", "hormone",
    "menopause", "computer model", "fracture", "infusion", "vitamin D", "calcium", "range",
)  # fmt: skip
FORBIDDEN = (
    "BMD", "DXA", "antiresorptive", "anabolic", "prevalence", "interval", "median", "hypothetical",
    "major osteoporotic", "femoral", "lumbar", "contraindic", "estimand", "cohort", "placebo", "mesenchymal", "None",
    "subcutaneous", "intravenous",
)  # fmt: skip


def syllables(word: str) -> int:
    """How many syllables a word has, near enough."""
    word = word.casefold()
    if word in MEDICINES:
        return 2
    if not re.search("[a-z]", word):
        return 1
    core = re.sub(r"(?:es|ed|e)$", "", word) if not re.search(r"(?:le|ted|ded|ses|ces|ges|shes|ches)$", word) else word
    hiatus = len(re.findall(r"(?<![tscg])i[ao]", core))  # osteopen-i-a, but na-tion
    return max(1, len(re.findall(r"[aeiouy]+", core)) + hiatus)


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence of four words and more; a line end ends one too."""
    parts = re.split(r"(?<=[.!?])\s+|\n+", text)
    return [words for part in parts if len(words := re.findall(r"[\w'−-]+(?:\.\d+)?", part)) >= 4]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text."""
    found = sentences(text)
    words = [word for one in found for word in one]
    return 0.39 * len(words) / len(found) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_tells_easy_from_hard() -> None:
    easy = "The cat sat on the mat. It was warm. The dog ran to the park and back."
    hard = (
        "Antiresorptive pharmacotherapy significantly diminishes the incidence of vertebral fractures in "
        "postmenopausal individuals with densitometrically established osteoporosis."
    )
    assert grade(easy) < 2
    assert grade(hard) > 18
    assert [syllables(one) for one in ("bone", "table", "osteopenia", "breaks", "needed")] == [1, 2, 5, 1, 2]


REPORTS = {"full": FULL_REPORT, "minimal": MINIMAL_REPORT, "man": YOUNG_MAN_REPORT}


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_reads_at_about_twelve(name: str) -> None:
    text = plain_text(patient_view(REPORTS[name]))
    assert grade(text) <= HARDEST_GRADE, grade(text)


@pytest.mark.parametrize("name", REPORTS)
def test_no_sentence_is_long(name: str) -> None:
    for words in sentences(plain_text(patient_view(REPORTS[name]))):
        assert len(words) <= LONGEST_SENTENCE, " ".join(words)


@pytest.mark.parametrize("standing", ["advised", "consider", "trial", "unclear", "not now", "not suitable"])
def test_every_therapy_and_standing_reads_easily(standing: Standing) -> None:
    options = tuple(one.model_copy(update={"standing": standing}) for one in FULL_REPORT.options)
    text = plain_text(patient_view(FULL_REPORT.model_copy(update={"options": options})))
    assert grade(text) <= HARDEST_GRADE


@pytest.mark.parametrize("diagnosis", DIAGNOSIS_WORDS)
def test_every_diagnosis_reads_easily(diagnosis: Diagnosis) -> None:
    assert grade(" ".join(DIAGNOSIS_WORDS[diagnosis])) <= HARDEST_GRADE + 1.5  # two sentences: a noisy measure


@pytest.mark.parametrize("name", REPORTS)
def test_terms_on_the_page_are_explained_on_the_page(name: str) -> None:
    view = patient_view(REPORTS[name])
    text = plain_text(view)
    explained = {term for term, _ in view.glossary}
    used = {term for term in TERMS if re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE)}
    assert used <= explained


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_is_explained_that_is_not_used(name: str) -> None:
    view = patient_view(REPORTS[name])
    assert all(term.casefold() in plain_text(view).casefold() for term, _ in view.glossary)


@pytest.mark.parametrize("name", REPORTS)
def test_the_field_keeps_its_jargon_to_itself(name: str) -> None:
    text = plain_text(patient_view(REPORTS[name])).casefold()
    found = [word for word in FORBIDDEN if re.search(rf"(?<!\w){re.escape(word.casefold())}", text)]
    assert not found


def test_explanations_are_plain_themselves() -> None:
    assert grade("\n".join(GLOSSARY.values())) <= HARDEST_GRADE
    assert all(term in GLOSSARY for term in TERMS)


def test_everything_has_words() -> None:
    assert set(THERAPY_WORDS) == set(THERAPIES)
    assert len(QUESTIONS) >= 5
    assert set(STANDING_WORDS) >= {one.standing for one in FULL_REPORT.options}


def test_a_medicine_that_is_mentioned_is_described() -> None:
    view = patient_view(FULL_REPORT)
    described = {one.label.casefold() for one in (*view.choices, *view.more_needed, *view.not_now) if one.what}
    mentioned = {name for name in MEDICINES if re.search(rf"\b{name}\b", plain_text(view), re.IGNORECASE)}
    assert all(any(name in label for label in described) for name in mentioned)


def test_an_honest_word_on_stem_cells_is_always_there() -> None:
    for report in REPORTS.values():
        text = plain_text(patient_view(report))
        assert "No study has shown that stem cells make bones stronger" in text
        assert "not proven" in text.casefold()


def test_numbers_in_words_match_the_report() -> None:
    view = patient_view(FULL_REPORT)
    assert (
        "Of 100 people like you, about 7 will break a wrist, hip, spine or shoulder in the next 10 years." in view.short
    )
    assert "Fewer than 1 in 100 people like you will break a hip in the next 10 years." in view.short
    assert any("T-score is −1.8" in line for line in view.number_text)
    assert "6 % less dense (range: 10 % less dense to 2 % less dense)" in view.untreated_guess


def test_questions_that_nobody_could_remember_stay_with_the_clinician() -> None:
    long = "Which of these do you still need to know: " + "; ".join(f"thing {place}" for place in range(20)) + "?"
    asked = FULL_REPORT.model_copy(update={"questions": ("When is my next scan?", long)})
    shown = patient_view(asked).questions
    assert "When is my next scan?" in shown
    assert long not in shown


def test_each_harm_reads_easily_and_stands_beside_its_choice() -> None:
    told = {name: fill(words) for name, words in HARM_WORDS.items()}
    assert set(told) == {name for name, one in THERAPIES.items() if one.group not in ("none", "cell therapy")}
    assert grade("\n".join(told.values())) <= HARDEST_GRADE
    view = patient_view(FULL_REPORT)
    assert view.choices
    assert all(one.harm in told.values() for one in view.choices)


def test_a_score_without_a_density_is_not_called_unmeasured() -> None:
    record = {
        "sex": "female",
        "age_years": 61,
        "menopause_age_years": 51,
        "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}],
    }
    words = " ".join(patient_view(build_report(Person.model_validate(record))).projection_text)
    assert "did not measure" not in words
    assert "only the score" in words


def test_no_treatment_is_named_as_stopping_for_somebody_on_a_medicine() -> None:
    record = {
        "sex": "female",
        "age_years": 70,
        "menopause_age_years": 50,
        "scans": [{"date": "2026-03-02", "sites": [{"site": "total_hip", "bmd_g_cm2": 0.75, "t_score": -1.6}]}],
    }

    def lead(therapy: str) -> str:
        one = Person.model_validate({**record, "treatments": [{"therapy": therapy, "start": "2020-11-10"}]})
        return patient_view(build_report(one)).untreated_lead

    assert "not safe" in lead("denosumab")
    assert lead("alendronate") == "First, what if you ended alendronate now?"
    assert lead("calcium_vitamin_d") == "First, with no treatment."


def test_a_medicine_that_no_longer_suits_is_not_for_the_patient_to_stop() -> None:
    record = {
        "sex": "female",
        "age_years": 70,
        "menopause_age_years": 50,
        "labs": {"egfr_ml_min": 25},
        "treatments": [{"therapy": "alendronate", "start": "2022-11-10"}],
        "scans": [{"date": "2026-03-02", "sites": [{"site": "total_hip", "t_score": -2.6}]}],
    }
    told = [
        one for one in patient_view(build_report(Person.model_validate(record))).not_now if "lendronate" in one.label
    ]
    assert any("do not stop on your own" in one.reason for one in told)
