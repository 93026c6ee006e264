"""What is asked: a study as written, what it names, what is varied and what is kept."""
