"""`python -m cisim` is the command `cisim`."""

from cisim.cli import main

main()
