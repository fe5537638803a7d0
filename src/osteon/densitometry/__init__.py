"""Densitometry: a DXA scan becomes scores, a category, and the site that decided it."""
