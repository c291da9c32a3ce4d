"""Events and errors as lines for people."""

from __future__ import annotations

from shiplift.events import Failed, Finished, Noticed, Reconciled, Started, Undoing, Waiting, Warned
from shiplift.model.state import Mark
from shiplift.sql.locate import caret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shiplift.errors import ShipliftError
    from shiplift.events import Event


class Progress:
    """An observer that says each event in a line."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self._waited = -1

    def __call__(self, event: Event) -> None:
        """Say it, if there is something to say."""
        if isinstance(event, Waiting):
            self._wait(event)
            return
        line = _line(event)
        if line:
            self.say(line)

    def _wait(self, event: Waiting) -> None:
        if int(event.seconds) // 5 != self._waited:
            self._waited = int(event.seconds) // 5
            self.say(f"waiting for the run lock ({event.seconds:.0f} of {event.limit:.0f} s), held by {event.holder}")


def _line(event: Event) -> str:  # noqa: PLR0911 - one line per kind of event
    if isinstance(event, Started):
        return f"[{event.number}/{event.total}] {event.step.direction} {event.step.migration.label}"
    if isinstance(event, Finished):
        return f"      done in {event.seconds:.2f} s, {event.statements} statements"
    if isinstance(event, Failed):
        return "      failed"
    if isinstance(event, Noticed):
        return f"      {event.severity}: {event.message}"
    if isinstance(event, Warned):
        return f"warning: {event.message}"
    if isinstance(event, Undoing):
        return f"the release failed: taking back {event.steps} migration(s)"
    if isinstance(event, Reconciled):
        return f"another tool moved the database from {Mark(event.before)} to {Mark(event.after)}: taken over"
    return ""


def error_lines(error: ShipliftError) -> Iterator[str]:
    """Say what happened, where, what it left, what to type next."""
    yield f"error: {error.message}"
    if error.where is not None:
        yield f"  at {error.where}"
        if error.where.text and error.where.line is not None:
            line, mark = caret(error.where)
            yield f"  | {line}"
            yield f"  | {mark}"
    for detail in error.details:
        yield f"  {detail}"
    if error.state:
        yield f"  state: {error.state}"
    if error.hint:
        yield f"  next: {error.hint}"
