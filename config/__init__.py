"""Words and rules as data. A regular package, so that a stray config/ folder cannot shadow ours."""
