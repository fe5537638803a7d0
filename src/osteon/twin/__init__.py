"""The bone model: equations, therapies, the engine that integrates them, and their validation."""
