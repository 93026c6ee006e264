"""What is kept: a store that loses nothing, and the ways to read it."""
