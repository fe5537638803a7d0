"""Commands about one person: classify, risk, options, project, import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from osteon.cli.limits import number, whole
from osteon.cli.output import TextOrJson, bullet_list, console, keep_apart, note, print_json, write_file
from osteon.errors import UsageError

if TYPE_CHECKING:
    from osteon.exchange import ReadPerson
    from osteon.twin.result import Projection

PersonFile = Annotated[str, Parameter(name="PERSON")]

STANDARD_INPUT = "<standard input>"
"""What a lone ``-`` becomes before the arguments are parsed: the parser would take it for an option."""


def read(file: str) -> ReadPerson:
    """Read a person's file; problems become errors that name the place and the mend."""
    from osteon.exchange import read_person

    return read_person("-" if file == STANDARD_INPUT else file)


def classify(person: PersonFile, /, *, format: TextOrJson = "text") -> None:
    """The diagnosis by bone density, and the site that decided it.

    Parameters
    ----------
    person
        The person's file.
    format
        Text, or JSON.
    """
    from osteon.densitometry import assess

    one = read(person)
    result = assess(one.person)
    if format == "json":
        print_json(result.model_dump(mode="json"))
        return
    from osteon.report.text_parts import bullets, densitometry_text

    earlier = result.earlier_osteoporosis
    screen = console()
    densitometry_text(screen, result, standing=() if earlier is None else (earlier.sentence,))
    bullets(screen, "What to check", result.advice)
    _beside(one)


def risk(
    person: PersonFile,
    /,
    *,
    years: Annotated[int, whole(1, 18)] = 10,
    format: TextOrJson = "text",
) -> None:
    """The probability of fracture, by each tool that can be used, and what was not recorded.

    Parameters
    ----------
    person
        The person's file.
    years
        The horizon, 1 to 18 years.
    format
        Text, or JSON.
    """
    from osteon.care.fracture import fracture_risks, lowest_t_score
    from osteon.densitometry import assess
    from osteon.risk import point_scores, screening_scores

    one = read(person)
    bone = assess(one.person)
    risks = fracture_risks(one.person, bone, horizon_years=years)
    scores = screening_scores(one.person)
    points = point_scores(one.person, lowest_t_score(bone, "total_hip"))
    if format == "json":
        print_json(
            {
                "risk": [item.model_dump(mode="json") for item in risks],
                "screening": [item.model_dump(mode="json") for item in scores],
                "points": [item.model_dump(mode="json") for item in points],
            }
        )
        return
    from osteon.report.text_parts import points_text, risk_text

    screen = console()
    risk_text(screen, risks, scores)
    points_text(screen, points)
    _beside(one)


def options(person: PersonFile, /, *, format: TextOrJson = "text") -> None:
    """The options that guidelines support for this person, with reasons and evidence.

    Parameters
    ----------
    person
        The person's file.
    format
        Text, or JSON.
    """
    from osteon.care import options as options_for
    from osteon.care.fracture import fracture_risks
    from osteon.densitometry import assess

    one = read(person)
    bone = assess(one.person)
    found = options_for(one.person, bone, fracture_risks(one.person, bone))
    if format == "json":
        print_json([item.model_dump(mode="json") for item in found])
        return
    from osteon.report.text_parts import option_reasons_text, options_text

    screen = console()
    options_text(screen, found)
    option_reasons_text(screen, found)
    _beside(one)


def screen(person: PersonFile, /, *, country: str | None = None, format: TextOrJson = "text") -> None:
    """Who asks for a bone-density scan of this person, with which tools, and when to look again.

    It needs no scan. Bodies that disagree are shown side by side.

    Parameters
    ----------
    person
        The person's file.
    country
        Only the bodies of this country (such as "United Kingdom" or UK), and international ones.
    format
        Text, or JSON.
    """
    from osteon.care.screening import screen as screening_of

    one = read(person)
    result = screening_of(one.person, country=country)
    if format == "json":
        print_json(result.model_dump(mode="json"))
        return
    from osteon.report.screening_text import screening_text

    screening_text(console(), result)
    _beside(one)


def compare(
    person: PersonFile,
    /,
    *,
    format: Literal["text", "html", "json"] | None = None,
    out: Path | None = None,
) -> None:
    """The fracture-risk tools side by side for this person: where they differ, and why.

    Parameters
    ----------
    person
        The person's file.
    format
        Text, a page (html), or JSON; without it, a page when --out is given, and text otherwise.
    out
        Write the page there instead of to standard output.
    """
    if out is not None and format in ("text", "json"):
        raise UsageError("--out writes the page", where=f"--format {format}", mend="Leave --format away, or --out")
    keep_apart(out, person)
    from osteon.care.comparison import compare as comparison_of
    from osteon.densitometry import assess

    one = read(person)
    result = comparison_of(one.person, assess(one.person))
    if format == "json":
        print_json(result.model_dump(mode="json"))
        return
    if format == "html" or out is not None:
        from osteon.report.comparison_page import comparison_page

        page = comparison_page(one.person, result, tuple(one.remarks))
        if out is None:
            sys.stdout.write(page + "\n")
            return
        write_file(out, page)
        note(f"Wrote {out}")
        return
    from osteon.report.comparison_text import comparison_text

    comparison_text(console(), result)
    _beside(one)


def project(
    person: PersonFile,
    /,
    *,
    therapy: Annotated[list[str] | None, Parameter(negative="")] = None,
    years: Annotated[float, number(0, 40, above=True)] = 10,
    out: Path | None = None,
    format: TextOrJson = "text",
) -> None:
    """The bone over the coming years under each therapy.

    Parameters
    ----------
    person
        The person's file.
    therapy
        A therapy, a sequence in months (denosumab:24,alendronate:60), a combination (teriparatide+denosumab), or
        another dose than the usual one (zoledronate@5mg/18m).
        Give it several times to compare. Without it: no treatment, and every therapy that this person may have.
    years
        How far to project, in years, up to 40.
    out
        Write every time point to a .csv or .parquet file.
    format
        Text, or JSON.
    """
    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise UsageError(
            f"cannot tell what to write from {repr(out.suffix) if out.suffix else 'a name without an ending'}",
            where="--out",
            mend="End it in .csv or .parquet",
        )
    from osteon.care.projection import project_options, project_person

    one = read(person)
    if therapy:
        result = project_person(one.person, therapy, years=years, every_months=1)
    else:
        result = project_options(one.person, years=years, every_months=1)
    if out is not None:
        write_projection(result, out)
        note(f"Wrote {out}")
    if format == "json":
        print_json(result.model_dump(mode="json"))
        return
    from osteon.report.text_parts import projection_text

    projection_text(console(), result)
    _beside(one)


def write_projection(result: Projection, out: Path) -> None:
    """Write a projection as a table: one row a therapy, site and time point."""
    from osteon.exchange.tables import projection_csv, projection_parquet

    write_file(out, projection_csv(result) if out.suffix == ".csv" else projection_parquet(result))


def import_(*files: PersonFile, out: Path | None = None) -> None:
    """Read a file into Osteon's own JSON, and say what was ignored and why.

    Parameters
    ----------
    files
        Osteon JSON, a FHIR R4 Bundle or a DICOM file; or several files with one FHIR resource each.
    out
        Write the person there instead of to standard output.
    """
    from osteon.exchange import read_fhir_resources, write_person_json

    if not files:
        raise UsageError("no file is named", mend="Write for example: osteon import bundle.json --out person.json")
    keep_apart(out, *files)
    one = read(files[0]) if len(files) == 1 else read_fhir_resources(list(files))
    text = write_person_json(one.person)
    if out is None:
        print(text)  # noqa: T201 - the result itself, on standard output
    else:
        write_file(out, text + "\n")
        note(f"Wrote {out}")
    _remarks(one)


def export(
    person: PersonFile, /, *, to: Annotated[Literal["fhir"], Parameter(name="--to")], out: Path | None = None
) -> None:
    """Write the person in another system's language: a FHIR R4 Bundle.

    It holds the record, the diagnosis by bone density and the fracture risks, and never a name.

    Parameters
    ----------
    person
        The person's file.
    to
        The language.
    out
        Write there instead of to standard output.
    """
    from osteon.exchange.fhir_out import export_fhir, not_carried

    keep_apart(out, person)
    one = read(person)
    text = export_fhir(one.person)
    lost = bullet_list("Not carried into FHIR:", (": ".join(item) for item in not_carried(one.person)))
    if lost:
        note(lost)
    if out is None:
        print(text)  # noqa: T201 - the result itself, on standard output
    else:
        write_file(out, text + "\n")
        note(f"Wrote {out}")
    _remarks(one)


def _beside(one: ReadPerson) -> None:
    """What was said in reading the file, and that an old scan makes the answer one of that time."""
    from osteon.care.old_scan import old_scan_warning

    _remarks(one)
    if warning := old_scan_warning(one.person):
        note(warning)


def _remarks(one: ReadPerson) -> None:
    listing = bullet_list("Read with these remarks:", one.remarks)
    if listing:
        note(listing)
