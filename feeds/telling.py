"""What the commands tell people: one line a thing, with colours on a terminal only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from feeds.check import Review, Tally
    from feeds.inject import Injected
    from feeds.loose import Read
    from feeds.model import Problem
    from feeds.pipeline import Report
    from feeds.proposal import Proposal


def proposal(found: Proposal, file: Path) -> None:
    """What was found in the folder, and what was written."""
    for part in found.parts:
        where = "" if part.path == "." else f"{part.path}: "
        click.echo(f"{where}{part.kind}, because of {part.reason}")
        kinds = ", ".join(f"{sum(places.values())} {name}" for name, places in part.kinds.items())
        known = f", {part.people} {'person' if part.people == 1 else 'people'} known" if part.people else ""
        click.echo(f"  {_count(part.posts, 'post')}{f' ({kinds})' if kinds else ''}, {part.withheld} withheld{known}")
        if part.unread:
            click.echo(f"  {_count(part.unread, 'file')} could not be read: feeds check says why")
    if not found.url_known:
        click.secho(f"The site's address is not known: change site.url in {file} before you publish", fg="yellow")
    if not any(part.posts for part in found.parts):
        click.secho("There is nothing to publish yet: a post is a page with a date (docs/sources.md)", fg="yellow")
    if found.is_copied:
        names = f"{file.name} and {found.output}/"
        click.echo(f"Jekyll would copy {names} into the site it builds: name both under `exclude:` in _config.yml")
    click.echo(f"wrote {file}; next: feeds build" + (f" -c {file}" if file.parent != Path() else ""))


def run(report: Report, dry_run: bool) -> None:
    """What a run did, or would do."""
    would = "would be " if dry_run else ""
    errors, warnings = len(report.left_out), len(report.problems) - len(report.left_out)
    posts, withheld = _count(report.posts, "post"), len(report.withheld)
    shown = f"{report.published} published, {report.works} with a work, {withheld} withheld"
    click.echo(f"{posts}, {report.read} read: {shown}")
    written, removed = len(report.written), len(report.removed)
    click.echo(f"{_count(written, 'file')} {would}written, {report.unchanged} unchanged, {removed} {would}removed")
    if report.sent or report.deleted:
        click.echo(f"{_count(report.sent, 'file')} sent to the storage, {report.deleted} deleted there")
    if report.problems:
        click.echo(f"{_count(errors, 'error')}, {_count(warnings, 'warning')} (listed above)")
    if dry_run:
        lines = [f"  write   {path}" for path in report.written] + [f"  remove  {path}" for path in report.removed]
        if lines:
            click.echo("\n".join(lines))
    index = Path(report.output) / "index.html"
    if not dry_run and index.is_file():
        click.echo(f"Look at {_near(str(index))}")


def injected(done: Injected, dry_run: bool) -> None:
    """What came of the pages of a built site."""
    would = "would be " if dry_run else ""
    parts = [f"{_count(len(done.written), 'page')} {would}written", f"{done.unchanged} unchanged"]
    if done.removed:
        parts.append(f"the block {would}taken out of {_count(len(done.removed), 'page')}")
    if done.missing:
        parts.append(f"{len(done.missing)} not found")
    click.echo(f"{_near(done.folder)}: {', '.join(parts)}")
    if dry_run:
        for path in (*done.written, *done.removed):
            click.echo(f"  write   {path}")


def problems(found: Iterable[Problem], most: int = 0) -> None:
    """One line a problem and its hint; of those with the same message at most `most`, when it is given."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for problem in found:
        alike.setdefault((problem.severity, problem.message), []).append(problem)
    for (severity, message), group in alike.items():
        shown = group[:most] if most else group
        for problem in shown:
            label = click.style(severity, fg="red" if severity == "error" else "yellow")
            click.echo(f"{label}: {_near(problem.where)}: {message}", err=True)
            if problem.hint and problem is shown[-1]:
                click.echo(f"  hint: {problem.hint}", err=True)
        if len(group) > len(shown):
            click.echo(f"  … and {len(group) - len(shown)} more like it (feeds check --all lists them)", err=True)


def reviews(found: Iterable[Review], most: int) -> None:
    """Each post of which something is to mend; of findings that are alike at most `most`, when it is given."""
    seen: Counter[str] = Counter()
    for review in found:
        seen.update(finding.message for finding in review.findings)
        shown = [f for f in review.findings if not most or seen[f.message] <= most]
        if shown:
            complete = f" ({review.kind}, {review.filled} of {review.fields} fields)" if review.fields else ""
            click.secho(f"{_near(review.post)}{complete}", bold=True)
        for finding in shown:
            label = click.style(finding.severity, fg="red" if finding.severity == "error" else "yellow")
            click.echo(f"  {label}: {_near(finding.where)}: {finding.message}")
            if finding.hint:
                click.echo(f"    hint: {finding.hint}")
    more = {message: number - most for message, number in seen.items() if most and number > most}
    if more:
        click.echo("… and more of the same, which feeds check --all lists:")
        for message, number in more.items():
            click.echo(f"  {number:>5}  {message}")


def tallies(found: Mapping[str, Tally]) -> None:
    """For each consumer how many posts are complete, and what the others lack."""
    for name, tally in found.items():
        lacks = ", ".join(f"{field} {number}" for field, number in tally.lacks.items())
        click.echo(
            f"{name}: {tally.complete} of {tally.posts} complete{f'; lacking: {lacks}' if lacks else ''}", err=True
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _near(where: str) -> str:
    """A path as seen from here, when it is below."""
    try:
        return str(Path(where).relative_to(Path.cwd()))
    except ValueError:
        return where


def post(reading: Read) -> None:
    """One post, with what was found in it."""
    click.secho(reading.given, bold=True)
    if reading.item is None:
        click.echo(f"  {reading.withheld or 'could not be read'}\n")
        return
    from feeds import showing

    for line in showing.table(reading.item):
        click.echo("  " + line)
    click.echo()
