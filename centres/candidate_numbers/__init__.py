"""Accounts of candidates who have no e-mail address: they sign in with a number, and come in by a one-time code."""
