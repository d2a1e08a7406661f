"""Visits of external verifiers: opening, sampling, marking, the report and its actions."""
