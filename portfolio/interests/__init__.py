"""Declared interests: who is family of a candidate, does business with them, or manages them at work."""
