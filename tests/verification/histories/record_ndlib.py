"""Record histories of opinions that NDlib gives: `python -m tests.verification.histories.record_ndlib`.

Needs NDlib and what it imports without declaring it: pip install ndlib six scikit-learn. Only this script needs
them; the tests read what it wrote, ndlib.json.

Rossetti et al. (2018), International Journal of Data Science and Analytics 5, 61-79,
doi:10.1007/s41060-017-0086-6.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

FILE = Path(__file__).with_name("ndlib.json")
NEEDS = "NDlib cannot be imported ({error}): pip install ndlib six scikit-learn"
PARTNERS = 10
OPENNESS = 0.25


def main() -> int:
    """Write ndlib.json; 2 without NDlib."""
    try:
        from ndlib.models.opinions import AlgorithmicBiasModel, FJModel, HKModel
    except ImportError as error:
        print(NEEDS.format(error=error), file=sys.stderr)
        return 2
    stubborn = np.linspace(0.0, 0.7, PARTNERS).round(2).tolist()
    told = {
        "version": version("ndlib"),
        "friedkin-johnsen": synchronous(FJModel, stubborn, seed=1),
        "degroot": synchronous(FJModel, [0.0] * PARTNERS, seed=2),
        "hegselmann-krause": one_by_one(HKModel, seed=3),
        "deffuant": pair_by_pair(AlgorithmicBiasModel, seed=4),
    }
    lines = [f"{json.dumps(name)}: {json.dumps(history)}" for name, history in told.items()]
    draft = FILE.with_suffix(".draft")
    draft.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    draft.replace(FILE)
    return 0


def synchronous(kind: Any, stubborn: list[float], seed: int) -> dict[str, Any]:
    """Everybody moves to the mean of neighbours, a self-loop counting the own opinion; forty steps."""
    graph = nx.gnp_random_graph(PARTNERS, 0.4, seed=seed)
    graph.add_edges_from((node, node) for node in graph)
    model = started(kind, graph, seed, nodes={"stubbornness": stubborn})
    states = [opinions(model)]
    for _ in range(40):
        model.iteration()
        states.append(opinions(model))
    edges = [edge for edge in graph.edges if edge[0] != edge[1]]
    return {"edges": edges, "stubbornness": stubborn, "states": states}


def one_by_one(kind: Any, seed: int) -> dict[str, Any]:
    """NDlib's Hegselmann-Krause moves one opinion an iteration: [who, its new opinion], where it moved."""
    graph = nx.complete_graph(PARTNERS)
    graph.add_edges_from((node, node) for node in graph)
    model = started(kind, graph, seed, model={"epsilon": OPENNESS})
    states, moves = [opinions(model)], []
    for _ in range(200):
        model.iteration()
        states.append(opinions(model))
        moved = [node for node in range(PARTNERS) if states[-1][node] != states[-2][node]]
        moves += [[node, states[-1][node]] for node in moved]
    return {"openness": OPENNESS, "start": states[0], "moves": moves, "end": states[-1]}


def pair_by_pair(kind: Any, seed: int) -> dict[str, Any]:
    """Deffuant et al. (no algorithmic bias): the pairs that met, as the same draws say again, and each state."""
    model = started(kind, nx.complete_graph(PARTNERS), seed, model={"epsilon": OPENNESS, "gamma": 0.0})
    states, pairs = [opinions(model)], []
    for _ in range(20):
        before = np.random.get_state()
        model.iteration()
        states.append(opinions(model))
        np.random.set_state(before)
        pairs.append([drawn_pair() for _ in range(PARTNERS)])
    return {"openness": OPENNESS, "pairs": pairs, "states": states}


def drawn_pair() -> tuple[int, int]:
    """The pair that NDlib draws: one of all, then one of the others with equal chances."""
    first = int(np.random.randint(0, PARTNERS))
    others = [node for node in range(PARTNERS) if node != first]
    chances = np.ones(len(others))
    cumulative = np.cumsum(chances / chances.sum())
    return first, others[int(np.argmax(cumulative >= np.random.random_sample()))]


def started(kind: Any, graph: nx.Graph, seed: int, **parameters: Any) -> Any:
    """A model with uniform opinions, after NDlib's iteration 0, in which nothing moves."""
    from ndlib.models.ModelConfig import Configuration

    model, configuration = kind(graph), Configuration()
    for name, value in parameters.get("model", {}).items():
        configuration.add_model_parameter(name, value)
    for name, values in parameters.get("nodes", {}).items():
        for node, value in enumerate(values):
            configuration.add_node_configuration(name, node, value)
    np.random.seed(seed)
    model.set_initial_status(configuration)
    model.iteration()
    return model


def opinions(model: Any) -> list[float]:
    return [float(model.status[node]) for node in range(PARTNERS)]


if __name__ == "__main__":
    sys.exit(main())
