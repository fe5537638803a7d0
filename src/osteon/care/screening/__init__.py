"""Who should be screened: what each body says, country by country, for one person, with or without a scan.

``screen(person)`` gathers the bodies' answers (never merged), the tools that they name with this person's scores, the
signs of silent disease, when to image the spine, and when to look again. The parts, each a short file: ``rules`` (the
tables), ``facts`` (the phrases), ``opinions`` (a body's answer), ``tools``, ``signs``, ``spine``, ``result``.
"""

from osteon.care.screening.assemble import screen
from osteon.care.screening.result import BodyOpinion, NamedTool, Screening, Sign, SpineImaging
from osteon.care.screening.rules import countries

__all__ = ["BodyOpinion", "NamedTool", "Screening", "Sign", "SpineImaging", "countries", "screen"]
