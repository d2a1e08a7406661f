"""The page of a unit in a portfolio."""
