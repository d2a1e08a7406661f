"""The policy of a centre: what its pages call people, which files it takes, and who must use a second step."""
