"""What was opened: which files of the evidence people have looked at, before they sign."""
