"""How it is run: points as worlds, engines, what is left to do, and where it is done."""
