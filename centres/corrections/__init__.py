"""Correcting a person's name or e-mail address: what is signed keeps what it says, whatever comes later has the new."""
