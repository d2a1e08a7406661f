"""What must be met: frameworks, units, criteria, rules of combination."""
