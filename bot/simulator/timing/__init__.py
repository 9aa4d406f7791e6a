"""Time: the clock, what is due when, and the course of a call as steps that wait."""
