"""Questions to the model, each with what was expected, what came out, and one command that does it again."""
