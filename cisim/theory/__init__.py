"""What we believe: parameters, sources, state, rules, the order of a month, measures."""
