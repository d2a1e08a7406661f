"""Printing many forms at once: choosing them, the job in the background, and the file that comes of it."""
