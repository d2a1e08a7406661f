"""Certificates of staff as files: added to what is on record of them, read, and removed."""
