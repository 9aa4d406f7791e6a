"""Figures for whoever keeps the service running: what stands in the stores, what was counted."""
