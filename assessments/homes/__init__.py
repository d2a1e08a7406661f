"""What each role finds on the home page: what matters is shown, the rest is counted.

A file a role; `person` puts the parts of a person together, `part` says what a part is.
"""
