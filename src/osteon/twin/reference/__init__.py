"""Published models, reproduced as they were printed."""
