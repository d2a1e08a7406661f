"""What waits for the worker, and how long it has waited."""
