"""Testimony: asking a witness by a link, what they give without an account, and what assessors add to it."""
