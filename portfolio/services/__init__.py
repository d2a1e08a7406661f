"""What several rooms save with: claims, participations, and the states and locks of units."""
