"""The command line.  Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds import __version__, telling

if TYPE_CHECKING:
    from feeds.model import Problem
    from feeds.settings import Config

OK, NOTHING_PUBLISHED, USAGE, SOME_LEFT_OUT = 0, 1, 2, 3

_CONFIG = click.option(
    "-c",
    "--config",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=lambda: _own_file(Path()),
    show_default="config.yaml, or feeds.yaml where there is one",
    help="The configuration file.",
)
_JOBS = click.option(
    "--jobs",
    type=click.IntRange(0, 256),
    default=0,
    help="Processes to use, whatever workers: says; 0 means as it says.",
)


def main() -> None:
    """Run the command line; a person never sees a traceback for what is theirs to mend."""
    from feeds.errors import ConfigError, FeedsError

    try:
        commands(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except FeedsError as error:
        for line in str(error).splitlines():
            click.secho(line, err=True, fg=None if line.startswith("hint:") else "red")
        sys.exit(USAGE if isinstance(error, ConfigError) else NOTHING_PUBLISHED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(OK)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: feeds build, then open output/index.html. Documentation: docs/ in the project.",
)
@click.version_option(__version__, prog_name="feeds", message="%(prog)s %(version)s")
def commands() -> None:
    """Atom, RSS and schema.org JSON-LD from the posts of a research group's site.

    \b
    feeds init           look at a site's folder and write a config.yaml for it
    feeds build          make or update the feeds once
    feeds run            keep them up to date on a schedule
    feeds inject         put what crawlers read into the pages of a built site
    feeds serve          answer for what is published over HTTP
    feeds show POST…     what was found in a post, and where
    feeds check          what the posts lack, and what to add
    """


@commands.command(
    epilog="""\b
Examples:
  feeds init
  feeds init ../my-site
  feeds init --print | less

Nothing is asked and nothing overwritten. Afterwards: feeds build.
"""
)
@click.argument(
    "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(), metavar="[DIR]"
)
@click.option("--print", "only_print", is_flag=True, help="Print the configuration; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON; write nothing.")
def init(folder: Path, only_print: bool, as_json: bool) -> None:
    """Recognise the site in a folder and write a config.yaml that builds at once."""
    from feeds import proposal

    found = proposal.propose(folder.resolve())
    if as_json:
        _print_json(found)
    elif only_print:
        click.echo(found.config, nl=False)
    else:
        file = proposal.write(found, folder)
        telling.proposal(found, file)


@commands.command(
    epilog="""\b
Examples:
  feeds build
  feeds build -c site/config.yaml -o /srv/www/feeds
  feeds build --dry-run --json | jq .written

\b
Exit status:
  0  everything was exported
  1  nothing could be published
  2  wrong usage or configuration
  3  published, but something was left out (it is listed)
"""
)
@_CONFIG
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Publish here instead.")
@click.option("--full", is_flag=True, help="Read every post again, whatever is known of it.")
@_JOBS
@click.option("--dry-run", is_flag=True, help="Say what would be written and removed; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--no-push", is_flag=True, help="Tell no hub and no search engine of what changed; the next run does.")
@click.option("--allow-shrink", is_flag=True, help="Publish even though more than half of the posts would disappear.")
def build(
    file: Path,
    output: Path | None,
    full: bool,
    jobs: int,
    dry_run: bool,
    as_json: bool,
    no_push: bool,
    allow_shrink: bool,
) -> None:
    """Bring the output up to date with the posts, once."""
    from feeds import building, config
    from feeds.errors import FeedsError

    try:
        settings = config.load(file)
        if output:
            settings = config.with_output(settings, output)
        report, injected = building.build(
            settings, full=full, jobs=jobs, dry_run=dry_run, allow_shrink=allow_shrink, tell=not no_push
        )
    except FeedsError as error:
        if as_json:
            _print_json({"error": error.message, "where": error.where, "hint": error.hint})
        raise
    telling.problems(report.problems, most=3)
    if as_json:
        _print_json(report)
    else:
        telling.run(report, dry_run)
        if injected:
            telling.injected(injected, dry_run)
    sys.exit(SOME_LEFT_OUT if report.left_out else OK)


@commands.command(
    epilog="""\b
Examples:
  feeds show _posts/2019-08-27-a-paper.md
  feeds show --format jsonld _posts/2019-08-27-a-paper.md
  feeds show --format csl-json _posts/ > works.json
  feeds show --format bibtex _posts/ > works.bib

No config.yaml is needed: loose files are read as they are.
"""
)
@click.argument("paths", nargs=-1, required=True, metavar="POST…")
@click.option("-c", "--config", "file", type=click.Path(path_type=Path, dir_okay=False), help="The configuration file.")
@click.option(
    "--format", "name", default="", metavar="NAME", help="An item exporter: jsonld, bibtex, ris, … Default: a table."
)
def show(paths: tuple[str, ...], file: Path | None, name: str) -> None:
    """Print what was found in posts, and where each value came from."""
    from feeds import loose

    if name:
        from feeds import registry

        items = [n for n in registry.exporter_names() if registry.exporter(n).scope == "item"]
        if name not in items:
            raise click.BadParameter(
                f"no item exporter is named {name!r}; known are {', '.join(items)}", param_hint="--format"
            )
    readings = list(loose.read(paths, _optional_config(file)))
    telling.problems(p for reading in readings for p in reading.problems)
    if name:
        sys.stdout.buffer.write(loose.rendered(readings, name))
    else:
        for reading in readings:
            telling.post(reading)
    sys.exit(OK if all(reading.item or reading.withheld for reading in readings) else NOTHING_PUBLISHED)


@commands.command(
    epilog="""\b
Examples:
  feeds check
  feeds check _posts/2019-08-27-a-paper.md
  feeds check --for scholar _posts/
  feeds check --json | jq -r '.posts[].findings[].message'

No config.yaml is needed where posts are named.

\b
Exit status:
  0  nothing to mend
  1  something to mend (it is listed)
  2  wrong usage or configuration
"""
)
@click.argument("paths", nargs=-1, metavar="[PATHS]…")
@click.option("-c", "--config", "file", type=click.Path(path_type=Path, dir_okay=False), help="The configuration file.")
@click.option(
    "--for",
    "consumer",
    type=click.Choice(["scholar", "rogue-scholar", "zotero", "bioschemas"]),
    default=None,
    help="Only what this one misses, with what it would welcome.",
)
@click.option("--all", "everything", is_flag=True, help="List every post; else three of those that lack the same.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON (docs/check.md).")
def check(paths: tuple[str, ...], file: Path | None, consumer: str | None, everything: bool, as_json: bool) -> None:
    """Say what is to mend in each post, what its record lacks and for whom, and which line to add."""
    from feeds import loose
    from feeds.check import tally

    config = _optional_config(file)
    if not paths and config is None:
        raise click.UsageError("there is no config.yaml here: name some posts, or a configuration with -c")
    found = loose.checked(paths, config, consumer or "")
    counts = tally(found, consumer or "")
    if as_json:
        _print_json({"posts": found, "summary": counts})
    else:
        telling.reviews(found, most=0 if everything else 3)
        telling.tallies(counts)
        number = sum(len(r.findings) for r in found)
        click.echo(f"{number} to mend" if number else "nothing to mend", err=True)
    sys.exit(1 if any(r.findings for r in found) else OK)


@commands.command(
    name="inject",
    epilog="""\b
Examples:
  bundle exec jekyll build && feeds inject _site
  feeds inject public --dry-run
  feeds inject --remove _site

Run it after each build of the site. With pages: {mode: inject, site: _site} in config.yaml, feeds build and feeds run
do it by themselves.

\b
Exit status: as of feeds build.
""",
)
@click.argument(
    "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False, metavar="[SITE_DIR]"
)
@_CONFIG
@click.option("--remove", is_flag=True, help="Take every block out again; the pages are as they were before.")
@click.option("--dry-run", is_flag=True, help="Say which pages would be written; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def inject_(folder: Path | None, file: Path, remove: bool, dry_run: bool, as_json: bool) -> None:
    """Put the metadata that crawlers read into the <head> of pages that the site has built.

    SITE_DIR is what the site's generator writes: _site, public, site; or pages: site in the configuration.
    """
    from feeds import building, config, inject

    settings = None if remove and folder else config.load(file)
    place = folder or (Path(settings.pages.site) if settings and settings.pages and settings.pages.site else None)
    if place is None:
        raise click.UsageError("name the folder of the built site: feeds inject _site")
    problems: tuple[Problem, ...] = ()
    if remove or settings is None:
        done = inject.remove(place, dry_run=dry_run)
    else:
        done, problems = building.inject_into(place, settings, dry_run=dry_run)
    found = (*problems, *done.problems)
    telling.problems(found, most=3)
    if as_json:
        _print_json(done)
    else:
        telling.injected(done, dry_run)
    sys.exit(SOME_LEFT_OUT if any(problem.severity == "error" for problem in found) else OK)


@commands.command(
    epilog="""\b
Examples:
  feeds run
  feeds run -c /etc/feeds/config.yaml

Signals: TERM stops after the file in hand, HUP reads the configuration again.
"""
)
@_CONFIG
@_JOBS
def run(file: Path, jobs: int) -> None:
    """Build at once and then on the schedule in the configuration, until stopped."""
    from feeds import daemon, log

    log.start()
    daemon.start(file, jobs)


@commands.command(
    epilog="""\b
Examples:
  feeds serve
  feeds serve -c /etc/feeds/config.yaml --port 8080
  feeds serve -o /srv/www/feeds
  curl -H "Accept: application/x-bibtex" http://127.0.0.1:8000/id/10.5555/12345678

What is published while it runs is served at once. TERM ends it after the answers that are under way.
"""
)
@click.option("-c", "--config", "file", type=click.Path(path_type=Path, dir_okay=False), help="The configuration file.")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Serve this folder instead.")
@click.option("--host", help="The address to listen at; 0.0.0.0 is every one.  [default: serve.host, or 127.0.0.1]")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port; 0 is any free one.  [default: serve.port, or 8000]"
)
def serve(file: Path | None, output: Path | None, host: str | None, port: int | None) -> None:
    """Serve what is published: files, works in the format that is asked for, OAI-PMH (docs/serve.md).

    A folder that is named needs no configuration.
    """
    from feeds import config, log, server

    settings = _optional_config(file) if output else config.load(file or _own_file(Path()))
    log.start()
    server.start(settings, output, host, port)


# ------------------------------------------------------------------------------------------------ what commands share


def _own_file(folder: Path) -> Path:
    """Our configuration: feeds.yaml where `config.yaml` belongs to the site's own generator."""
    other = folder / "feeds.yaml"
    return other if other.is_file() else folder / "config.yaml"


def _optional_config(file: Path | None) -> Config | None:
    from feeds import config

    chosen = file or _own_file(Path())
    return config.load(chosen) if file or chosen.is_file() else None


def _print_json(value: Any) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
