"""What candidates read and sign when they begin, and the text of their centre."""
