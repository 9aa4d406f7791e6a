"""The demo: the whole service on one machine, with invented people and a phone network of its own."""
