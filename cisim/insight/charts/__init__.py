"""Figures of what was learnt: each file draws the results of the file of the same name in `insight`."""
