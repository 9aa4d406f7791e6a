"""Calls: how they are placed, played, listened to and reported on, step by step."""
