"""What verifiers record besides samples: interviews with candidates, observations of assessors, and meetings."""
