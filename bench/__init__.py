"""What must stay fast, measured as pairs: see bench/__main__.py."""
