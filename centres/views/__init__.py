"""The pages about people, hints and the demo."""
