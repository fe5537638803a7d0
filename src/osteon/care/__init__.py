"""Decisions for one person: what the sciences say together."""
