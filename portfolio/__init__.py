"""What the candidate says: registrations, evidence, claims."""
