"""The Candidate Recording Form: what is on it (form, tables, words), its PDF, who gets it."""
