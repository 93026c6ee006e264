"""What to do: plans with prices tried in the same worlds, compared, forked, searched for, and reported."""
