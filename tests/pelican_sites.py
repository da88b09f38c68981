"""Pelican sites that try every rule for addresses, dates, categories and tags: name → path → content."""

from __future__ import annotations

CONF = """
AUTHOR = "Ada Wick"
SITENAME = "Lantern Lab"
SITEURL = "https://lantern.example"
PATH = "content"
TIMEZONE = "Europe/Zurich"
DEFAULT_LANG = "en"
THEME = "theme"
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
"""


def article(*lines: str, date: str = "2024-01-02") -> str:
    """A Markdown article with these meta lines."""
    return "\n".join([*lines, f"Date: {date}"] if date else lines) + "\n\nText.\n"


DEFAULTS = {
    "pelicanconf.py": CONF,
    "content/plain.md": article("Title: A first lamp"),
    "content/upper.md": article("Title: UPPER Case And Numbers 42"),
    "content/accents.md": article("Title: Ünïcödé Größe, Æther & Łódź — “quoted” l’été"),
    "content/greek.md": article("Title: Σίσυφος και φως"),
    "content/cyrillic.md": article("Title: Объект и лампа"),
    "content/han.md": article("Title: 日本語の記事ラーメン"),
    "content/hangul.md": article("Title: 등불 연구실"),
    "content/signs.md": article('Title: A/B: 100% of C++ & "D" (e_f) [g] {h} #i? j! k.l ~m'),
    "content/hyphens.md": article("Title: -- a -- b---c  d --"),
    "content/html.md": article("Title: The <em>bright</em> lamp &amp; its <b>wick</b>"),
    "content/entity.md": article("Title: 3 < 4 and 5 > 2"),
    "content/ligature.md": article("Title: ﬁne ½ ² Ⅷ ℃ ①"),
    "content/emoji.md": article("Title: Lamp 💡 on"),
    "content/slug.md": article("Title: With a slug", "Slug: My Own/Slug_1"),
    "content/empty-slug.md": article("Title: Empty slug", "Slug:"),
    "content/own-url.md": article("Title: Own url", "Url: papers/own/", "Save_as: papers/own/index.html"),
    "content/fr.md": article("Title: Lampe", "Lang: fr"),
    "content/twin-en.md": article("Title: Twin", "Slug: twin"),
    "content/twin-fr.md": article("Title: Jumeau", "Slug: twin", "Lang: fr"),
    "content/same-1.md": article("Title: Same title", date="2024-01-03"),
    "content/Same Folder/same.md": article("Title: In a folder"),
    "content/Glow & Co/deep/er/lamp.md": article("Title: Deep"),
    "content/news/own-category.md": article("Title: Own category", "Category: Clinical Data"),
    "content/news/tags.md": article("Title: Tags", "Tags: lamps, Wicks ,lamps,, Łamp"),
    "content/news/tags-semicolon.md": article("Title: Tags semicolon", "Tags: lamps, old; wicks"),
    "content/news/authors.md": article("Title: Authors", "Authors: Glow, Bo; Wick, Ada"),
    "content/2023-05-06-name.md": article("Title: Dated name", date=""),
    "content/2023-05-06-wins.md": article("Title: Front wins", date="2024-07-08 09:10"),
    "content/dates/words.md": article("Title: Words", date="4 July 2020"),
    "content/dates/american.md": article("Title: American", date="July 4, 2020 11:15pm"),
    "content/dates/slashes.md": article("Title: Slashes", date="2020/07/04 23:15"),
    "content/dates/dotted.md": article("Title: Dotted", date="2020.07.04"),
    "content/dates/ambiguous.md": article("Title: Ambiguous", date="03/04/2020"),
    "content/dates/zone.md": article("Title: Zone", date="2020-07-04 23:15:10 +0900"),
    "content/dates/z.md": article("Title: Zulu", date="2020-07-04T23:15:10Z"),
    "content/dates/underscore.md": article("Title: Underscore", date="2020-07-04_10:15"),
    "content/hidden.md": article("Title: Hidden", "Status: hidden"),
    "content/draft.md": article("Title: Draft", "Status: draft"),
    "content/skip.md": article("Title: Skip", "Status: skip"),
    "content/undated.md": article("Title: Undated", date=""),
    "content/untitled.md": article("Summary: none"),
    "content/odd-status.md": article("Title: Odd", "Status: nearly"),
    "content/fenced.md": "---\nTitle: Fenced lamp\nDate: 2024-02-03\nTags: a, b\n---\nText.\n",
    "content/long.md": "Title: Long\nDate: 2024-02-03\nSummary: one\n    two\nTags: x\n\nText.\n",
    "content/crlf.md": "Title: Carriage\r\nDate: 2024-02-03\r\n\r\nText.\r\n",
    "content/bom.md": "\ufeffTitle: Marked\nDate: 2024-02-03\n\nText.\n",
    "content/old.markdown": article("Title: Old ending"),
    "content/page.html": '<html><head><title>An &amp; HTML page</title><meta name="date" content="2024-03-04 05:06">'
    '<meta name="tags" content="a, b"><meta name="keywords" content="c"></head><body><p>Text</p></body></html>',
    "content/rest.rst": "A *bright* lamp & wick\n######################\n\n:date: 2024-03-04 05:06\n"
    ":tags: a, b\n:category: rests\n:authors: Ada Wick, Bo Glow\n\nText.\n",
    "content/rest-sub.rst": "Lamp\n====\n\nMore\n----\n\n:date: 2024-03-04\n\nText.\n",
    "content/rest-slug.rst": "Lamp two\n========\n\n:date: 2024-03-04\n:slug: lamp-ii\n:lang: de\n\nText.\n",
    "content/rest-field-title.rst": ":title: From the field\n:date: 2024-03-05\n\nText.\n",
    "content/pages/about.md": article("Title: About"),
    "content/notes.txt": "no article",
}

DATED_URLS = {
    "pelicanconf.py": CONF
    + """
ARTICLE_URL = "{date:%Y}/{date:%b}/{date:%-d}/{category}/{author}/{lang}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
ARTICLE_LANG_URL = "{lang}/" + ARTICLE_URL
ARTICLE_LANG_SAVE_AS = ARTICLE_LANG_URL + "index.html"
DEFAULT_CATEGORY = "Old News"
USE_FOLDER_AS_CATEGORY = False
DEFAULT_LANG = "de"
DEFAULT_METADATA = {"tags": "lab, lamps", "status": "published"}
EXTRA_PATH_METADATA = {"papers": {"lang": "en"}, "papers/old.md": {"template": "old"}}
""",
    "content/papers/old.md": article("Title: Old paper", date="2019-02-03"),
    "content/papers/new.md": article("Title: New paper", "Author: Bo Glöw", "Tags: own"),
    "content/lampe.md": article("Title: Die Lampe", "Category: Öl & Docht"),
    "content/authors.md": article("Title: Mehrere", "Authors: Bo Glow, Ada Wick", "Lang: fr"),
}

NAMES = {
    "pelicanconf.py": CONF
    + r"""
SLUGIFY_SOURCE = "basename"
SLUGIFY_PRESERVE_CASE = True
SLUGIFY_USE_UNICODE = True
FILENAME_METADATA = r"(?P<date>\d{4}-\d{2}-\d{2})_(?P<lang>[a-z]{2})_(?P<slug>.*)"
PATH_METADATA = r"(?P<category>[^/]*)/(?P<kind>[^/]*)/.*"
ARTICLE_PATHS = ["blog", "extra.md"]
ARTICLE_EXCLUDES = ["blog/private"]
ARTICLE_URL = "posts/{kind}/{slug}"
ARTICLE_SAVE_AS = "posts/{kind}/{slug}.html"
ARTICLE_LANG_URL = "{lang}/{slug}"
DEFAULT_METADATA = {"kind": "none"}
""",
    "content/blog/x/2022-03-04_en_My-Lamp.md": article("Title: Any", date=""),
    "content/blog/x/2022-03-04_fr_Ma-Lampé.md": article("Title: Autre", date=""),
    "content/blog/Größe Eins.md": article("Title: Size one"),
    "content/blog/private/no.md": article("Title: Private"),
    "content/blog/a.b.c.md": article("Title: Dots"),
    "content/other/no.md": article("Title: Other"),
    "content/extra.md": article("Title: Extra file"),
}

SUBSTITUTIONS = {
    "pelicanconf.py": CONF
    + r"""
SLUG_REGEX_SUBSTITUTIONS = [
    (r"C\+\+", "cpp"),
    (r"[^\w\s.-]", ""),
    (r"(?u)\A\s*", ""),
    (r"(?u)\s*\Z", ""),
    (r"[-\s]+", "_"),
]
CATEGORY_REGEX_SUBSTITUTIONS = [(r"[^\w]+", "+")]
ARTICLE_URL = "{category}/{slug}.html"
ARTICLE_SAVE_AS = ARTICLE_URL
DEFAULT_DATE = (2020, 5, 6, 7)
WITH_FUTURE_DATES = False
""",
    "publishconf.py": "import os, sys\nsys.path.append(os.curdir)\nfrom pelicanconf import *\n"
    'SITEURL = "https://lantern.example/lab"\nRELATIVE_URLS = False\n',
    "content/a.md": article("Title: c++ v1.2 lamps!", "Category: Two  Words & More", date=""),
    "content/b.md": article("Title: Later", date="2021-01-01"),
}

SITES = {"defaults": DEFAULTS, "dated-urls": DATED_URLS, "names": NAMES, "substitutions": SUBSTITUTIONS}
