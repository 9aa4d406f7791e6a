"""The REST API as twilio-python speaks it, one file per resource."""
