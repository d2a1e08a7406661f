"""The pages on which an assessor judges the claims of a piece, and states what has no letter."""
