"""From a template to a PDF, completely or not at all; without tables."""
