"""Asking people into a centre by a link: by e-mail, or handed over; sent again, withdrawn, answered, with an end."""
