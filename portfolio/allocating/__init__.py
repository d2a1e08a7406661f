"""Allocating many units at once, and handing over all that one person works on."""
