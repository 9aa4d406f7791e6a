"""Twilio's error numbers that several parts of the carrier use (d:api/errors).

Each other one stands where it is used, and those of the REST API in rest/errors.py.
"""

BAD_URL = 11100
RETRIEVAL_FAILED = 11200
CONNECTION_FAILED = 11205
HTTP_BROKEN = 11206
UNKNOWN_PART = 12200  # of a TwiML document
