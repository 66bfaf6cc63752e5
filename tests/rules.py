"""The small guide of guide/, and units of it: a new item or another lead time of the real one breaks no test of rules.

Its functions are called as those of samples, so that a test says by its import which guide it is about.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import samples
from peerplan.answers.draft import Draft
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.messages import Messages
from peerplan.plan.plan import Plan

SMALL = Path(__file__).parent / "guide"


@cache
def kit() -> Kit:
    return Kit(Messages(), SMALL)


def guide(language: str = "en") -> Guide:
    return kit().guide(language)


def draft(changes: Mapping[str, object] | None = None, *, state: str = "open", language: str = "en") -> Draft:
    return samples.draft(changes, state=state, content=guide(language))


def plan(changes: Mapping[str, object] | None = None, *, state: str = "open", language: str = "en") -> Plan:
    return samples.plan(changes, state=state, content=guide(language))
