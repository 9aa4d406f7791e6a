"""The engine: it knows no flow by name, and no flow knows it."""
