"""Registering candidates, choosing their units, and who assesses and verifies them."""
