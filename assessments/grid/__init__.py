"""The grid of a unit: evidence down, criteria across."""
