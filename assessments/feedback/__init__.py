"""Feedback: what an assessor says to the candidate of a unit or a piece of evidence, on what is met as well."""
