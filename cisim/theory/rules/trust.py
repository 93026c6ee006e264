"""Trust: kept and broken promises, and what remains of trust without contact.

Kept n⁺ and broken n⁻ contacts give `T ← 1 − (1 − T)(1 − gain)^n⁺`, then `T ← T (1 − loss)^n⁻`.
Fixed point for small rates: `p·gain / (p·gain + (1 − p)·loss)`, p = chance that a contact is kept.
Unused trust relaxes to the mean of the other's reputation and the own propensity to trust; the
propensity drifts around its own level as an AR(1).

Source: direction of the asymmetry, Slovic 1993; persistence and spread, Berardo & Scholz 2010; form of
the update, assumption.
"""

from __future__ import annotations

from typing import Any

from cisim.theory.rules.shapes import logistic


def kept_probability(agreement: float, other_engagement: float, help_received: float, p: Any) -> float:
    """Chance that a contact keeps its promise: logistic in agreement, the other's engagement, help."""
    logit = (
        p.kept_base
        + p.kept_by_agreement * agreement
        + p.kept_by_engagement * other_engagement
        + p.kept_by_help * help_received
    )
    return logistic(logit)


def power(x: float, n: int) -> float:
    """x to a whole power, by repeated products (the same in both engines)."""
    result = 1.0
    for _ in range(n):
        result *= x
    return result


def kept_contacts(contacts: int, chance: float, u: float) -> int:
    """Binomial count of kept contacts, by inversion of the uniform draw u, from the rarer side."""
    rare = min(chance, 1.0 - chance)
    count = 0
    mass = power(1.0 - rare, contacts)
    cumulative = mass
    while u > cumulative and count < contacts:
        mass = mass * rare * (contacts - count) / ((count + 1) * (1.0 - rare))
        cumulative += mass
        count += 1
    return contacts - count if chance > 0.5 else count


def updated(trust: float, kept: int, broken: int, gain: float, loss: float) -> float:
    """Trust after kept and broken contacts; stays in [0, 1]."""
    return (1.0 - (1.0 - trust) * power(1.0 - gain, kept)) * power(1.0 - loss, broken)


def asymmetric(trust: float, kept: int, broken: int, p: Any) -> float:
    """Trust builds slowly and is lost quickly: loss = `trust_loss_ratio` × gain, at most 1."""
    return updated(trust, kept, broken, p.trust_gain, min(1.0, p.trust_gain * p.trust_loss_ratio))


def symmetric(trust: float, kept: int, broken: int, p: Any) -> float:
    """Trust is won and lost at the same rate; fixed point: the chance that a contact is kept."""
    return updated(trust, kept, broken, p.trust_gain, p.trust_gain)


def prior_trust(reputation: float, propensity: float) -> float:
    """Trust without experience: mean of the other's reputation and the own propensity."""
    return 0.5 * (reputation + propensity)


def relax(trust: float, prior: float, silence: float, p: Any) -> float:
    """Trust moves to its prior at `trust_relaxation` × the chance that no contact happened."""
    return trust + p.trust_relaxation * silence * (prior - trust)


def drift(propensity: float, level: float, z: float, p: Any) -> float:
    """AR(1) of the propensity around its level, z a standard normal draw; clipped to [0, 1].

    Stationary SD (unclipped): propensity_shock / √(1 − propensity_persistence²).
    """
    moved = level + p.propensity_persistence * (propensity - level) + p.propensity_shock * z
    return min(1.0, max(0.0, moved))


def next_collaboration(
    collaboration: float, closeness: float, trust: float, shared: float, u: float, p: Any
) -> float:
    """Joint work after a month in which it may deepen or go back by one level (a third). Stays in [0, 1].

    It deepens with chance `joint_start` · closeness · mutual trust · (1 + shared) / 2, and goes back with chance
    `joint_end`; u is the uniform draw of both. In the long run the odds of neighbouring levels are their ratio.
    """
    deeper = p.joint_start * closeness * trust * 0.5 * (1.0 + shared)
    if u < deeper:
        return min(1.0, collaboration + 1.0 / 3.0)
    return max(0.0, collaboration - 1.0 / 3.0) if u > 1.0 - p.joint_end else collaboration


RULES = {
    "kept_probability": kept_probability,
    "kept_contacts": kept_contacts,
    "prior_trust": prior_trust,
    "relax": relax,
    "drift": drift,
    "next_collaboration": next_collaboration,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {
    "trust": {"asymmetric": {"trust": asymmetric}, "symmetric": {"trust": symmetric}}
}
SOURCES: dict[str, str] = {"berardo2010": "persistence and spread of trust"}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {
    ("trust", "asymmetric"): {"slovic1993": "trust is lost faster than it is won"}
}
