"""Therapies as doses: one short file a drug, and the grammar in which a regimen is written."""
