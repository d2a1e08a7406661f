"""The pages on which an assessor judges the claims of a piece, and states the musts that have no letter."""
