"""Files of evidence: what they are, how they arrive, are kept, drawn and handed out."""
