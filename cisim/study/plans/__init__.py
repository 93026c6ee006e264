"""Plans and prices as records: what a study tries, and what `decision` reckons with."""
