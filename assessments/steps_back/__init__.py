"""Steps back in the life of a unit: returned, withdrawn, reopened, each with a reason."""
