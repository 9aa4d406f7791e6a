"""TwiML as it is read: what may stand where, with which values, and what is wrong with it."""
