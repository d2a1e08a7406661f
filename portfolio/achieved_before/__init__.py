"""Units that a candidate achieved before: recorded with what shows them, checked by an assessor, taken back."""
