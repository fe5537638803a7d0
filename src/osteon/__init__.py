"""Osteon: from a bone-density scan and a history to a decision.

Importing this package is cheap on purpose: the command line must answer in under half a second.
Import the rooms that you need: ``osteon.person``, ``osteon.densitometry``, ``osteon.risk``,
``osteon.twin``, ``osteon.care``, ``osteon.report``, ``osteon.exchange``.
"""

__version__ = "0.1.0"
