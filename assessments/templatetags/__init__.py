"""Template tags that draw pictures."""
