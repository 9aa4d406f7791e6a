"""Twilio's words, and nowhere else: what it posts, what it is answered, what is asked of it."""
