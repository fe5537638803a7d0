"""How people differ: traits with correlations, drawn so that the same person is the same in every batch and order."""

from osteon.twin.variability.draws import normals, uniforms
from osteon.twin.variability.population import VirtualPeople, bmd_at, draw_people
from osteon.twin.variability.sampling import pooled_bands, sampling_error
from osteon.twin.variability.survey import compare_mros, compare_nhanes

__all__ = [
    "VirtualPeople",
    "bmd_at",
    "compare_mros",
    "compare_nhanes",
    "draw_people",
    "normals",
    "pooled_bands",
    "sampling_error",
    "uniforms",
]
