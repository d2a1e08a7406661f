"""What assessors record of their own: on a form, signed as evidence, and acknowledged by the candidate."""
