"""The border: files in and out, checked and explained."""
