"""Mutants: the flows and the gate, broken by machine in every small way, and who notices.

`make mutants` runs both kinds and ends with a score. Tables of moves are altered row by row here;
functions are altered by mutmut. Whoever survives must be explained in `explained.toml`.
"""
