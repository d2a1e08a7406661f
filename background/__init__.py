"""What runs behind the pages: the worker, and its daily work."""
