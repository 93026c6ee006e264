"""What each page asks of the studio, and what it makes of the answers."""
