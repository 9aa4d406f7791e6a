"""Invented people for the demo: where their import files are."""

from pathlib import Path

SAMPLE_CASES = Path(__file__).with_name("sample_cases.csv")
SAMPLE_MISSED_CALLS = Path(__file__).with_name("sample_missed_calls.csv")
SAMPLE_STAFF = Path(__file__).with_name("sample_staff.csv")
