"""What a run tells at its end: what was done, what is withheld, and what is to be mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from feeds import one_post, rest
from feeds.errors import PublishError
from feeds.model import Problem, Row
from feeds.one_post import Context
from feeds.opening import Opened
from feeds.publish import Publication
from feeds.rest import Report
from feeds.settings import IMPLIED, PAGED
from feeds.state import Known


def nothing_found(known: Mapping[str, Known], opened: Opened) -> None:
    """Raises PublishError that says why there is nothing to publish."""
    withheld = [f"{key.partition(':')[2]} ({k.withheld})" for key, k in sorted(known.items()) if k.withheld]
    problems = [p for tree in opened.trees.values() for p in tree.problems]
    problems += [p for k in known.values() for p in k.problems if p.severity == "error"]
    why = f"; {len(withheld)} withheld, the first {withheld[0]}" if withheld else ""
    why += f"; the first problem: {problems[0].where}: {problems[0].message}" if problems else ""
    hint = (problems and problems[0].hint) or "check sources: path, include and exclude in config.yaml"
    raise PublishError(f"there is no post to publish{why}", hint=hint)


def report(
    opened: Opened,
    known: dict[str, Known],
    rows: Sequence[Row],
    context: Context,
    result: Publication,
    read: int,
) -> Report:
    """What was done and what is to be mended, without the problems of the sources themselves."""
    shown = {row.path for row in rows}
    due = [i for k in known.values() if k.row for i in (k.not_before, k.expires) if i and i > context.now]
    unseen = [(key, k) for key, k in sorted(known.items()) if key not in shown]
    hidden = [f"{key}: {reason}" for key, k in unseen if (reason := _reason(k, context))]
    posts = [rest.placed(p, key.partition(":")[0], opened) for key, k in sorted(known.items()) for p in k.problems]
    posts = list(dict.fromkeys(posts))  # a template that is wrong is wrong for every post alike
    published = [_located(p, opened) for p in result.problems]
    return Report(
        posts=len(known),
        read=read,
        published=len(shown),
        works=sum(1 for row in rows if row.kind != "news"),
        withheld=tuple(hidden),
        written=result.written,
        unchanged=result.unchanged,
        removed=result.removed,
        problems=(*posts, *_empty(rows, context), *published),
        next_due=min(due).isoformat() if due else "",
        output=str(context.target.output),
        address=context.site.feeds_url,
    )


def _empty(rows: Sequence[Row], context: Context) -> Iterator[Problem]:
    """A warning for each configured collection that nothing is in."""
    used = {name for row in rows for name in row.collections}
    for collection in context.collections:
        if collection.name not in used and collection not in (*IMPLIED, *PAGED):
            message = "no post is in this collection, so it has no feed"
            hint = "check its where: in the configuration"
            where = f"collections: {collection.name}"
            yield Problem(stage="export", where=where, message=message, hint=hint, severity="warning")


def _located(problem: Problem, opened: Opened) -> Problem:
    """A problem of publishing: what belongs to a post ("source:path") gets the path of its file."""
    source, colon, path = problem.where.partition(":")
    return rest.placed(replace(problem, where=path), source, opened) if colon and source in opened.trees else problem


def _reason(known: Known, context: Context) -> str:
    if known.withheld:
        return known.withheld
    if known.hidden:
        return "hidden"
    if known.absorbed:
        return f"tells of the same work as {known.absorbed}"
    if known.row and not one_post.shown(known, context.now):
        if known.not_before and known.not_before > context.now:
            return f"not before {known.not_before.isoformat()}"
        return f"expired {known.expires.isoformat()}" if known.expires else ""
    return ""
