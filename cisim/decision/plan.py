"""A plan: what a coalition chooses over time, apart from the world in which it is tried; a study tries plans as well."""

from cisim.study.plans.plan import MOST, BudgetLine, Plan, plan_at, plan_of, plans_in

__all__ = ["MOST", "BudgetLine", "Plan", "plan_at", "plan_of", "plans_in"]
