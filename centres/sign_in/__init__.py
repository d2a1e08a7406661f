"""Signing in: how often a password may be tried, what is kept of it, where a person is signed in, and links by mail."""
