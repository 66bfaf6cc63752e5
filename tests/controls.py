"""What is broken, one at a time, to see that the tests of each criterion fail where it does not hold."""

from typing import NamedTuple


class Control(NamedTuple):
    """A test of a criterion, and a piece of the program without which that test must fail.

    `file` is below the program's folder; `old` stands there once, and `new` takes its place.
    """

    test: str
    file: str
    old: str
    new: str


CONTROLS = {
    1: Control(
        "test_tables.py::test_every_way_to_save_text_gives_the_same_rows",
        "tables/separated.py",
        "best = max(_SEPARATORS, key=headings.count)",
        'best = ";"',
    ),
    2: Control(
        "test_tables_separated.py::test_a_table_of_one_column_has_no_separator",
        "tables/separated.py",
        "best if best in headings else _NO_SEPARATOR",
        "best",
    ),
    3: Control(
        "test_days.py::test_what_could_be_two_days_is_refused_with_both",
        "answers/days.py",
        "if one not in (None, day)), None):",
        "if False), None):",
    ),
    4: Control(
        "test_units.py::test_a_whole_number_is_one_however_it_was_saved",
        "commands/batch/rows.py",
        '_WHOLE.sub("", text) if kind == "integer" else text',
        "text",
    ),
    5: Control(
        "test_tables.py::test_each_kind_of_wrong_file_has_its_message",
        "tables/table.py",
        "if not data:",
        "if data is None:",
    ),
    6: Control(
        "test_batch.py::test_three_bad_rows_of_forty_are_told_and_nothing_is_written",
        "commands/batch/run.py",
        "if check.problems.count and not request.skip_invalid:",
        "if check.problems.count and request.skip_invalid:",
    ),
    7: Control(
        "test_batch.py::test_a_misspelt_heading_is_told_with_the_nearest",
        "tables/headings.py",
        "self._strict, n=1, cutoff=_NEAR)",
        "self._strict, n=1, cutoff=1)",
    ),
    8: Control(
        "test_toml_mistakes.py::test_what_stands_twice_is_told_with_both_lines",
        "answers/toml_mistakes.py",
        '{"first": first}',
        '{"first": number}',
    ),
    9: Control(
        "test_criteria.py::test_a_text_that_looks_like_something_else_stays_a_text",
        "commands/batch/rows.py",
        '_WHOLE.sub("", text) if kind == "integer" else text',
        '_WHOLE.sub("", text)',
    ),
    10: Control(
        "test_criteria.py::test_a_file_that_is_made_to_do_harm_ends_in_a_message",
        "answers/toml.py",
        "if bomb := _BOMB.search(",
        "if bomb := not text and _BOMB.search(",
    ),
    11: Control(
        "test_tables.py::test_a_missing_file_and_a_folder_have_their_messages",
        "tables/table.py",
        '"table-is-folder" if path.is_dir() else "table-unreadable"',
        '"table-unreadable"',
    ),
    12: Control(
        "test_tables_workbook.py::test_formulas_without_a_value_and_error_values_are_told_together",
        "tables/workbook.py",
        "for key, (first, count) in scan.flaws.items()",
        "for key, (first, count) in ()",
    ),
    13: Control(
        "test_mail.py::test_a_thousand_swedish_subjects_come_back_equal",
        "documents/letters.py",
        'word, taken, room = b"", length(octets), next_room',
        'word, taken, room, octets = b"", length(octets), next_room, b""',
    ),
    14: Control(
        "test_mail.py::test_control_characters_in_a_subject_are_refused",
        "documents/letters.py",
        '_refuse_controls("mail-subject-control", subject)',
        "pass",
    ),
    15: Control(
        "test_emails.py::test_a_group_gets_one_draft_to_the_coordinator_with_the_students_in_bcc",
        "commands/emails/run.py",
        "bcc=[student.email for student in roster.students]",
        "bcc=[]",
    ),
    16: Control(
        "test_roster.py::test_two_ways_to_write_a_domain_are_one_address",
        "commands/emails/roster.py",
        "(written_address(text) or text).casefold()",
        "text.casefold()",
    ),
    17: Control(
        "test_calendar_file.py::test_the_same_plan_is_the_same_bytes",
        "documents/calendar.py",
        "DTSTAMP:{_MADE}",
        "DTSTAMP:{__import__('uuid').uuid4()}",
    ),
    18: Control(
        "test_calendar_file.py::test_an_event_keeps_its_id_whatever_else_changes",
        "documents/calendar.py",
        "uuid5(self.plan_id, name)",
        "uuid5(self.plan_id, name + summary)",
    ),
    19: Control(
        "test_criteria.py::test_no_link_begins_a_mail",
        "documents/markdown.py",
        "<body>\n",
        '<body><a href="mailto:a@ki.example">a</a>\n',
    ),
    20: Control(
        "test_kills.py::test_killed_at_any_change_nothing_is_torn_and_the_next_run_goes_on",
        "folder/disk.py",
        "replace_patiently(temporary, place)",
        "(temporary.replace if temporary.is_dir() else lambda place: place.write_bytes(temporary.read_bytes()))(place)",
    ),
    21: Control(
        "test_disk.py::test_a_full_disk_leaves_the_old_files_and_no_other",
        "folder/disk.py",
        "        temporary.unlink(missing_ok=True)\n        raise",
        "        raise",
    ),
    22: Control(
        "test_update.py::test_where_both_changed_a_line_hers_stays_and_the_new_text_is_beside_it",
        "folder/merge.py",
        "if sides == {0, 1} and mine[ours] != theirs[others]:",
        "if not sides:",
    ),
    23: Control(
        "test_update.py::test_another_editors_line_ends_and_mark_are_no_edit_and_stay",
        "folder/reconcile.py",
        'return mark + text.replace("\\n", usual).encode()',
        "return text.encode()",
    ),
    24: Control(
        "test_update.py::test_while_another_peerplan_works_there_the_folder_is_in_use",
        "folder/folder.py",
        "lock.acquire()",
        "pass",
    ),
    25: Control(
        "test_folder.py::test_a_link_that_leads_out_of_the_folder_is_refused",
        "folder/folder.py",
        "if not path.is_relative_to(root):",
        "if not root:",
    ),
    26: Control(
        "test_unit_folders.py::test_odd_names_and_names_that_look_alike_get_valid_folders_of_their_own",
        "folder/folder.py",
        'return f"unit-{slug}".rstrip("-") if not slug or _RESERVED.fullmatch(slug) else slug',
        "return slug",
    ),
    27: Control(
        "test_update.py::test_a_dry_run_shows_the_difference_and_writes_nothing",
        "commands/update.py",
        "if not dry_run:\n            write_in_order",
        "if files:\n            write_in_order",
    ),
    28: Control(
        "test_disk.py::test_a_held_file_is_tried_again_until_it_is_free",
        "folder/disk.py",
        'getattr(error, "winerror", None) in _HELD',
        "not error",
    ),
    29: Control(
        "test_page.py::test_what_a_person_wrote_is_never_markup",
        "documents/page.py",
        "autoescape=True",
        "autoescape=False",
    ),
    30: Control(
        "test_overview.py::test_no_cell_is_a_formula",
        "documents/overview.py",
        '_FORMULA.sub(r"\\1\'", cell) if isinstance(cell, str) else cell',
        "cell",
    ),
    31: Control(
        "test_documents.py::test_a_wrong_template_is_named_with_its_line",
        "documents/render.py",
        "lines[-1] if lines else None, error",
        "None, error",
    ),
    32: Control(
        "test_status.py::test_a_row_fits_80_columns_in_a_pipe_and_shows_the_whole_name_as_it_is",
        "report/terminal.py",
        'Text(", ".join(filter(None, (unit.name, unit.workplace))))',
        '", ".join(filter(None, (unit.name, unit.workplace)))',
    ),
    33: Control(
        "test_cli.py::test_without_a_terminal_missing_answers_are_told_at_once",
        "cli.py",
        "return sys.stdin.isatty() and sys.stdout.isatty()",
        "return True",
    ),
    34: Control(
        "test_interview_terminal.py::test_interrupted_at_every_question_it_asks_nothing_twice_and_loses_nothing",
        "commands/init.py",
        "save = None if request.dry_run else file.save",
        "save = None",
    ),
    35: Control(
        "test_walk.py::test_back_leads_from_every_question_to_the_one_before",
        "interview/walk.py",
        "step = self._after(step) if self._ask(step) else self._before(step)",
        "step = self._after(step) if self._ask(step) else step",
    ),
    36: Control(
        "test_interview_terminal.py::test_plain_lines_hold_no_escape_codes",
        "interview/console.py",
        "if plain or not can_show_menus(os.environ, sys.stdout.encoding):",
        "if False:",
    ),
    37: Control(
        "test_cli.py::test_a_terminal_that_lacks_letters_gets_others_and_files_stay_utf_8",
        "cli.py",
        'stream.reconfigure(errors="replace")',
        "pass",
    ),
    38: Control(
        "test_usage.py::test_a_refusal_is_one_document_of_json_too",
        "report/failures.py",
        "if as_json:",
        "if not failure:",
    ),
    39: Control(
        "test_cli.py::test_another_plan_is_not_written_over_one_that_is_there_unless_forced",
        "commands/init.py",
        "_refuse_what_is_in_the_way(files, snapshot, content)",
        "pass",
    ),
    40: Control(
        "test_interview_terminal.py::test_plain_lines_take_numbers_ids_and_labels",
        "interview/plain.py",
        "known |= {str(number): option for number, (option, _) in enumerate(step.options, 1)}",
        "pass",
    ),
    41: Control(
        "test_docs.py::test_every_option_of_a_command_stands_in_its_section_of_the_readme",
        "cli.py",
        '"--skip-invalid"',
        '"--skip-wrong"',
    ),
    42: Control(
        "test_privacy.py::test_a_number_with_a_century_or_a_dash_is_certain_and_told_by_its_shape",
        "answers/privacy.py",
        "% 10 == 0",
        "% 10 == 1",
    ),
    43: Control(
        "test_emails.py::test_a_protected_identity_gets_no_file_and_the_row_is_told",
        "commands/emails/roster.py",
        "return marked or any(map(self.protection.is_mentioned, row.texts))",
        "return False",
    ),
    44: Control(
        "test_cli.py::test_a_bug_is_one_line_and_a_file_that_says_where_but_nothing_personal",
        "report/failures.py",
        "{type(error).__name__}",
        "{error!r}",
    ),
    45: Control(
        "test_emails.py::test_file_names_are_numbers_and_only_the_owner_can_read_them",
        "folder/disk.py",
        "path.chmod(0o600)",
        "path.chmod(0o644)",
    ),
}
