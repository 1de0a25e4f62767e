"""All that one asks for with an environment: itself, the record of the choice, the project's requirements."""

from collections.abc import Callable
from pathlib import Path

from holdfast.cancellation import Cancellation, Report, unheard
from holdfast.creation.create import Created, create
from holdfast.creation.plan import Request
from holdfast.errors import HoldfastError
from holdfast.files.removing import remove
from holdfast.host import Host, data_folder
from holdfast.typed import TYPE_CHECKING
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.creation.requirements.source import RequirementSource


class Order(NamedTuple):
    """What is asked for."""

    request: Request
    project: Path
    """The folder in which its requirements are named."""
    root: Path
    """The folder of the project to which it belongs."""
    redirect: bool = False
    """Whether it is kept elsewhere, and its destination becomes a file that names it."""
    record: bool = False
    """Whether the project's settings file records its interpreter."""
    install: "tuple[RequirementSource, ...]" = ()


class Provided(NamedTuple):
    """What came of it."""

    created: Created
    redirect: Path | None = None
    """The file that names the environment."""
    installed: "tuple[RequirementSource, ...]" = ()
    failure: str | None = None
    """Why not everything that was asked for beside the environment was done."""


def provide(
    order: Order,
    host: Host,
    *,
    cancellation: Cancellation | None = None,
    report: Report = unheard,
) -> Provided:
    """Create the environment, then do the rest.

    Raises HoldfastError where the environment cannot be made: then nothing is left behind. Once it is there
    it stays, whatever fails, and whoever cancels.
    """
    cancellation = cancellation or Cancellation()
    if order.install:
        _refuse_uninstallable(order, host)
    created = create(_request(order, host), host, cancellation=cancellation, report=report)
    provided = _with_redirect(Provided(created), order) if order.redirect else Provided(created)
    if order.record:
        provided = _or_failure(provided, lambda so_far: _with_record(so_far, order, host))
    if order.install:
        provided = _or_failure(
            provided, lambda so_far: _with_requirements(so_far, order, host, cancellation, report)
        )
    return provided


def _or_failure(so_far: Provided, work: Callable[[Provided], Provided]) -> Provided:
    """What comes of further work; the environment stays usable, whatever that is."""
    try:
        return work(so_far)
    except HoldfastError as error:
        why = str(error)
    except KeyboardInterrupt:
        why = f"Stopped. {so_far.created.environment} is usable, but not everything is installed in it."
    return so_far._replace(failure="\n".join(filter(None, (so_far.failure, why))))


def _refuse_uninstallable(order: Order, host: Host) -> None:
    """Raise HoldfastError where no tool can install what is asked for: before anything is made."""
    from holdfast.creation.requirements.tool import choose_tool  # noqa: PLC0415 - only where asked for
    from holdfast.creation.seeds.wheel import bundled_wheels  # noqa: PLC0415

    request = order.request
    wheels = bundled_wheels(request.base.interpreter, host, setuptools=False) if request.pip else ()
    choose_tool(order.install, host, _workspace(order), next((wheel.version for wheel in wheels), None))


def _workspace(order: Order) -> tuple[Path, ...]:
    """The folders out of which no tool is started."""
    return (order.project, order.root, order.request.destination.parent)


def _request(order: Order, host: Host) -> Request:
    if not order.redirect:
        return order.request
    from holdfast.creation.redirecting import redirected  # noqa: PLC0415 - rarely asked for

    return redirected(order.request, data_folder(), host)


def _with_redirect(provided: Provided, order: Order) -> Provided:
    from holdfast.creation.redirecting import WARNING, write_redirect  # noqa: PLC0415 - rarely asked for

    file, created = order.request.destination, provided.created
    try:
        write_redirect(file, created.environment)
    except OSError as error:
        why = f"{file} cannot be written: {error.strerror or error}."
        if order.request.replace:  # what was there before is gone, so the new one stays
            return provided._replace(failure=f"{why} The environment is {created.environment}.")
        remove(created.environment)
        raise HoldfastError(why) from error
    return provided._replace(redirect=file, created=created._replace(notes=(*created.notes, WARNING)))


def _with_record(provided: Provided, order: Order, host: Host) -> Provided:
    from holdfast.workspace.recording import record_interpreter  # noqa: PLC0415 - not by default

    created = provided.created
    recorded = record_interpreter(order.root, created.environment, host, alias=created.alias)
    note = f"{recorded.file} names it: {recorded.value}."
    return provided._replace(created=created._replace(notes=(*created.notes, note)))


def _with_requirements(
    provided: Provided, order: Order, host: Host, cancellation: Cancellation, report: Report
) -> Provided:
    from holdfast.creation.requirements.installing import Installation, install  # noqa: PLC0415 - only where asked for

    wanted = Installation(order.install, provided.created.environment, order.project, _workspace(order))
    done = install(wanted, host, cancellation=cancellation, report=report)
    return provided._replace(installed=done.sources)
