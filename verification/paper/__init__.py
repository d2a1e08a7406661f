"""What can be printed in a centre: blank forms for a hand, and lists."""
