"""Many runs: designs, runners, store. A study says what is varied, how often it is run, and what is kept."""
