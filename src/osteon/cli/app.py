"""The commands put together, and what happens when something goes wrong."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from osteon import __version__
from osteon.cli import batch, library, people, report, serve, studies, trial, twin
from osteon.cli.complaint import in_words
from osteon.errors import OsteonError

EPILOGUE = (
    "PERSON is a file: Osteon's own JSON, a FHIR R4 Bundle or a DICOM report; - reads standard input.\n"
    "Exit codes: 0 success, 1 a bug, 2 bad usage, 3 bad input, 4 the model could not answer."
)

GROUPS = {"twin": twin.app, "trial": trial.app}
"""Commands that have commands of their own."""

app = App(
    name="osteon",
    help="From a bone-density scan and a history to a decision: diagnosis, fracture risk, options, projection.",
    help_epilogue=EPILOGUE,
    version=f"osteon {__version__}",
    help_format="plaintext",  # Markdown help would load a parser and a highlighter on every start
    result_action="return_none",
    exit_on_error=False,
    print_error=False,
)
app.command(report.report)
app.command(people.classify)
app.command(people.risk)
app.command(people.options)
app.command(people.screen)
app.command(people.compare)
app.command(people.project)
app.command(studies.studies)
app.command(studies.update_studies)
app.command(people.import_, name="import")
app.command(people.export)
app.command(batch.batch)
app.command(library.therapies)
app.command(library.evidence)
app.command(twin.app)
app.command(trial.app)
app.command(serve.serve)
app.register_install_completion_command(add_to_startup=False)


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code.

    A user error becomes one clear message on standard error, without a traceback. Set ``OSTEON_DEBUG=1`` to
    see the traceback of anything.
    """
    sys.exit(_exit_code(sys.argv[1:] if arguments is None else arguments))


def _exit_code(arguments: Sequence[str]) -> int:
    _write_any_character()
    try:
        app([people.STANDARD_INPUT if word == "-" else word for word in arguments])
    except OsteonError as error:
        if os.environ.get("OSTEON_DEBUG"):
            raise
        _complain(str(error))
        return error.exit_code
    except CycloptsError as error:
        _complain(f"{in_words(error)}\nSee: osteon {_command_named_in(arguments)}--help")
        return 2
    except KeyboardInterrupt:
        _complain("stopped")
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`osteon ... | head`): not an error, but nothing more may be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if os.environ.get("OSTEON_DEBUG"):
            raise
        _complain(f"cannot write the result: {error.strerror}. Choose another place with --out.")
        return 2
    except Exception as error:
        if os.environ.get("OSTEON_DEBUG"):
            raise
        # The message of an unforeseen exception may hold a patient's values, so only its kind is shown.
        _complain(
            f"a bug in Osteon ({type(error).__name__}). Please report it; "
            "run again with OSTEON_DEBUG=1 to see where (that text may hold personal data)."
        )
        return 1
    return 0


def _write_any_character() -> None:
    """Write UTF-8 whatever the terminal or a redirection was set to: a report must not stop at a minus sign."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and (stream.encoding or "").casefold().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8", errors="replace")


def _complain(message: str) -> None:
    sys.stderr.write(f"osteon: {message}\n")


def _command_named_in(arguments: Sequence[str]) -> str:
    words: list[str] = []
    for word in arguments:
        if word not in (GROUPS[words[0]] if len(words) == 1 and words[0] in GROUPS else app):
            break
        words.append(word)
        if len(words) == 2:
            break
    return " ".join(word for word in words if not word.startswith("-")) + (" " if words else "")
