"""Who is there: users, centres, roles, and who may do what; backups of the whole installation."""
