"""What the awarding body says of a qualification at a centre, and what goes against it."""
