"""The demo centre: people of our own invention who do their work through the same services as everybody."""
