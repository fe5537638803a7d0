"""Fracture risk and screening: one file per published tool."""
