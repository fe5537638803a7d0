"""What an exported model says about itself: units of its parameters, plain words, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from osteon.evidence.loader import row, source
from osteon.exchange.sbml.equations import Quantity
from osteon.exchange.sbml.units import DIMENSIONLESS, YEAR, Unit, read_unit
from osteon.twin.engine.model import Model

TRAIT_UNITS: Mapping[str, Unit] = MappingProxyType({"menopause_age": YEAR})
"""Units of what describes a person; every other trait is a pure number."""

CELL_ONTOLOGY: Mapping[str, str] = MappingProxyType(
    {
        "osteoblasts": "https://identifiers.org/CL:0000062",
        "osteocytes": "https://identifiers.org/CL:0000137",
        "osteoclasts": "https://identifiers.org/CL:0000092",
        "sclerostin": "https://identifiers.org/uniprot:Q9BQB4",
    }
)
"""Terms of the Cell Ontology and of UniProt for states that have one."""

HUMAN = "https://identifiers.org/taxonomy:9606"


@dataclass(frozen=True, slots=True)
class Described:
    """A parameter's unit and meaning."""

    unit: Unit
    meaning: str


@dataclass(frozen=True, slots=True)
class About:
    """What the document says about a model.

    Attributes
    ----------
    title
        Name of the model.
    paragraphs
        What it is and what it is not.
    described_by, derived_from
        Addresses of the publications that describe it, or from which it was developed.
    quantities
        Numbers of its equations that have a unit where they multiply or divide.
    """

    title: str
    paragraphs: tuple[str, ...]
    described_by: tuple[str, ...]
    derived_from: tuple[str, ...]
    quantities: Mapping[float, Quantity]


def publication() -> str:
    """The address of the publication of the reference model, as an identifier of its DOI."""
    return source("joerg2022").link.replace("https://doi.org/", "https://identifiers.org/doi:")


def about(model: Model) -> About:
    """The description of one of the two models."""
    return _reference() if model.name == "reference" else _own()


REFERENCE_IS = (
    "Cells that form and remove bone, driven by oestrogen and by five medicines. It reproduces the averages of "
    "published trials in women of about 60 to 80. BMD is relative to the untreated value at age 25; the markers (p1np, "
    "bsap, ctx) mean something only as a ratio to the start of treatment."
)
REFERENCE_IS_NOT = (
    "What it is not: a prediction for one person, or a basis for a treatment decision. It knows no men, no spine or "
    "femoral neck, no differences between people. The markers follow trials only roughly."
)
OWN_IS = (
    "What it is: a model of bone remodelling at the lumbar spine, total hip and femoral neck in women and men, "
    "calibrated on published results (see docs/osteon-model.md in the Osteon repository). BMD is relative to the "
    "person's peak bone mass; ctx, p1np and bsap are relative to a healthy adult of 20."
)
OWN_IS_NOT = (
    "What it is not: a prediction for one person, or a basis for a treatment decision. It gives the average of people "
    "with these traits; how far it can be trusted for each therapy is stated in the documentation."
)
CELLS = (
    "Cell therapy is hypothetical: no cell therapy has been shown to raise bone density in people. The effect sizes "
    "msc_commitment, msc_activity, msc_inflammation and msc_vascular are 0 unless somebody sets them."
)


def _reference() -> About:
    from osteon.twin.reference.joerg2022 import REFERENCE_AGE_YEARS

    is_this = f"What it is: the model of bone remodelling that was published as {source('joerg2022')}. {REFERENCE_IS}"
    age = Quantity("reference_age", YEAR, "Age at which relative BMD is 1 without treatment")
    return About(
        title="Reference bone model: women, total hip (Jörg and colleagues 2022), as reproduced by Osteon",
        paragraphs=(is_this, REFERENCE_IS_NOT),
        described_by=(publication(),),
        derived_from=(),
        quantities={REFERENCE_AGE_YEARS: age},
    )


def _own() -> About:
    return About(
        title="Osteon's bone model: women and men, three sites",
        paragraphs=(OWN_IS, OWN_IS_NOT, CELLS),
        described_by=(),
        derived_from=(publication(),),
        quantities={},
    )


def describe_parameters(model: Model) -> Mapping[str, Described]:
    """Unit and meaning of every parameter of a model, from the evidence."""
    if model.name == "reference":
        rows = {name: row(f"joerg2022.{name}") for name in model.parameters}
        return {name: Described(read_unit(one.unit), one.note.split(";")[0]) for name, one in rows.items()}
    from osteon.twin.osteon_model.parameters import priors

    known = priors()
    return {
        name: Described(read_unit(known[name].unit), known[name].meaning)
        if name in known
        else Described(TRAIT_UNITS.get(name, DIMENSIONLESS), f"Trait of the person: {name.replace('_', ' ')}")
        for name in model.parameters
    }
