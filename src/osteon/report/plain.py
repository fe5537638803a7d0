"""Everyday words for therapies, diagnoses and terms: what the patient's page says instead of the field's terms.

Short sentences, no number that would need a source, no promise. A test measures how hard the words are to read.
"""

from __future__ import annotations

import re

from osteon.care.result import Standing, StandingGround
from osteon.densitometry.result import Diagnosis
from osteon.evidence import TherapyName

THERAPY_WORDS: dict[TherapyName, tuple[str, str]] = {
    "none": ("No treatment", "You wait, live well, and have your bones checked again."),
    "stop_smoking": ("Stop smoking", "Smoking harms bone. Your doctor or nurse can help you to stop."),
    "less_alcohol": ("Drink less alcohol", "A lot of alcohol harms bone and makes falls more likely."),
    "exercise": (
        "Exercise",
        "Lifting weights and moving with some impact, taught well.",
    ),
    "calcium_vitamin_d": ("Calcium and vitamin D", "Bone needs both."),
    "alendronate": ("Alendronate", "A tablet. It slows the loss of bone."),
    "risedronate": ("Risedronate", "A tablet. It slows the loss of bone."),
    "ibandronate": ("Ibandronate", "A tablet, or a drip into a vein. It slows the loss of bone."),
    "zoledronate": ("Zoledronate", "A drip into a vein. It slows the loss of bone for a long time."),
    "raloxifene": ("Raloxifene", "A tablet for women after the menopause. It slows the loss of bone."),
    "bazedoxifene": ("Bazedoxifene", "A tablet for women after the menopause. It slows the loss of bone."),
    "hormone_therapy": ("Hormone therapy", "Tablets, patches or gel. They replace hormones and slow the loss of bone."),
    "denosumab": ("Denosumab", "A jab under the skin. It slows the loss of bone. You must not stop it without a plan."),
    "teriparatide": ("Teriparatide", "A small jab each day. It helps to build bone. Another medicine must follow it."),
    "abaloparatide": (
        "Abaloparatide",
        "A small jab each day. It helps to build bone. Another medicine must follow it.",
    ),
    "romosozumab": ("Romosozumab", "Jabs under the skin. They help to build bone. Another medicine must follow them."),
    "msc_marrow": ("Stem cells from bone marrow", "Not proven. Only for proper research studies."),
    "msc_adipose": ("Stem cells from fat", "Not proven. Only for proper research studies."),
    "msc_cord": ("Stem cells from the cord of a newborn", "Not proven. Only for proper research studies."),
}

_TABLET_HARM = (
    "It can burn your throat if you lie down too soon. Very rare: the jaw does not heal after dental work, or an "
    "unusual break of the thigh. Of 100,000 people, {aff.kaiser.short} had such a break in five years. With use of "
    "three years or more it was {aff.kaiser.long}."
)

HARM_WORDS: dict[str, str] = {
    "stop_smoking": "You may crave it and gain weight for some weeks.",
    "less_alcohol": "If you drink a lot each day, get help to stop. Stopping alone can be unsafe.",
    "exercise": "Sore muscles. If your spine is weak, let someone teach you how to lift.",
    "calcium_vitamin_d": "Wind or hard stools. More than enough does not help.",
    "zoledronate": (
        "Fever and aches for a day or two after the first drip are common. It can harm weak kidneys, so drink enough. "
        "Very rare: the jaw does not heal after dental work. Rare: an unusual break of the thigh, mostly after years."
    ),
    "alendronate": _TABLET_HARM,
    "risedronate": _TABLET_HARM,
    "ibandronate": _TABLET_HARM,
    "denosumab": (
        "Low calcium in the blood, worst with very weak kidneys. Infections, now and then a bad one. Very rare: "
        "trouble with the jaw or the thigh. Breaks in the spine after you stop."
    ),
    "hormone_therapy": (
        "Clots in the leg or lung. The type with two hormones gave {whi_ept.stroke.treated} strokes in 10,000 women a "
        "year, and {whi_ept.stroke.placebo} came without it. That type also gave more breast cancer and heart attacks. "
        "The women were 63 on average."
    ),
    "raloxifene": "Clots in the leg, lung or eye. More women with a weak heart died of a stroke.",
    "bazedoxifene": "Clots: {bza.clot_rr_first_year:.1f} times as many in the first year.",
    "teriparatide": "Sore joints. Feeling sick, or dizzy when you stand up. High calcium. Kidney stones.",
    "abaloparatide": "Feeling sick, or dizzy when you stand up. A fast heartbeat. High calcium. Kidney stones.",
    "romosozumab": (
        "In one study more people had a heart attack or a stroke. In the other study they did not. Low calcium. Very "
        "rare: trouble with the jaw or the thigh."
    ),
}
"""The harms of the evidence cards in everyday words; numbers in braces are rows of the evidence."""


def harm_rows(therapy: str) -> tuple[str, ...]:
    """The evidence rows behind the numbers in the words on harms."""
    return tuple(re.findall(r"\{([\w.]+)\}", HARM_WORDS.get(therapy, "")))


KIDNEY_WORDS: dict[str, str] = {
    "denosumab": (
        "Your kidneys are weak, so the calcium in your blood could fall very low. Only with a specialist, and with a "
        "blood test each week at first. The drugs that should come after it are not for weak kidneys, so ask first how "
        "it could end."
    ),
    "romosozumab": "Your kidneys are weak, so the calcium in your blood must be watched closely.",
    "bazedoxifene": "Few people with weak kidneys like yours have been studied. See a specialist first.",
}
"""What the labels ask for when the kidneys are weak, of the medicines that they do not bar (``drug_cautions.csv``)."""

STANDING_WORDS: dict[Standing, str] = {
    "advised": "Advised for people like you",
    "consider": "Worth talking about",
    "trial": "Worth talking about",
    "unclear": "We need to know more first",
    "not now": "Not needed now",
    "not suitable": "Not right for you as things stand",
    "baseline": "To compare with",
    "experimental": "Not proven",
}

TAKEN_WORDS = "You take it now"

DIAGNOSIS_WORDS: dict[Diagnosis, tuple[str, str]] = {
    "normal": (
        "Your bone density is normal.",
        "Keep up what is good for your bones: move, eat well, do not smoke.",
    ),
    "osteopenia": (
        "You have osteopenia. This means that your bones are less dense than those of a young adult.",
        "It is not osteoporosis. Many people over 50 have it. It is a reason to look at your risks and what to do.",
    ),
    "osteoporosis": (
        "Your bone density is in the range called osteoporosis. Your bones have become thin.",
        "A break is more likely. There are good treatments. Talk about them soon.",
    ),
    "below-expected-for-age": (
        "Your bone density is lower than we expect at your age.",
        "There may be a cause that can be found and treated. Your doctor can look for it.",
    ),
    "within-expected-for-age": (
        "Your bone density is as we expect at your age.",
        "Keep up what is good for your bones: move, eat well, do not smoke.",
    ),
    "undetermined": (
        "Your scan does not tell us enough to name your bone health.",
        "Ask which part of the scan is missing, and if it should be done again.",
    ),
}

IN_DOUBT = {
    "printed": (
        "Two numbers of your scan do not fit each other. One may be a slip, or your clinic may have compared you with "
        "another group of people. We went by the T-score on your report. Ask the clinic which it is."
    ),
    "density": (
        "Two numbers of your scan do not fit each other, so one of them must be a slip. We went by the bone density, "
        "not by the T-score on your report. Ask the clinic to check both before you decide anything."
    ),
}
"""What a patient is told when the printed T-score and the bone density contradict each other."""

BY_THIS_SCAN = (
    "By this scan, your bone density is in the range called osteopenia. It is less than that of a young adult, but it "
    "is not in the range of osteoporosis."
)
"""What osteopenia is called where something on record counts for more than the scan."""

GROUND_WORDS: dict[StandingGround, str] = {
    "earlier scan": "An earlier scan of yours was in the range of osteoporosis. That still counts.",
    "fracture": "You have broken a hip or a bone in your spine in a small fall. That counts for more than the scan.",
    "fracture and low density": (
        "You have broken a wrist or shoulder in a small fall, and your scan is low. Some guides for doctors call the "
        "two together osteoporosis."
    ),
    "risk": "Your risk of a break is high. That counts beside the scan. Some guides for doctors call it osteoporosis.",
}

GLOSSARY: dict[str, str] = {
    "alendronate": "A medicine that slows the loss of bone.",
    "bone density": "How much mineral is packed into your bone. It is one part of how strong the bone is.",
    "bone scan": "A quick X-ray test that measures bone density. Doctors call it DXA.",
    "calcium": "A mineral in milk, greens and fish. Bone is made of it.",
    "g/cm²": "The unit of bone density: grams of mineral in each square centimetre of the picture.",
    "fracture": "A broken bone.",
    "hormone": "A signal that the body makes and sends around in the blood.",
    "infusion": "A drip into a vein.",
    "menopause": "The time when a woman's monthly periods end for good.",
    "osteopenia": "Bone density that is lower than that of a young adult, but not as low as osteoporosis.",
    "osteoporosis": "Bone density so low that bones break more easily.",
    "range": "We are not sure of the exact number. It most likely lies between the two numbers of the range.",
    "stem cells": "Cells that can turn into other kinds of cells.",
    "T-score": "How far your bone density is from that of a healthy young woman. Zero is the same. Minus is lower.",
    "Z-score": "How far your bone density is from that of people of your own age and sex. Minus is lower.",
    "vitamin D": "A vitamin that helps the body take up calcium. The skin makes it in the sun.",
    "computer model": "A set of sums that copies how bone changes with time. It is a guess, not a promise.",
}

QUESTIONS: tuple[str, ...] = (
    "How likely am I to break a bone? Do I have other risks that are not in this report?",
    "Which of my risks can I change?",
    "Do I need a medicine now? What if I wait?",
    "What good can each choice do for me? What harm?",
    "How long would I take it? What happens when I stop?",
    "When should my bones be checked again?",
)

LONGEST_QUESTION = 22  # words
TESTS_QUESTION = "Which tests do I still need before I choose?"
