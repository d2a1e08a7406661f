"""What happened when, in a unit and in a portfolio, and the timelines that show it."""
