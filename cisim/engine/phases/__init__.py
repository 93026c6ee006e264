"""The phases of the month over arrays, one a file; `kernel` walks them, `compilation` compiles them.

The functions are plain Python. Nothing here decides anything: it gathers numbers, calls a rule, and writes
the answer. Sums run in the order of rows and ties, as they do in the agents.

s: State; p: parameters; at: (seed, replicate, month); rules: bound by `compilation`.
"""
