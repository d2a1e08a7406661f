"""A program of its own that reads the text of a document, to be shown as plain text and tables."""
