"""Chaos: the whole service in real processes, everything in it killed, and then the books compared.

docs/chaos.md says what is killed, what is counted and what is not covered.
"""
