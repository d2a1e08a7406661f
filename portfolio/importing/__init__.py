"""Importing people, registrations and allocations from a spreadsheet."""
