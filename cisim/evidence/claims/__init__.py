"""Users' own claims about their coalition, in a TOML file: read, checked, and tested like the patterns."""

from __future__ import annotations

from cisim.evidence.claims.claim import Claim, Side, Varied
from cisim.evidence.claims.loading import read_claims
from cisim.evidence.claims.patterns import FIRST_NUMBER, claims_in

__all__ = ["FIRST_NUMBER", "Claim", "Side", "Varied", "claims_in", "read_claims"]
