"""The tables of verification. Other apps import them from here."""
