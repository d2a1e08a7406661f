"""The Candidate Recording Form: what stands on it (form, tables, words), its PDF, who gets it."""
