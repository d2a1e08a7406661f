"""A piece of evidence: adding it, looking at it, correcting and removing it."""
