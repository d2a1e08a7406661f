"""The demo: a made-up centre, told as stories and played through the services, day by day."""
