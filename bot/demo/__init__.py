"""The demo: the whole service on one machine, with invented people and their own phones."""
