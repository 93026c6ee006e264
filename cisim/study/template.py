"""The study file that `cisim study new` writes: it runs as it is, and says what else could stand in it."""

__all__ = ["TEMPLATE"]

TEMPLATE = """\
# A study: many runs from one file. Say what it would do:  cisim study check NAME.toml
#                                   Run it:                 cisim study run NAME.toml --out NAME
format = 1
name = "NAME"                # small letters, digits, hyphens
title = "Backbone staff and shared measurement"
description = \"\"\"
What you want to know, and what you expect before you look.
\"\"\"

base = "collective-impact"   # a preset (cisim presets), or a scenario's TOML file, relative to this file
# posterior = "draws.csv"    # draws of parameters for every scenario: replicate r has draw r (cisim run --posterior)
# prices = "prices.toml"     # of what plans cost, beside a factor "plan" (cisim prices --out prices.toml)
# months = 120               # horizon; default: the base scenario's
replicates = 10              # worlds in which each point is run; replicate 3 is the same world at every point
seed = 1                     # 0 to 4294967295; another seed, other worlds

# engine = "mesa"            # one Mesa model a run (slow), needed for a model of your own:
# model = "my_model.py:MyCoalition"
# own_rules = { relax = "my_rules.py:relax" }   # own rule functions, compiled unless engine = "mesa"

# Every declared number as a factor, in its declared range:
# every = ["uncertainties"]  # or ["levers"], or both

# --- how points are laid out ------------------------------------------------------------------------------
[design]
kind = "sobol"               # a Sobol sequence: even cover, and more points later keep the first ones
points = 64                  # a power of two
seed = 0                     # of the design; apart from the seed of the runs
# kind = "grid"              # every combination of levels; continuous factors need steps or levels
# kind = "zip"               # first levels together, second levels together, ...
# kind = "latin-hypercube"   # points = 100
# kind = "random"            # points = 100
# kind = "saltelli"          # points = 1024: for Sobol indices (cisim study sensitivity)
# kind = "morris"            # trajectories = 20, levels = 4: a first look at many factors
# kind = "one-at-a-time"     # the base, then one factor at a time
# kind = "table"             # table = "points.csv": a column for each factor (CSV or Parquet)

# --- what is varied ---------------------------------------------------------------------------------------
# Any name of: cisim study names SCENARIO
[[factor]]
name = "backbone_staff"      # a lever or a parameter; without low and high: its declared range
low = 0
high = 6

[[factor]]
name = "measurement"
levels = [0, 0.5, 1]         # or a list of values

[[factor]]
name = "trust"               # a rule choice; without levels: all its variants
levels = ["asymmetric", "symmetric"]

[[factor]]
name = "trust_loss_ratio"
low = 1
high = 4
when = { trust = "asymmetric" }   # a factor that makes sense only under another: no value elsewhere
# integer = true             # whole numbers only
# scale = "log"              # evenly spread in its logarithm
# steps = 5                  # levels between low and high, for grid, zip and one-at-a-time

# Other factors: "plan" (levels: presets, or files of plans, in place of levers; then: cisim compare DIR), "scenario"
# (levels: presets, or files of imported coalitions), "condition.backbone" (true or false), "event.funder-leaves" (true
# or false), "event.funder-leaves.month", "roster.count", ...

# --- what is kept of each run -----------------------------------------------------------------------------
[keep]
measures = ["severity", "contribution", "trust_in_contacts"]   # cisim measures
months = [36, 60, 120]       # or "all"; default: the last month

[[summary]]                  # one number for the whole course
name = "months_to_target"
take = "months-to-target"    # also: first-month (with at_most or at_least), mean, least, most, change

[[summary]]
name = "mean_engagement"
take = "mean"
measure = "engagement"
"""
