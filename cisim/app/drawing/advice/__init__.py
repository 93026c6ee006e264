"""Answers to the questions of the Desk: `cisim.decision` asked, and its answers as plain data to draw.

`asked` makes a question of a session, `answering` answers one, `working` does so in a process of its own, and `adviser`
is the service that lets a few such processes run for all visitors.
"""
