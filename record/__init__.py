"""What happened and cannot be unsaid: chains, events, keys, canonical documents."""
