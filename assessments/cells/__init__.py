"""A cell of the grid, a piece of evidence under a criterion: the one way to claim and to judge."""
