"""What people are told of: in the site at once, and by e-mail as each of them chooses."""
