"""Candidates under 18: until when they are, and whether a guardian has consented to pictures, sound and film."""
