"""The question bank of a centre: its own questions for each unit, offered beside what the unit wants to be known."""
