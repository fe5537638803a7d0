"""The simulation engine: fixed-step integration with exact dosing, over many people at once."""
