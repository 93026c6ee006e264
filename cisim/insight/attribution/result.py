"""What each player brings, as numbers with intervals, as tables, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.attribution.estimate import Estimate
from cisim.insight.attribution.game import named

if TYPE_CHECKING:
    import polars as pl

__all__ = ["COMPLEMENTS", "INDEPENDENT", "SUBSTITUTES", "Attribution", "in_words"]

COMPLEMENTS = "complements"
SUBSTITUTES = "substitutes"
INDEPENDENT = "not distinguishable from independent"
KINDS = {1: COMPLEMENTS, -1: SUBSTITUTES, 0: INDEPENDENT}
"""By the sign of what players bring together beyond what they bring apart."""


@dataclass(frozen=True)
class Attribution:
    """What each player brings to the whole gain, v(all) - v(none), where v is the outcome of a combination.

    All quantities are in the outcome's unit, except `share`. Their last axis is months; `months` is (None,)
    for outcomes without months.

    `outcome` (2**n, months): v of each combination. `whole` (months,): the whole gain.
    `shapley` (n, months): the gain from a player averaged over all orders in which players can be put in
    place; the n of them add up to the whole gain. `share` (n, months): Shapley value over the whole gain, 1
    in sum; NaN where the whole gain is not distinguishable from 0. `alone` (n, months): v(only i) - v(none).
    `removed` (n, months): v(all) - v(all but i), the loss when i is taken away.

    `interaction` (pairs, months): Shapley interaction index of each of `pairs` (Grabisch & Roubens 1999).
    `dividends` (2**n, months): what each combination adds beyond all that its parts add (Harsanyi 1963); for
    nobody, v(none).

    `need` (months,): the whole gain less the sum of the gains alone. Above 0 the players need each other
    (complements), below 0 they overlap (substitutes). `best`: in each month the player with most gain alone;
    `over_best` (months,): the whole gain less that gain. The best is picked from the same replicates, so its
    gain is rather over- than understated, and `over_best` rather under- than overstated.
    """

    players: tuple[str, ...]
    months: tuple[int | None, ...]
    level: float
    replicates: int
    outcome: Estimate
    whole: Estimate
    shapley: Estimate
    share: Estimate
    alone: Estimate
    removed: Estimate
    pairs: tuple[tuple[str, str], ...]
    interaction: Estimate
    dividends: Estimate
    need: Estimate
    best: tuple[str, ...]
    over_best: Estimate

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know before using a figure: why shares are missing, what is negative."""
        notes = []
        if self._told(0):
            notes.append(
                f"{self._told(0)}the whole gain is not distinguishable from 0, so there are no shares."
            )
        if self._told(-1):
            notes.append(
                f"{self._told(-1)}all together lower the outcome; where less of it is better, "
                "give minus the outcome."
            )
        return tuple(notes)

    def place(self, month: int | None = None) -> int:
        """Where a month stands on the axis of months; None is the last. Raises SpecError for others."""
        if month is None:
            return len(self.months) - 1
        if month not in self.months:
            known = ", ".join(str(m) for m in self.months) if self.months != (None,) else "none"
            raise SpecError(f"there is no month {month!r} here; months: {known}.", source="Attribution")
        return self.months.index(month)

    def verdict(self, month: int | None = None) -> str:
        """Whether the players need each other, in a few sentences, in a month (default: the last).

        Complements and substitutes among pairs can cancel in the whole, so pairs are counted too.
        """
        m = self.place(month)
        start = "" if self.months[m] is None else f"At month {self.months[m]}, "
        names = _listing(self.players)
        if not start and names == names.lower():
            names = names[0].upper() + names[1:]
        first = {
            COMPLEMENTS: f"{names} need each other ({COMPLEMENTS})",
            SUBSTITUTES: f"{names} overlap ({SUBSTITUTES})",
            INDEPENDENT: f"{names} are {INDEPENDENT}",
        }[KINDS[int(self.need.sign[m])]]
        beyond = _beyond(self.need.at(m), "the sum of what each brings alone")
        best = _beyond(self.over_best.at(m), f"the best alone, {self.best[m]}")
        doubt = {
            1: "",
            0: " The whole gain is not distinguishable from 0.",
            -1: " All together lower the outcome.",
        }[int(self.whole.sign[m])]
        together = f"together they bring {in_words(self.whole.at(m), f'{100 * self.level:g} % interval ')}"
        return f"{start}{first}: {together}, {beyond}. It is {best}.{self._of_pairs(m)}{doubt}"

    def pair_verdict(self, first: str, second: str, month: int | None = None) -> str:
        """Whether two players need each other, averaged over what else is in place, in one sentence."""
        m = self.place(month)
        pair = next((p for p in self.pairs if set(p) == {first, second}), None)
        if pair is None:
            known = ", ".join(self.players)
            raise SpecError(
                f"there is no pair {first!r} and {second!r}; players: {known}.", source="Attribution"
            )
        entry = self.interaction.at(self.pairs.index(pair), m)
        kind = KINDS[int(self.interaction.sign[self.pairs.index(pair), m])]
        start = "" if self.months[m] is None else f"At month {self.months[m]}, "
        return (
            f"{start}{pair[0]} and {pair[1]} are {kind}: averaged over what else is in place, both together "
            f"bring {_beyond(entry, 'the sum of the two')}."
        )

    def _of_pairs(self, m: int) -> str:
        if len(self.pairs) < 2:
            return ""
        signs = self.interaction.sign[:, m]
        counts = ", ".join(f"{int((signs == sign).sum())} {kind}" for sign, kind in KINDS.items())
        return f" Of {len(signs)} pairs: {counts}."

    def table(self) -> pl.DataFrame:
        """A row for each month and player: Shapley value, share, gain alone, loss when removed."""
        parts = {name: getattr(self, name) for name in ("shapley", "share", "alone", "removed")}
        return self._frame({"player": self.players}, parts)

    def interactions(self) -> pl.DataFrame:
        """A row for each month and pair: the Shapley interaction index with its ends, and what it says."""
        names = {"player": [pair[0] for pair in self.pairs], "other": [pair[1] for pair in self.pairs]}
        return self._frame(names, {"interaction": self.interaction}, self.interaction)

    def together(self) -> pl.DataFrame:
        """A row for each month: the whole gain, and how far it is beyond the gains alone and their best."""
        import polars as pl

        parts = {name: _lifted(getattr(self, name)) for name in ("whole", "need", "over_best")}
        frame = self._frame({}, parts, parts["need"])
        return frame.with_columns(pl.Series("best", self.best))

    def combinations(self) -> pl.DataFrame:
        """A row for each month and combination: who is in place, its outcome, and its dividend."""
        count = len(self.outcome.mean)
        names: dict[str, Any] = {"combination": [named(row, self.players) for row in range(count)]}
        names |= {
            f"has_{name}": [bool(row >> k & 1) for row in range(count)] for k, name in enumerate(self.players)
        }
        return self._frame(names, {"outcome": self.outcome, "dividend": self.dividends})

    def _frame(
        self, names: dict[str, Any], parts: dict[str, Estimate], judged: Estimate | None = None
    ) -> pl.DataFrame:
        """Months outside, entries within."""
        import polars as pl

        entries, months = next(iter(parts.values())).mean.shape
        inner = [month for month in self.months for _ in range(entries)]
        columns = [pl.Series("month", inner, dtype=pl.Int64)]
        columns += [pl.Series(name, list(values) * months) for name, values in names.items()]
        for name, part in parts.items():
            ends = {name: part.mean, f"{name}_low": part.low, f"{name}_high": part.high}
            columns += [pl.Series(label, values.T.ravel()) for label, values in ends.items()]
        if judged is not None:
            columns.append(pl.Series("verdict", [KINDS[int(sign)] for sign in judged.sign.T.ravel()]))
        return pl.DataFrame(columns)

    def _told(self, sign: int) -> str:
        """The months in which the whole gain has this sign, as the start of a sentence; empty if none."""
        places = np.flatnonzero(self.whole.sign == sign)
        if len(places) == 0:
            return ""
        if self.months == (None,):
            return "Here "
        months = [str(self.months[place]) for place in places]
        several = f"{', '.join(months[:5])}{' …' if len(months) > 5 else ''}"
        return f"In {len(months)} of {len(self.months)} months ({several}) "


def _lifted(part: Estimate) -> Estimate:
    """An estimate over months as one entry over months."""
    return Estimate(part.mean[None], part.low[None], part.high[None])


def _beyond(entry: tuple[float, float, float], what: str) -> str:
    """How far something is above or below `what`, in words."""
    mean, low, high = entry
    if low > 0:
        return f"{in_words(entry)} more than {what}"
    if high < 0:
        return f"{in_words((-mean, -high, -low))} less than {what}"
    return f"not distinguishable from {what}; the difference is {in_words(entry)}"


def in_words(entry: tuple[float, float, float], also: str = "") -> str:
    """A mean and its interval, to as many places as the interval's width lets matter."""
    mean, low, high = entry
    width = (high - low) / 2
    size = width if width > 0 else abs(mean)
    places = max(0, 1 - math.floor(math.log10(size))) if size > 0 else 0
    mean, low, high = (round(end, places) + 0.0 for end in entry)  # + 0.0: no minus before 0
    text = f"{mean:,.{places}f} ({also}{low:,.{places}f} to {high:,.{places}f})"
    return text.replace("-", "\N{MINUS SIGN}")


def _listing(names: Iterable[str]) -> str:
    names = list(names)
    if len(names) > 6:
        return f"the {len(names)} players"
    return f"{', '.join(names[:-1])} and {names[-1]}"
