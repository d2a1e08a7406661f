"""The pages on which a candidate says what a piece shows, and which pieces show a criterion."""
