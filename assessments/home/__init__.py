"""What each role finds on the home page: what matters is shown, the rest is counted."""
