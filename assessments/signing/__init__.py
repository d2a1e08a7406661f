"""Signing a unit: what each signature does, and the page that asks for the password."""
