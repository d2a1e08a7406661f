"""The only writers of standards: publishing units and rules of combination."""
