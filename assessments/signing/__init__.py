"""Signing a unit: the document that is frozen, the rules of each stage, the page with the password."""
