"""The one way from answers to a plan folder: answers -> plan -> documents -> what becomes of each file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from peerplan.answers.draft import LANGUAGE, Draft, doubtful_numbers
from peerplan.answers.model import Answers
from peerplan.answers.toml import FILE_NAME
from peerplan.answers.toml_writer import encoded_like, write_answers
from peerplan.documents.render import Templates
from peerplan.errors import EditedFileKept, Problem
from peerplan.folder.read import FolderState
from peerplan.folder.record import FolderRecord, new_plan_id
from peerplan.folder.snapshot import Snapshot
from peerplan.folder.write import FolderChanges, FolderContent, changes_to
from peerplan.guide.kit import Kit
from peerplan.plan.plan import Plan, make_plan, unfit_activities


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """A plan and what becomes of the files of its folder.

    `notices` are what to look at, by the key of the answer; `state` is what the folder said before, if it held a plan.
    """

    plan: Plan
    changes: FolderChanges
    notices: tuple[tuple[str, Problem], ...]
    state: FolderState | None

    @property
    def placed_notices(self) -> list[Problem]:
        """The notices with the file and the key."""
        path = self.changes.folder / FILE_NAME
        return [replace(problem, place=f"{path}: {key}") for key, problem in self.notices]

    @property
    def names(self) -> tuple[str, ...]:
        """The files that belong to the plan."""
        return (FILE_NAME, *(one.name for one in self.changes.documents if one.after is not None))

    @property
    def failure(self) -> EditedFileKept | None:
        """Edits that could not be merged."""
        kept = self.changes.kept
        return EditedFileKept(*kept) if kept else None


def changed_answers(draft: Draft, state: FolderState) -> dict[str, bytes]:
    """Return answers.toml by its name, if it says something else than it does now; its comments and layout stay."""
    before = state.snapshot.answers
    if draft == {LANGUAGE: draft[LANGUAGE], **before.draft}:
        return {}
    return {FILE_NAME: encoded_like(write_answers(draft, state.guide, before.text), before.content)}


@dataclass(frozen=True)
class PlanMaker:
    """Makes the files of plan folders, all of one run, with the templates of a kit.

    `as_of` is the day that "late" is judged by; `force` replaces what a person edited.
    """

    kit: Kit
    as_of: date
    force: bool = False

    @cached_property
    def templates(self) -> Templates:
        return Templates(self.kit.templates, self.kit.languages)

    def files(
        self,
        snapshot: Snapshot,
        answers: Answers,
        answers_file: Mapping[str, bytes],
        state: FolderState | None = None,
        *,
        given: Mapping[str, str] | None = None,
    ) -> PlanFiles:
        """Make everything, and write nothing. answers_file is answers.toml by its name, if it changes.

        Raises:
            PeerplanError: if a template is wrong or a file cannot be read.
        """
        guide = self.kit.guide(answers.language)
        plan = make_plan(answers, guide, self.as_of)
        record = snapshot.record or FolderRecord(new_plan_id(answers))
        documents = self.templates.documents(plan, guide, record.plan)
        content = FolderContent(
            documents, answers.placement.start, answers_file, state.reading if state else None, given
        )
        changes = changes_to(snapshot, record, content, force=self.force)
        return PlanFiles(plan, changes, (*doubtful_numbers(answers), *unfit_activities(plan, guide)), state)
