"""What we learn from tables of results. Nothing here starts a run."""
