"""The JSON of `create`: the contract of the command line and of the language server."""

from holdfast.creation.plan import Links
from holdfast.creation.provide import Provided
from holdfast.typed import TypedDict


class BaseJson(TypedDict):
    """The base interpreter."""

    path: str
    stable: str
    version: str | None


class SeededJson(TypedDict):
    """A package that the new environment starts with."""

    name: str
    version: str


class CreationJson(TypedDict):
    """The answer of `create`."""

    environment: str
    interpreter: str
    version: str | None
    base: BaseJson
    links: Links
    alias: bool
    seeded: list[SeededJson]
    redirect: str | None
    """The file that names the environment, which stands elsewhere."""
    installed: list[str]
    """What of the project was installed into it."""
    notes: list[str]


def creation_json(provided: Provided) -> CreationJson:
    """What was made."""
    created = provided.created
    interpreter = created.base.interpreter
    version = str(interpreter.version) if interpreter.version else None
    return {
        "environment": str(created.environment),
        "interpreter": str(created.interpreter),
        "version": version,
        "base": {
            "path": str(created.base.path),
            "stable": str(interpreter.stable or interpreter.path),
            "version": version,
        },
        "links": created.links,
        "alias": created.alias,
        "seeded": [{"name": wheel.name, "version": wheel.version} for wheel in created.seeded],
        "redirect": str(provided.redirect) if provided.redirect else None,
        "installed": [source.id for source in provided.installed],
        "notes": [
            *([f"{created.base.reason}."] if created.base.reason else []),
            *created.base.not_followed,
            *created.notes,
        ],
    }
