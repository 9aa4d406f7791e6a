"""Load: a mix of people who text and ring the service, many at once, and what came of it."""
