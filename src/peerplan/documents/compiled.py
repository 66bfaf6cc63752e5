"""Loads the templates and layouts that come with the program as an earlier run compiled them, see prepared.py."""

from collections.abc import MutableMapping
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template
from jinja2.bccache import bc_magic

from peerplan.prepared import prepared


class CompiledLoader(FileSystemLoader):
    """Loads the templates of one folder, which are compiled only when they, or what made their environment, changed.

    title tells them from those of other folders, and options is the file that says how they are compiled. Only for
    folders that come with the program.
    """

    def __init__(self, folder: Path, title: str, options: str) -> None:
        super().__init__(folder)
        self.folder = folder
        self.title = title
        self.options = Path(options)

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 # jinja2's name for it
    ) -> Template:
        """Return a template."""

        def make() -> CodeType:
            text, file, _ = self.get_source(environment, name)
            return environment.compile(text, name, file)

        code = prepared(f"{self.title}-{name}", (self.folder / name, self.options), make, bc_magic.hex())
        return environment.template_class.from_code(environment, code, globals or {})
