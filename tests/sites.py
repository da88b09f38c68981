"""Small Jekyll sites, written to be awkward: name → {path: content}.  No `---` line is added or implied.

`bench/jekyll_urls.py` builds each with the real Jekyll and compares; `test_jekyll_urls.py` holds what it printed.
"""

from __future__ import annotations

from pathlib import Path


def post(*front: str, body: str = "Some words.\n") -> str:
    """A post with these front matter lines."""
    return "\n".join(["---", *front, "---", "", body])


SITES: dict[str, dict[str, str]] = {
    "defaults": {
        "_config.yml": "url: https://lab.example.org\nbaseurl: /group\ntimezone: Europe/Zurich\n",
        "_posts/2019-08-27-plain.md": post("title: Plain"),
        "_posts/2019-08-27-no-front-matter.md": "Only words.\n",
        "_posts/2019-08-28-empty-front.md": "---\n---\nWords.\n",
        "_posts/2019-8-9-Short.Numbers.markdown": post("title: Short"),
        "_posts/19-08-27-two-digit-year.md": post("title: Two digits"),
        "_posts/2019-08-27-Upper_Case And Space.md": post("title: Spaces"),
        "_posts/2019-08-27-v1.2.3-released.mkd": post("title: Dots"),
        "_posts/2019-08-27-ends-with-dots....md": post("title: Trailing dots"),
        "_posts/2019-08-27-ünïcode-Große-ÄÖ-ΣΊΣΥΦΟΣ.md": post("title: Unicode"),
        "_posts/2019-08-27-日本語の記事.md": post("title: Kanji"),
        "_posts/2019-08-27-signs-(a)&b+c=d;e,f@g'h!i$j~k.md": post("title: Signs"),
        "_posts/2019-08-27-odd-#hash-[x]-{y}-100%-q?-^`|.md": post("title: Odd signs"),
        "_posts/2019-08-27--leading-hyphen-.md": post("title: Hyphens"),
        "_posts/2019-08-27-a--b---c.md": post("title: Doubled"),
        "_posts/2019-08-27-page.html": post("title: Html", body="<p>words</p>\n"),
        "_posts/2019-08-27-old.htm": post("title: Htm", body="<p>words</p>\n"),
        "_posts/2019-08-27-x.mkdown": post("title: Mkdown"),
        "_posts/2019-08-27-y.mkdn": post("title: Mkdn"),
        "_posts/nested/deeper/2019-08-27-nested.md": post("title: Nested"),
        "_posts/nested/_hidden.md": post("title: Never"),
        "_posts/_2019-08-27-underscore.md": post("title: Never"),
        "_posts/2019-08-27-backup.md~": post("title: Never"),
        "_posts/.2019-08-27-dot.md": post("title: Never"),
        "_posts/notes.md": post("title: Never, no date in the name"),
        "_posts/2019-08-27.md": post("title: Never, no slug"),
        "_posts/2019-08-27-.md": post("title: Empty slug"),
        "_drafts/a-draft.md": post("title: Draft"),
        "_posts/2019-08-27-unpublished.md": post("title: Unpublished", "published: false"),
        "_posts/2019-08-27-published-empty.md": post("title: Published empty", "published:"),
        "news/_posts/2020-01-02-in-folder.md": post("title: Folder"),
        "News Item/Sub/_posts/2020-01-02-in-folders.md": post("title: Folders", "categories: [extra, News Item]"),
        "news/_posts/sub/2020-01-02-below.md": post("title: Below"),
        "_hidden/_posts/2020-01-02-never.md": post("title: Never"),
        "vendor/bundle/_posts/2020-01-02-never.md": post("title: Never"),
        "node_modules/x/_posts/2020-01-02-never.md": post("title: Never"),
        "_posts/2020-02-01-cat-string.md": post("title: C1", "categories: Two Words"),
        "_posts/2020-02-01-cat-singular.md": post("title: C2", "category: Two Words"),
        "_posts/2020-02-01-cat-both.md": post("title: C3", "category: One", "categories: [Two, one]"),
        "_posts/2020-02-01-cat-list.md": post(
            "title: C4", "categories:", "  - Clinical Data", "  - C++ & R", "  - a/b"
        ),
        "_posts/2020-02-01-cat-number.md": post("title: C6", "categories: [2020, 1.5, true]"),
        "_posts/2020-02-01-cat-empty.md": post("title: C7", "categories:", "category: "),
        "_posts/2020-02-01-cat-unicode.md": post("title: C8", "category: [Zürich, ÉTÉ, İstanbul]"),
        "_posts/2020-02-01-cat-list-singular.md": post("title: C9", "category:", "  - news", "  - publications"),
        "_posts/2020-02-01-cat-colon.md": post("title: C10", "category: 'bio: one'"),
        "_posts/2020-02-01-tags-string.md": post("title: T1", "tags: one two"),
        "_posts/2020-02-01-tag-singular.md": post("title: T2", "tag: one two"),
        "_posts/2020-02-01-tags-both.md": post("title: T3", "tag: one", "tags: [two, three]"),
        "_posts/2020-03-01-date-wins.md": post("title: D1", "date: 2020-03-31"),
        "_posts/2020-03-01-date-late.md": post("title: D2", "date: 2020-03-31 23:30:00"),
        "_posts/2020-03-01-date-late-no-seconds.md": post("title: D3", "date: 2020-03-31 23:30"),
        "_posts/2020-03-01-date-late-quoted.md": post("title: D4", "date: '2020-03-31 23:30:00'"),
        "_posts/2020-03-01-date-zone.md": post("title: D5", "date: 2020-03-31 23:30:00 -0500"),
        "_posts/2020-03-01-date-zone-colon.md": post("title: D6", "date: 2020-03-31 00:30:00 +09:00"),
        "_posts/2020-03-01-date-z.md": post("title: D7", "date: 2020-12-31T23:30:00Z"),
        "_posts/2020-03-01-date-summer.md": post("title: D8", "date: 2020-07-31T22:30:00Z"),
        "_posts/2020-03-01-date-t.md": post("title: D9", "date: 2020-07-31T22:30:00"),
        "_posts/2020-03-01-date-fraction.md": post("title: D10", "date: 2020-07-31 22:30:00.75 +0200"),
        "_posts/2020-03-01-date-words.md": post("title: D11", "date: 31 July 2020"),
        "_posts/2020-03-01-date-american.md": post("title: D12", "date: July 4, 2020 23:15"),
        "_posts/2020-03-01-date-slashes.md": post("title: D13", "date: 2020/07/04"),
        "_posts/2020-03-01-date-one-digit.md": post("title: D15", "date: 2020-7-4 9:05:00 +0000"),
        "_posts/2020-02-30-no-such-day.md": post("title: D16"),
        "_posts/2020-03-01-date-rfc.md": post("title: D17", "date: Sat, 04 Jul 2020 23:15:00 +0000"),
        "_posts/2020-03-01-date-zone-short.md": post("title: D18", "date: 2020-03-31 23:30 -0500"),
        "_posts/2020-03-01-slug.md": post("title: S1", "slug: My Own Slug!"),
        "_posts/2020-03-01-slug-dots.md": post("title: S2", "slug: v1.2 (Beta)"),
        "_posts/2020-03-01-untitled-THING_here.md": post("layout: none"),
        "_posts/2020-03-02-permalink.md": post("title: P1", "permalink: /papers/one.html"),
        "_posts/2020-03-02-permalink-folder.md": post("title: P2", "permalink: papers/two/"),
        "_posts/2020-03-02-permalink-bare.md": post("title: P3", "permalink: /papers/three"),
        "_posts/2020-03-02-permalink-holes.md": post("title: P4", "permalink: /:year/:i_month-:i_day/:slug:output_ext"),
        "_posts/2020-03-02-permalink-signs.md": post("title: P5", "permalink: /a b/ü/%20/x.html"),
        "_posts/2020-03-02-permalink-dots.md": post("title: P6", "permalink: /../x/./y//z/"),
        "_posts/2020-03-02-permalink-style.md": post("title: P7", "permalink: pretty"),
        "_posts/2020-03-02-permalink-empty.md": post("title: P8", "permalink: ''"),
        "_posts/2020-03-02-permalink-false.md": post("title: P9", "permalink: false"),
        "_posts/2020-03-02-permalink-_x.md": post("title: P10", "permalink: /:year_:month_/:title"),
        "_posts/2020-03-02-permalink-ext.md": post("title: P11", "permalink: /data/:title.json"),
    },
    "pretty": {
        "_config.yml": (
            "url: https://example.org\npermalink: pretty\ntimezone: America/New_York\n"
            "collections:\n  papers:\n    output: true\n  people: {}\n  Talks 2020:\n    output: true\n"
        ),
        "_posts/2020-01-01-pretty.md": post("title: Pretty", "date: 2020-01-01 03:00:00 +0000"),
        "_posts/2020-01-01-ext.md": post("title: Ext", "permalink: /x/:title:output_ext"),
        "_papers/2020-02-02-dated-name.md": post("title: Dated"),
        "_papers/deep/er/A Paper.v2.md": post("title: Deep", "date: 2020-05-05"),
        "_papers/page.html": post("title: Html", "date: 2020-05-05"),
        "_people/ada.md": post("title: Ada", "date: 2020-05-05"),
        "_Talks2020/one.md": post("title: Talk", "date: 2020-05-05"),
    },
    "academic": {  # as the academic themes have it: included page folders, collections of their own, defaults for each
        "_config.toml": 'url = "https://never.example"\n',  # the YAML file goes before it
        "_config.yml": (
            "url: https://lab.example.org\nbaseurl: /lab/\npermalink: /blog/:year/:title/\ninclude: [_pages]\n"
            "collections:\n  news:\n    defaults:\n      layout: post\n    output: true\n"
            "  publications:\n    output: true\n    permalink: /:collection/:path/\n"
            "  talks:\n    output: true\n    permalink: /talks/:year/:name\n  members: {}\n"
            "  teaching:\n    output: false\n"
            "defaults:\n  - scope: {path: '', type: publications}\n    values: {category: papers}\n"
            "  - scope: {path: _talks/old}\n    values: {permalink: '/archive/:slug:output_ext'}\n"
            "scholar:\n  bibliography: papers.bib\n"
        ),
        "_news/announcement_1.md": post("layout: post", "date: 2023-10-02 12:00:00-0400", "inline: true"),
        "_news/announcement_2.md": post("title: Long", "date: 2023-10-03", "inline: false", "related_posts: false"),
        "_publications/2021-03-04-bright.md": post(
            "title: Bright", "date: 2021-03-04", "permalink: /publication/bright"
        ),
        "_publications/2022-dim.md": post("title: Dim", "date: 2022-03-04", "venue: Wax"),
        "_talks/2022-02-01-days.md": post("title: Days", "date: 2022-02-01", "type: Talk"),
        "_talks/old/2001-02-01-night.md": post("title: Night", "date: 2001-02-01"),
        "_members/ada.md": post("name: Ada Wick", "date: 2020-01-01"),
        "_teaching/2020-lamps.md": post("title: Never", "date: 2020-01-01"),
        "_pages/publications.md": post("title: Never", "date: 2020-01-01", "permalink: /publications/"),
        "_pages/_posts/2020-05-05-inside.md": post("title: Below an included folder"),
        "_posts/2022-01-02-first.md": post("title: First"),
    },
    "ordinal": {
        "_config.yml": "permalink: ordinal\ncollections:\n  papers:\n    output: true\n",
        "_posts/2020-12-31-leap.md": post("title: Leap", "category: a"),
        "_posts/2019-01-01-first.md": post("title: First"),
        "_papers/x.md": post("title: X", "date: 2020-01-01"),
    },
    "weekdate": {
        "_config.yml": "permalink: weekdate\ncollections:\n  papers:\n    output: true\n",
        "_posts/2021-01-03-sunday.md": post("title: Sunday"),
        "_posts/2020-12-31-thursday.md": post("title: Thursday"),
        "_papers/x.md": post("title: X", "date: 2020-01-01"),
    },
    "none": {
        "_config.yml": "permalink: none\nfuture: true\n",
        "_posts/2020-12-31-none.md": post("title: None", "categories: [b, a, B]"),
        "_posts/2090-12-31-later.md": post("title: Later"),
    },
    "every-placeholder": {
        "_config.yml": (
            "timezone: Asia/Tokyo\n"
            "permalink: /:year/:short_year/:month/:i_month/:day/:i_day/:y_day/:short_month/:long_month"
            "/:hour:minute:second/:w_year/:week/:w_day/:short_day/:long_day/:title/:slug/:categories/:slugified_categories/:collection/:path"
            "/:name:output_ext\n"
        ),
        "_posts/2020-12-31-Big.Day_x.md": post(
            "title: T", "date: 2020-12-31 21:04:05 +0000", "category: [C & D, É]", "slug: Sl.ug_x"
        ),
        "a/_posts/2021-01-01-New Year.md": post("title: T", "date: 2021-01-01 07:08:09 +0900"),
        "_posts/2022-02-02-plain.md": post("title: T"),
    },
    "templates": {
        "_config.yml": (
            "permalink: /blog/:categories/:title\n"
            "collections:\n"
            "  papers: {output: true, permalink: '/p/:name/:title'}\n"
            "  talks: {output: true, permalink: '/t/:path:output_ext'}\n"
            "  notes: {output: true, permalink: '/:collection/:year/:month/:slug/'}\n"
            "  posts: {permalink: '/posts/:slugified_categories/:year/:title/'}\n"
        ),
        "_posts/2020-01-01-one.md": post("title: One", "category: Some News"),
        "_papers/2019-05-06-My Paper_v1.2.md": post("title: Paper"),
        "_papers/sub/Plain Name.md": post("title: Paper", "date: 2019-01-01"),
        "_talks/sub dir/Über Talk.markdown": post("title: Talk", "date: 2019-01-01"),
        "_notes/2019-05-06-note.md": post("title: Note", "date: 2020-07-08"),
        "_notes/note2.md": post("title: Note", "date: 2020-07-08", "permalink: /n/:title/:year.html"),
        "_notes/static.txt": "no front matter\n",
    },
    "front-defaults": {
        "_config.yml": (
            "collections:\n  papers:\n    output: true\n"
            "defaults:\n"
            "  - scope: {path: ''}\n    values: {permalink: '/all/:title/', lang: en}\n"
            "  - scope: {path: '', type: posts}\n    values: {permalink: '/posts/:title/', categories: [base]}\n"
            "  - scope: {path: news, type: posts}\n    values: {permalink: '/news/:year/:title/'}\n"
            "  - scope: {path: news/_posts}\n    values: {permalink: '/newest/:categories/:title/'}\n"
            "  - scope: {path: '_posts/*/special*'}\n    values: {permalink: '/special/:title/', category: starred}\n"
            "  - scope: {path: '**/deep'}\n    values: {permalink: '/deep/:title/'}\n"
            "  - scope: {path: /slashed}\n    values: {permalink: '/slashed/:title/'}\n"
            "  - scope: {type: papers, path: ''}\n"
            "    values: {date: '2020-05-06', permalink: '/papers/:year/:month/:title/'}\n"
            "  - scope: {path: _posts/dated}\n    values: {date: '2018-01-02'}\n"
            "  - scope: {}\n    values: {subtitle: anything}\n"
            "  - scope: {path: '', type: post}\n    values: {tags: [deprecated]}\n"
        ),
        "_posts/2020-01-01-plain.md": post("title: A"),
        "_posts/2020-01-01-cats.md": post("title: A", "categories: [mine]"),
        "_posts/2020-01-01-own.md": post("title: A", "permalink: /own/"),
        "_posts/2020-01-01-null.md": post("title: A", "permalink:"),
        "_posts/x/2020-01-01-y.md": post("title: A"),
        "_posts/x/special-y/2020-01-01-z.md": post("title: A"),
        "_posts/x/deep/2020-01-01-d.md": post("title: A"),
        "_posts/dated/2020-01-01-d.md": post("title: A"),
        "news/_posts/2020-01-01-n.md": post("title: A"),
        "newsroom/_posts/2020-01-01-n.md": post("title: A"),
        "slashed/_posts/2020-01-01-s.md": post("title: A"),
        "_papers/p.md": post("title: P"),
        "_papers/q.md": post("title: P", "date: 2019-02-03"),
    },
    "collections-dir": {
        "_config.yml": (
            "collections_dir: content\ncollections:\n  papers:\n    output: true\nshow_drafts: true\n"
            "defaults:\n  - scope: {path: content/_posts}\n    values: {category: found}\n"
        ),
        "content/_posts/2020-01-01-in.md": post("title: In"),
        "content/news/_posts/2020-01-01-in.md": post("title: In"),
        "_posts/2020-01-01-out.md": post("title: Out"),
        "news/_posts/2020-01-01-out.md": post("title: Out"),
        "content/_papers/p.md": post("title: P", "date: 2020-01-01"),
        "_papers/p.md": post("title: Out", "date: 2020-01-01"),
        "content/_drafts/My Draft.md": post("title: Draft", "date: 2020-02-02"),
        "content/sub/_drafts/2020-03-03-dated-draft.md": post("title: Draft"),
    },
    "excludes": {
        "_config.yml": (
            "exclude: [old, 'secret*', '_posts/2020-01-02*', README.md, sub/]\ninclude: [_pages, .well-known]\n"
            "destination: public\nunpublished: true\n"
        ),
        "_posts/2020-01-01-kept.md": post("title: Kept"),
        "_posts/2020-01-02-out.md": post("title: Out"),
        "_posts/secret/2020-01-03-kept.md": post("title: Kept"),
        "_posts/2020-01-04-unpublished.md": post("title: Unpublished", "published: false"),
        "old/_posts/2020-01-01-out.md": post("title: Out"),
        "older/_posts/2020-01-01-out.md": post("title: Out"),
        "secrets/_posts/2020-01-01-out.md": post("title: Out"),
        "sub/_posts/2020-01-01-out.md": post("title: Out"),
        "subject/_posts/2020-01-01-kept.md": post("title: Kept"),
        "_pages/_posts/2020-01-01-kept.md": post("title: Kept"),
        "public/_posts/2020-01-01-out.md": post("title: Out"),
        ".github/_posts/2020-01-01-out.md": post("title: Out"),
    },
}


def write(root: Path, files: dict[str, str]) -> None:
    """Put a site's files below `root`."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode("utf-8"))
