"""The best plan under a budget: a noisy search with common random numbers, and an honest figure from fresh worlds.

problem = Problem.read("twenty-five-partners")
best = optimize(problem)
best.plan, best.figure, best.winner.spent, best.near.ranges()
"""

from cisim.decision.optimize.frontier import Frontier, frontier
from cisim.decision.optimize.optimum import Optimum, optimize
from cisim.decision.optimize.problem import Effort, Problem, problem_names

__all__ = ["Effort", "Frontier", "Optimum", "Problem", "frontier", "optimize", "problem_names"]
