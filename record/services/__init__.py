"""The only writers of chains, events, documents, keys and checkpoints."""
