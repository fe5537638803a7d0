"""``python -m osteon.trial reid2018``: one re-run as JSON; ``--page FILE``: all of them into the docs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osteon.errors import OsteonError
from osteon.trial.designs import DESIGNS
from osteon.trial.page import write
from osteon.trial.run import WOMEN, run_trial


def main(words: list[str] | None = None) -> int:
    """Run; the exit code is that of the error, 0 without one."""
    parser = argparse.ArgumentParser(prog="python -m osteon.trial", description="Re-run a published trial.")
    parser.add_argument("trial", nargs="?", choices=tuple(DESIGNS), default="reid2018")
    parser.add_argument("--women", type=int, default=WOMEN, help=f"virtual women, {WOMEN} by default")
    parser.add_argument("--page", type=Path, help="re-run every trial and write its tables into this page")
    asked = parser.parse_args(words)
    try:
        if asked.page is not None:
            write(asked.page, [run_trial(design(), women=asked.women) for design in DESIGNS.values()])
        else:
            sys.stdout.write(run_trial(DESIGNS[asked.trial](), women=asked.women).model_dump_json(indent=2) + "\n")
    except OsteonError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
