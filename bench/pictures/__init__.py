"""The pictures of the docs: ``python -m bench.pictures`` draws them all anew."""
