"""What the record says about the questions that guideline rules and drug cautions ask.

Rules are written as short phrases (``woman``, ``age>=65``, ``egfr<35``, ``fracture:hip``). This module turns a
person, the densitometry and the fracture risks into answers to such phrases: true, false, or not known. A phrase
whose answer is not in the record is never assumed either way; it is named, so that somebody can look it up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from osteon.care.builder_exit import builder_ended
from osteon.care.builder_years import builder_years
from osteon.care.denosumab import denosumab_exit
from osteon.care.intake import calcium_target_mg
from osteon.care.truth import NO, YES, Truth, every, known, opposite, some
from osteon.densitometry.result import Densitometry
from osteon.evidence import value
from osteon.evidence.loader import EvidenceError
from osteon.person import Person, Site, advanced_kidney_disease, flag, takes
from osteon.person.implied import egfr_of_stage_4
from osteon.risk.result import FractureRisk

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}
_COMPARISON = re.compile(r"(?P<name>[a-z_]+)\s*(?P<sign>>=|<=|>|<)\s*(?P<limit>[-\w.]+(?:/[\d.]+)?)")

# The latest age at menopause that the record accepts; beyond it nobody needs to ask.
LATEST_MENOPAUSE_YEARS = 62

# A fracture within the past 12 months makes the risk very high (AACE 2020).
MONTHS_A_FRACTURE_IS_RECENT = 12

FRAX_MISSING = "a FRAX result (no other tool's number stands in for it)"

# Yes-or-no fields that decide whether a medicine is safe, by the word in ``safety:word``.
SAFETY: dict[str, tuple[str, str]] = {
    "oesophagus": ("oesophageal_disorder", "any disease that delays emptying of the oesophagus"),
    "upright": ("cannot_stay_upright", "whether they can sit or stand upright for at least 30 minutes"),
    "upright_hour": ("cannot_stay_upright", "whether they can sit or stand upright for an hour"),
    "clots": ("venous_clot", "any clot in a leg vein, lung or eye vein, now or before"),
    "stroke": ("stroke", "any stroke or mini-stroke"),
    "heart_attack_or_stroke": ("heart_attack_or_stroke_last_year", "any heart attack or stroke, and when"),
    "oestrogen_dependent_cancer": ("oestrogen_dependent_cancer", "cancer of the breast or womb lining, now or before"),
    "unexplained_bleeding": ("unexplained_vaginal_bleeding", "vaginal bleeding without a known cause"),
    "skeletal_radiation": ("skeletal_radiation", "radiotherapy to the skeleton"),
    "bone_cancer": ("bone_cancer", "cancer in the bones, now or before"),
    "paget_or_raised_alp": (
        "paget_or_raised_alp",
        "Paget's disease, or a raised alkaline phosphatase without a known cause",
    ),
    "migraine": ("migraine", "migraine"),
    "pregnancy": ("pregnancy", "pregnancy, or a plan to become pregnant"),
    "dental": ("dental_work_planned", "planned tooth extractions or poor dental health"),
    "symptoms_of_menopause": ("menopausal_symptoms", "troublesome symptoms of the menopause"),
}

# Yes-or-no fields of the history by the phrase that asks for them, with the words for when they are missing.
HISTORY_FLAGS: dict[str, tuple[str, str]] = {
    "parent hip fracture": ("parent_hip_fracture", "a broken hip in a parent"),
    "parent osteoporosis": ("parent_osteoporosis", "osteoporosis in a parent"),
    "inactive": ("physically_inactive", "physical activity"),
    "care home": ("care_home", "whether they live in a care home"),
    "back pain": ("back_pain", "back pain"),
    "glucocorticoids": ("glucocorticoids", "glucocorticoid use"),
    "aromatase inhibitor": ("aromatase_inhibitor", "aromatase inhibitor use"),
    "androgen deprivation": ("androgen_deprivation", "androgen deprivation"),
    "antidepressants": ("antidepressants", "antidepressant use"),
    "rheumatoid arthritis": ("rheumatoid_arthritis", "rheumatoid arthritis"),
    "lupus": ("lupus", "lupus"),
    "thyrotoxicosis": ("thyrotoxicosis", "an overactive thyroid"),
    "hyperparathyroidism": ("hyperparathyroidism", "overactive parathyroid glands"),
    "cushing": ("cushing", "Cushing's syndrome"),
    "malabsorption": ("malabsorption", "malabsorption"),
    "eating disorder": ("eating_disorder", "an eating disorder, now or before"),
    "periods absent": ("periods_absent", "whether periods have stopped for three months or more"),
    "liver disease": ("chronic_liver_disease", "chronic liver disease"),
    "kidney disease": ("chronic_kidney_disease_4_5", "advanced kidney disease"),
    "cardiovascular disease": ("cardiovascular_disease", "heart disease or stroke"),
    "lung disease": ("asthma_copd", "asthma or COPD"),
    "cancer": ("cancer", "cancer, now or before"),
    "dementia": ("dementia", "dementia"),
    "parkinsons": ("parkinsons", "Parkinson's disease"),
    "epilepsy": ("epilepsy", "epilepsy or its medicines"),
}


class Facts:
    """Answers about one person. Build it once and ask it phrases."""

    def __init__(self, person: Person, densitometry: Densitometry, risks: Iterable[FractureRisk] = ()) -> None:
        self.person = person
        self.densitometry = densitometry
        self.risks = tuple(risks)
        self._answered: dict[str, Truth] = {}

    # what was measured ----------------------------------------------------------------------------------------

    @cached_property
    def menopause(self) -> Truth:
        """Whether the menopause has passed; age settles it only beyond the latest age that the record accepts."""
        person = self.person
        if person.sex == "male":
            return NO
        if person.menopausal_status is not None:
            return Truth(person.menopausal_status == "postmenopausal")
        if person.menopause_age_years is not None or person.age_years > LATEST_MENOPAUSE_YEARS:
            return YES
        return Truth(None, ("whether the menopause has passed",))

    @property
    def before_menopause(self) -> bool:
        """Recorded so, or counted so by the Z-score rule (a woman under 50 with no menopause on record)."""
        if self.person.sex == "male":
            return False
        if self.menopause.yes is None:
            return self.densitometry.rule == "Z-score"
        return self.menopause.yes is False

    def frax(self, outcome: str) -> float | None:
        """A ten-year FRAX result that was typed in, in percent; Osteon does not compute FRAX."""
        found = [
            one.percent
            for one in self.risks
            if one.tool.casefold().startswith("frax") and one.outcome == outcome and one.horizon_years == 10
        ]
        numbers = [percent for percent in found if percent is not None]
        if not numbers and self.person.frax is not None:
            typed = {
                "major_osteoporotic": self.person.frax.major_osteoporotic_percent,
                "hip": self.person.frax.hip_percent,
            }
            return typed[outcome]
        return max(numbers, default=None)

    def number(self, name: str) -> tuple[float | None, str]:
        """A number of the record by its short name, with the words for what is missing when it is none."""
        person, labs, history = self.person, self.person.labs, self.person.history
        numbers: dict[str, tuple[float | None, str]] = {
            "age": (person.age_years, "age"),
            "bmi": (person.bmi, "height and weight"),
            "t": (self.densitometry.lowest_t_score, "a T-score"),
            "hip_t": (self._t_score_at("total_hip", "femoral_neck"), "a T-score at the hip"),
            "neck_t": (self._t_score_at("femoral_neck"), "a T-score at the femoral neck"),
            "egfr": (labs.egfr_ml_min, "kidney function (eGFR)"),
            "calcium": (labs.calcium_mmol_l, "blood calcium"),
            "vitamin_d": (labs.vitamin_d_nmol_l, "vitamin D (25-hydroxyvitamin D)"),
            "calcium_intake": (history.calcium_intake_mg_per_day, "calcium intake"),
            "alcohol": (history.alcohol_units_per_day, "alcohol intake"),
            "falls": (None if history.falls_last_year is None else float(history.falls_last_year), "falls last year"),
            "calcium_gap": (self._calcium_gap, "calcium intake"),
            "builder_years": (builder_years(person), ""),
            "abaloparatide_months": (12 * builder_years(person, ("abaloparatide",)), ""),
            "tsh": (labs.tsh_miu_l, "thyroid function (TSH)"),
            "menopause_age": (person.menopause_age_years, "age at menopause"),
            "height_loss": (history.height_loss_cm, "height loss"),
            "gc_dose": (self._glucocorticoid_dose, "glucocorticoid dose"),
            "frax_mof": (self.frax("major_osteoporotic"), FRAX_MISSING),
            "frax_hip": (self.frax("hip"), FRAX_MISSING),
            "years_since_menopause": (
                None if person.menopause_age_years is None else person.age_years - person.menopause_age_years,
                "age at menopause",
            ),
        }
        try:
            return numbers[name]
        except KeyError:
            raise EvidenceError(f"no number is called {name!r}", where="a rule's criteria") from None

    @property
    def _calcium_gap(self) -> float | None:
        intake = self.person.history.calcium_intake_mg_per_day
        return None if intake is None else calcium_target_mg(self.person) - intake

    @property
    def _glucocorticoid_dose(self) -> float | None:
        history = self.person.history
        return 0.0 if history.glucocorticoids is False else history.glucocorticoid_prednisone_mg_per_day

    def _t_score_at(self, *sites: Site) -> float | None:
        found = (one.t_score for one in self.densitometry.sites if one.site in sites)
        return min((score for score in found if score is not None), default=None)

    # phrases --------------------------------------------------------------------------------------------------

    def holds(self, criteria: str) -> Truth:
        """Whether criteria hold: phrases joined by ``and``; inside one part, alternatives joined by ``or``.

        ``a else b`` asks ``b`` only when ``a`` is not known.
        """
        if criteria not in self._answered:
            self._answered[criteria] = every(self._part(part) for part in criteria.split(" and ") if part.strip())
        return self._answered[criteria]

    def _part(self, part: str) -> Truth:
        answers = (some(self.phrase(one.strip()) for one in way.split(" or ")) for way in part.split(" else "))
        first = next(answers)
        return first if first.yes is not None else next((one for one in answers if one.yes is not None), first)

    def phrase(self, phrase: str) -> Truth:
        """The answer to one phrase.

        ``recorded x`` is no when ``x`` was not recorded, for rows that only widen what is possible.

        Raises
        ------
        EvidenceError
            The phrase is not part of the language: a slip in a table of rules.
        """
        if phrase.startswith("not "):
            return opposite(self.phrase(phrase[4:]))
        if phrase.startswith("recorded "):
            return Truth(self.phrase(phrase[9:]).yes is True)
        if (match := _COMPARISON.fullmatch(phrase)) is not None:
            return self._compare(match["name"], match["sign"], match["limit"])
        head, _, rest = phrase.partition(":")
        if rest:
            return self._named(head, rest)
        return self._flag(phrase)

    def _compare(self, name: str, sign: str, limit: str) -> Truth:
        if name == "frax":  # "frax>=20/3": major osteoporotic 20 % or hip 3 %
            major, hip = limit.split("/")
            return some((self._compare("frax_mof", sign, major), self._compare("frax_hip", sign, hip)))
        bound = float(limit) if re.fullmatch(r"-?[\d.]+", limit) else value(f"care.{name}.{limit}")
        number, missing = self.number(name)
        settles = name == "egfr" and number is None and sign == "<" and bound >= egfr_of_stage_4()
        if settles and self.phrase("kidney disease").yes:
            return YES
        return known(None if number is None else _COMPARE[sign](number, bound), missing)

    def _named(self, head: str, rest: str) -> Truth:
        history = self.person.history
        if head == "fracture":
            if history.fragility_fracture_sites:
                return Truth(bool(set(rest.split("/")) & set(history.fragility_fracture_sites)))
            if history.previous_fragility_fracture is False:
                return NO
            return Truth(None, ("which bones have broken from a minor fall",))
        if head == "on":
            names = set(rest.split("/"))
            return Truth(any(takes(self.person, one) for one in names))
        if head == "ever":
            names = set(rest.split("/"))
            return Truth(any(one.therapy in names for one in self.person.treatments))
        if head == "safety":
            field, missing = SAFETY[rest]
            return known(getattr(history, field), missing)
        raise EvidenceError(f"no phrase starts with {head!r}", where="a rule's criteria")

    def _flag(self, name: str) -> Truth:
        person, history, diagnosis = self.person, self.person.history, self.densitometry.diagnosis
        if name in ("normal", "osteopenia", "osteoporosis", "below-expected-for-age"):
            # Once made, the diagnosis persists: AACE 2020 says so of women, and the same is taken to hold for men.
            if self.densitometry.earlier_osteoporosis is not None:
                diagnosis = "osteoporosis"
            return known(None if diagnosis == "undetermined" else diagnosis == name, "a bone-density diagnosis")
        if name in HISTORY_FLAGS:
            field, missing = HISTORY_FLAGS[name]
            answer = advanced_kidney_disease(person) if name == "kidney disease" else flag(history, field)
            return known(answer, missing)
        flags: dict[str, tuple[bool | None, str]] = {
            "woman": (person.sex == "female", ""),
            "man": (person.sex == "male", ""),
            "postmenopausal": (self.menopause.yes, "whether the menopause has passed"),
            "fracture": (self._fracture, "any fracture from a minor fall"),
            "recent fracture": (self._recent_fracture, "whether a fracture fell in the past year"),
            "denosumab ended": (self._denosumab_ended, ""),
            "builder ended": (builder_ended(person) is not None, ""),
            "earlier osteoporosis": (self.densitometry.earlier_osteoporosis is not None, ""),
            "several fractures": (self._several_fractures, "the number of fractures from minor falls"),
            "type 1 diabetes": (None if history.diabetes is None else history.diabetes == "type1", "diabetes"),
            "type 2 diabetes": (None if history.diabetes is None else history.diabetes == "type2", "diabetes"),
            "former smoker": (None if history.smoking is None else history.smoking == "former", "smoking"),
            "smoker": (None if history.smoking is None else history.smoking == "current", "smoking"),
        }
        try:
            return known(*flags[name])
        except KeyError:
            raise EvidenceError(f"no phrase is called {name!r}", where="a rule's criteria") from None

    @property
    def _fracture(self) -> bool | None:
        history = self.person.history
        dated = history.months_since_last_fragility_fracture is not None
        if history.fragility_fracture_sites or dated or (history.fragility_fracture_count or 0) > 0:
            return True
        return history.previous_fragility_fracture

    @property
    def _recent_fracture(self) -> bool | None:
        months = self.person.history.months_since_last_fragility_fracture
        if months is not None:
            return months <= MONTHS_A_FRACTURE_IS_RECENT
        return False if self._fracture is False else None

    @property
    def _denosumab_ended(self) -> bool:
        """Denosumab was stopped lately and nothing that follows it is on record."""
        return bool(denosumab_exit(self.person)) and not self.phrase("on:denosumab").yes

    @property
    def _several_fractures(self) -> bool | None:
        history = self.person.history
        if history.fragility_fracture_count is not None:
            return history.fragility_fracture_count > 1
        if history.fragility_fracture_sites is not None:
            return len(history.fragility_fracture_sites) > 1
        return None if history.previous_fragility_fracture is not False else False
