"""The policy of a centre: what its pages call people, which files it takes and how much of them."""
