"""What templates of assessing draw with."""
