"""Conferences: rooms, who is in them, and what is told about them."""
