"""How much each risk factor matters for one person, from Osteon's own models.

``fracture`` asks the open fracture model with and without a factor; ``bone`` asks the bone model what ten more years
of it do to the hip.
"""

from osteon.care.factor_size.sizes import with_sizes

__all__ = ["with_sizes"]
