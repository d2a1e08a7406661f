"""The settings, and what belongs to the whole site; nobody imports it."""
