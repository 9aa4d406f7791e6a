"""Time: the clock, what is due when, and what makes it move."""
