"""Writes the preset statewide-coalition: a synthetic network that has the figures of a real coalition."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cisim.world.network import Tie
from cisim.world.partners import BackbonePartner, Partner
from cisim.world.scenario import Citation, Scenario

PRESET = Path(__file__).parents[2] / "cisim" / "world" / "presets" / "statewide-coalition.toml"
LEAD = "lead-agency"

NEVER, QUARTERLY, MONTHLY, WEEKLY, DAILY = 0.0, 1 / 3, 1.0, 50 / 12, 250 / 12
JOINT_WORK = (0.0, 1 / 3, 2 / 3, 1.0)

PARTNER_CONTACTS = {DAILY: 3, WEEKLY: 17, MONTHLY: 51, QUARTERLY: 80}
"""Pairs of partners at each level: with the lead's, 28 of 300 weekly or more, 94 monthly, 175 in all."""
LEAD_CONTACTS = {DAILY: 1, WEEKLY: 7, MONTHLY: 15, QUARTERLY: 1}

TARGETS = {
    "density any": (0.583, 0.005),
    "density monthly": (0.313, 0.005),
    "density weekly": (0.093, 0.005),
    "centralization any": (0.453, 0.03),
    "centralization monthly": (0.701, 0.03),
    "centralization weekly": (0.261, 0.03),
    "contact and joint work, all pairs": (0.69, 0.04),
    "contact and joint work, pairs in contact": (0.43, 0.05),
}

PARTNERS = (  # invented; the last column is the region whose partners meet more often
    ("health-department", "Department of Health", "government", 0),
    ("education-department", "Department of Education", "government", 0),
    ("labor-department", "Department of Labor", "government", 0),
    ("governors-office", "Governor's Office of Children", "government", 0),
    ("north-county", "North County Health", "government", 1),
    ("river-county", "River County Health", "government", 2),
    ("south-county", "South County Health", "government", 3),
    ("lakes-city", "City of Lakes", "government", 1),
    ("family-alliance", "Family Alliance", "nonprofit", 0),
    ("rural-network", "Rural Health Network", "nonprofit", 2),
    ("youth-first", "Youth First", "nonprofit", 1),
    ("open-door", "Open Door Services", "nonprofit", 3),
    ("legal-aid", "Legal Aid Centre", "nonprofit", 0),
    ("food-bank", "Regional Food Bank", "nonprofit", 2),
    ("parents-council", "Parents' Council", "community", 1),
    ("faith-coalition", "Faith Coalition", "community", 3),
    ("tribal-council", "Tribal Health Council", "community", 2),
    ("neighbourhoods", "Neighbourhoods United", "community", 1),
    ("prairie-foundation", "Prairie Foundation", "philanthropy", 0),
    ("health-trust", "Health Legacy Trust", "philanthropy", 3),
    ("hospital-association", "Hospital Association", "business", 0),
    ("insurers-forum", "Insurers' Forum", "business", 0),
    ("employers-roundtable", "Employers' Roundtable", "business", 3),
    ("state-university", "State University Evaluation Unit", "nonprofit", 0),
)
SIZE = len(PARTNERS) + 1


def draw(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(contact, joint work) of every pair, symmetric; the lead agency is the last row."""
    rng = np.random.Generator(np.random.PCG64(seed))
    region = np.array([partner[3] for partner in PARTNERS])
    activity = rng.normal(0.0, 0.45, len(PARTNERS))
    i, j = np.triu_indices(len(PARTNERS), k=1)
    closeness = activity[i] + activity[j] + 0.5 * (region[i] == region[j]) + rng.normal(0.0, 0.8, len(i))
    lead_closeness = activity + rng.normal(0.0, 0.8, len(PARTNERS)) + 0.8
    contact, joint = np.zeros((SIZE, SIZE)), np.zeros((SIZE, SIZE))
    contact[i, j] = levels(closeness, PARTNER_CONTACTS)
    contact[:-1, -1] = levels(lead_closeness, LEAD_CONTACTS)
    joint[i, j] = joint_work(closeness, rng)
    joint[:-1, -1] = joint_work(lead_closeness, rng)
    joint[(contact == 0) & (joint <= 1 / 3)] *= rng.random() < 0.5
    return contact + contact.T, joint + joint.T


def levels(closeness: np.ndarray, numbers: dict[float, int]) -> np.ndarray:
    """The closest pairs get the first level, the next the second, and so on; the rest never meet."""
    found = np.full(len(closeness), NEVER)
    order = np.argsort(-closeness)
    ends = np.cumsum([0, *numbers.values()])
    for level, begin, end in zip(numbers, ends[:-1], ends[1:], strict=True):
        found[order[begin:end]] = level
    return found


def joint_work(closeness: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Joint work follows closeness with noise; most of the loosest half have none."""
    felt = closeness + rng.normal(0.0, 0.85, len(closeness))
    return np.array(JOINT_WORK)[np.searchsorted([0.25, 1.1, 1.9], felt)]


def figures(contact: np.ndarray, joint: np.ndarray) -> dict[str, float]:
    """The figures that TARGETS names."""
    i, j = np.triu_indices(SIZE, k=1)
    found = {}
    for name, least in (("any", 1 / 12), ("monthly", 1.0), ("weekly", 4.0)):
        network = contact >= least
        degree = network.sum(axis=1)
        found[f"density {name}"] = float(network[i, j].mean())
        found[f"centralization {name}"] = float((degree.max() - degree).sum() / ((SIZE - 1) * (SIZE - 2)))
    meets = contact[i, j] > 0
    found["contact and joint work, all pairs"] = spearman(contact[i, j], joint[i, j])
    found["contact and joint work, pairs in contact"] = spearman(contact[i, j][meets], joint[i, j][meets])
    return found


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Correlation of ranks; equal values share the mean of their ranks."""
    return float(np.corrcoef(mean_ranks(x), mean_ranks(y))[0, 1])


def mean_ranks(values: np.ndarray) -> np.ndarray:
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(times) - (times - 1) / 2)[place]


def meets_targets(found: dict[str, float]) -> bool:
    return all(abs(found[name] - target) <= allowed for name, (target, allowed) in TARGETS.items())


def search(seeds: range = range(20_000)) -> tuple[int, np.ndarray, np.ndarray]:
    """The first seed whose network meets every target."""
    for seed in seeds:
        contact, joint = draw(seed)
        if meets_targets(figures(contact, joint)):
            return seed, contact, joint
    raise SystemExit("No seed meets every target; widen the search.")


def scenario(contact: np.ndarray, joint: np.ndarray) -> Scenario:
    """The preset with this network."""
    ids = [*(partner[0] for partner in PARTNERS), LEAD]
    ties = [
        Tie(between=(ids[i], ids[j]), contact=round(float(contact[i, j]), 4),
            collaboration=round(float(joint[i, j]), 4))
        for i, j in zip(*np.triu_indices(SIZE, k=1), strict=True)
        if contact[i, j] > 0 or joint[i, j] > 0
    ]  # fmt: skip
    return Scenario(
        name="statewide-coalition",
        title="Statewide coalition",
        description=(
            "Twenty-four organizations and a lead agency, with a complete (synthetic) survey of who meets "
            "whom and who works with whom: dense, and centred on the lead agency. Expect contact to hold "
            "when the lead weakens, since partners meet each other too, and the spread of practice to suffer "
            "first. Use it to see what a survey adds, and as a pattern for a file of your own."
        ),
        sources=(
            Citation(key="luke2013", reason="Densities, centralization and joint work of a state coalition."),
            Citation(key="freeman1978", reason="Degree centralization."),
        ),
        partner=tuple(Partner(id=id_, name=name, sector=sector) for id_, name, sector, _ in PARTNERS),
        backbone=BackbonePartner(id=LEAD, name="Lead Agency", sector="government"),
        network={"unlisted": "absent"},
        tie=ties,
        levers={"agenda": 0.5, "measurement": 0.5, "coordination": 0.5, "meetings": 1, "backbone_staff": 4},
    )


def main() -> None:
    seed, contact, joint = search()
    for name, value in figures(contact, joint).items():
        print(f"{name:<42} {value:6.3f}   target {TARGETS[name][0]:.3f}")
    origin = (
        f"# Synthetic. Made by experiments/statewide_coalition/make.py (seed {seed}); do not edit by hand.\n"
    )
    PRESET.write_text(origin + scenario(contact, joint).to_toml(), encoding="utf-8")
    print(f"seed {seed}: {PRESET.name} written")


if __name__ == "__main__":
    main()
