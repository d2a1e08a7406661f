"""The only writers of people, centres and roles."""
