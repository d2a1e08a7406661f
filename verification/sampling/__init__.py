"""Sampling: the policy of a centre, the plan that follows from it, the board, what was looked at, and figures."""
