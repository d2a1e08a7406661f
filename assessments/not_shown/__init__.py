"""Range items that the workplace cannot show: the assessor says so and why, the verifier agrees or does not."""
