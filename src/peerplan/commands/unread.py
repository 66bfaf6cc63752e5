"""What a person wrote into a plan folder that is not read, or does not count yet. Pure."""

from peerplan.errors import Problem
from peerplan.folder.read import FolderState
from peerplan.folder.record import CHECKLIST
from peerplan.guide.guide import Guide
from peerplan.plan.plan import Plan


def unread_in(state: FolderState, plan: Plan) -> tuple[Problem, ...]:
    """Return what a person wrote that was not read, and her ticks that count only when something else is in place."""
    place = str(state.snapshot.folder / CHECKLIST)
    open_items = [one for area in plan.areas for one in area.items if one.action and one.id in state.ticked]
    said = [one for one in open_items if _is_answered_done(state.guide, plan, one.id)]
    return (*state.unread, *(Problem("tick-not-counted", {"label": one.label}, place) for one in said))


def _is_answered_done(guide: Guide, plan: Plan, id_: str) -> bool:
    """Tell whether an item is done by the answers that the plan is made of, where a table may have said otherwise."""
    answer = plan.answers.items.get(id_)
    return any(option.id == answer and option.state == "done" for option in guide.options_of(guide.item(id_)))
