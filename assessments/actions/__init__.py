"""Actions: who does what by when; their answers; and feedback on what is met as well."""
