"""Small MkDocs sites, written to be awkward: name → {path: content}.

`bench/mkdocs_urls.py` builds each with the real MkDocs and Material and compares; `mkdocs_says.json` holds what it
printed.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from feeds.model import SourceOptions
from feeds.sources import _document, _mkdocs_files, _mkdocs_page
from feeds.sources.mkdocs import SOURCE
from sites import post

NFD = unicodedata.normalize("NFD", "Kürbis")
BLOG = "site_name: Lantern Lab\nsite_url: https://lab.example.org/\ntheme: material\nmarkdown_extensions: [attr_list]\n"

PAGES: dict[str, str] = {
    "index.md": "Welcome.\n",
    "news/index.md": "# All news\n",
    "news/README.md": post("date: 2020-01-01", body="# Never seen\n"),
    "news/2024-05-06-lamp.md": post("date: 2024-05-06", body="A lamp.\n"),
    "only-readme/README.md": post("date: 2020-01-02", body="Words first.\n\n# Then a heading\n"),
    "Upper Case And Space.md": post("date: 2020-01-03"),
    "ünïcode-Große-ΣΊΣΥΦΟΣ.md": post("date: 2020-01-04"),
    f"{NFD}.md": post("date: 2020-01-05"),
    "日本語.md": post("date: 2020-01-06", "title: 灯り"),
    "v1.2.3-released.md": post("date: 2020-01-07"),
    "index.en.md": post("date: 2020-01-07"),
    "a/b/c/deep.markdown": post("date: 2020-01-08"),
    "one.mkd": post("date: 2020-01-09"),
    "two.mkdn": post("date: 2020-01-10"),
    "three.mdown": post("date: 2020-01-11"),
    "UPPER.MD": post("date: 2020-01-12"),
    "signs-(a)&b+c=d;e,f@g'h!i$j~k.md": post("date: 2020-01-13"),
    "odd-#hash-[x]-{y}-100%-q?-^`|.md": post("date: 2020-01-14"),
    "under_scored_name.md": post("date: 2020-01-15"),
    "same.md": post("date: 2020-01-16", body="From same.md\n"),
    "same.markdown": post("date: 2020-01-16", body="From same.markdown\n"),
    ".hidden.md": post("date: 2020-01-17"),
    ".dot/page.md": post("date: 2020-01-18"),
    "templates/page.md": post("date: 2020-01-19"),
    "inner/templates/page.md": post("date: 2020-01-20"),
    "titles/front.md": post("date: 2020-02-01", "title: 'Stated: here'", body="# Heading\n"),
    "titles/number.md": post("date: 2020-02-01", "title: 2024", body="# Heading\n"),
    "titles/heading.md": post("date: 2020-02-02", body="# A *lit* `lamp` & [wick](w.md) ![oil](o.png) {#lamp .big}\n"),
    "titles/setext.md": post("date: 2020-02-03", body="Under lined\n===\n\nText\n"),
    "titles/dashes.md": post("date: 2020-02-03", body="Under lined\n---\n\nText\n"),
    "titles/second.md": post("date: 2020-02-04", body="## Second level\n"),
    "titles/tight.md": post("date: 2020-02-05", body="#Tight heading ##\n"),
    "titles/definition.md": post("date: 2020-02-06", body="[w]: https://w.example\n\n# Behind a definition\n"),
    "titles/comment.md": post("date: 2020-02-07", body="<!-- first -->\n\n# Behind a comment\n"),
    "titles/html.md": post("date: 2020-02-08", body="<p>first</p>\n\n# Behind HTML\n"),
    "titles/note.md": post("date: 2020-02-09", body="# With a note[^1]\n\n[^1]: A note.\n"),
    "titles/indented.md": post("date: 2020-02-10", body="  # Indented\n"),
    "titles/lines.md": post("date: 2020-02-11", body="# First line\nsecond line\n"),
    "titles/nav-wins.md": post("date: 2020-02-12", "title: Stated", body="# Heading\n"),
    "titles/nav-bare.md": post("date: 2020-02-13", "title: Stated", body="# Heading\n"),
    "titles/multi.md": "Title: By MultiMarkdown\nDate: 2020-02-14\n    12:00\n\n# Heading\n",
    "titles/no-multi.md": "# Heading: with colon\n\nDate: 2020-02-15\n",
    "excluded/page.md": post("date: 2020-03-01"),
    "excluded/kept.md": post("date: 2020-03-02"),
    "drafts/page.md": post("date: 2020-03-03"),
    "draft-flag.md": post("date: 2020-03-04", "draft: true"),
}
CONFIG = """site_name: Lantern Lab
markdown_extensions: [attr_list, footnotes]
exclude_docs: |
  excluded/*
  !kept.md
draft_docs: drafts/
nav:
  - index.md
  - Titles:
      - Called so here: titles/nav-wins.md
      - titles/nav-bare.md
      - Twice: titles/nav-bare.md
  - Elsewhere: https://lamps.example.org/
"""

BLOG_POSTS: dict[str, str] = {
    "blog/index.md": "# Blog\n",
    "blog/posts/first.md": post("date: 2024-01-31", body="# The First: Lamp's *Light*!\n"),
    "blog/posts/second.md": post("date: 2024-01-31", "title: Ünïcode — Große  Lampe_1.2", "slug: own-Slug"),
    "blog/posts/2023/third.md": post("date: 2023-12-31 23:30:00 -08:00", "title: <b>Zoned</b> & late"),
    "blog/posts/naive.md": post("date: 2023-12-31 23:30:00", "title: v1.2"),
    "blog/posts/nested-date.md": post("date:", "  created: 2022-02-03", "  updated: 2022-03-04", "title: Nested"),
    "blog/posts/categories.md": post("date: 2022-02-05", "categories: [Lamp Oil, Wicks]", "title: Categories"),
    "blog/posts/late-heading.md": post("date: 2022-02-06", body="Words.\n\n# Late\n"),
    "blog/posts/draft.md": post("date: 2022-02-07", "draft: true", "title: Draft"),
    "blog/posts-old/prefix.md": post("date: 2022-02-08", "title: Beside"),
    "blog/posts/README.md": post("date: 2022-02-09", body="No heading.\n"),
    "blog/posts/dotted.md": post("date: 2022-02-10", "slug: v1.2.3"),
    "blog/posts/slashed.md": post("date: 2022-02-11", "slug: a/b"),
    "blog/posts/bold-heading.md": post("date: 2022-02-12", body="# A **bold** [link](x.md) {#id}\n"),
    "blog/about.md": post("title: About the blog"),
}

SITES: dict[str, dict[str, str]] = {
    "pages": {
        "mkdocs.yml": CONFIG + "site_url: https://lab.example.org/group\n",
        **{f"docs/{path}": text for path, text in PAGES.items()},
    },
    "files": {
        "mkdocs.yaml": CONFIG + "use_directory_urls: false\n",
        **{f"docs/{path}": text for path, text in PAGES.items()},
    },
    "blog": {
        "mkdocs.yml": BLOG + "plugins:\n  - blog\n",
        "docs/index.md": "# Home of lamps\n",
        **{f"docs/{path}": text for path, text in BLOG_POSTS.items()},
    },
    "blog-formats": {
        "mkdocs.yml": BLOG
        + "use_directory_urls: false\n"
        + "plugins:\n  blog:\n    blog_dir: news\n    post_dir: '{blog}/items'\n"
        + "    post_url_format: '{categories}/{date}/{file}-{slug}'\n    post_url_date_format: d.M.yy\n"
        + "    post_url_max_categories: 2\n    post_slugify_separator: _\n"
        + "    post_slugify: !!python/object/apply:pymdownx.slugs.slugify\n      kwds:\n        case: fold\n"
        + "    categories_slugify: !!python/name:markdown.extensions.toc.slugify\n",
        "docs/index.md": "# Home of lamps\n",
        **{f"docs/{p.replace('blog/posts', 'news/items')}": text for p, text in BLOG_POSTS.items()},
    },
    "blog-alone": {
        "mkdocs.yml": BLOG.replace("theme: material", "theme: {name: material, language: de}")
        + "plugins:\n  - material/blog:\n      blog_dir: .\n      post_url_format: '{date}'\n"
        + "      post_url_date_format: yyyy-MMMM-dd-HHmm\n      draft: true\n",
        "docs/index.md": "# Blog\n",
        **{f"docs/{p.removeprefix('blog/')}": t for p, t in BLOG_POSTS.items() if p != "blog/index.md"},
    },
    "two-blogs": {
        "mkdocs.yml": BLOG
        + "plugins:\n  - search\n  - blog:\n      blog_dir: news\n      post_url_format: '{slug}'\n"
        + "      post_slugify: !!python/name:markdown.extensions.toc.slugify_unicode\n"
        + "  - blog:\n      blog_dir: talks/all\n      post_url_date_format: yyyy/QQQ/MMM\n"
        + "      post_slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {percent_encode: true}}\n",
        "docs/index.md": "# Home of lamps\n",
        "docs/news/posts/Große.md": post("date: 2024-05-06", "title: Große Lampe  --  2"),
        "docs/talks/all/posts/Große.md": post("date: 2024-05-06", "title: Große Lampe  --  2"),
        "docs/talks/all/posts/x/img.md": post("date: 2024-05-07", "title: Seen"),
    },
    "inherited": {
        "base/common.yml": "site_name: Base\nsite_url: https://base.example.org/\nextra: {a: 1}\nnav: [index.md]\n"
        + "theme: material\nplugins:\n  - meta\n",
        "mkdocs.yml": "INHERIT: base/common.yml\nsite_name: !ENV [NO_SUCH_VARIABLE, Lantern Lab]\ndocs_dir: content\n"
        + "markdown_extensions:\n  - pymdownx.saneheaders\n  - pymdownx.emoji:\n"
        + "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        + "      emoji_generator: !!python/name:material.extensions.emoji.to_svg\n"
        + "nav:\n  - First: ./index.md\n  - /papers/a.md\nvalidation:\n  nav:\n    absolute_links: relative_to_docs\n",
        "content/index.md": "# Welcome\n",
        "content/papers/.meta.yml": "tags: [paper]\nauthors: [ada]\n",
        "content/papers/a.md": post("date: 2024-05-06", "tags: [lamp]", body="# :material-lamp: A lamp\n"),
        "content/papers/b.md": post("date: 2024-05-07", body="#Tight is no heading\n"),
    },
}


def as_read(site: Path, documents: set[str]) -> dict[str, list[str]]:
    """Address below the site's and title, as `feeds` has them, of every post, and of the `documents` that are none."""
    options = SourceOptions(name="site", url="https://lab.example.org/base")
    tree = SOURCE.open(site, options)
    docs = _mkdocs_files.below(tree.data.config, "")
    found = {}
    for path in sorted({*tree.paths, *(docs + document for document in documents)}):
        source = path.removeprefix(docs)
        reading = SOURCE.read(tree, path, options)
        if reading.post:
            url, title = reading.post.url, reading.post.title
        elif source in documents:
            page = _mkdocs_page.page_of((site / path).read_bytes(), path, tree.data)
            url = _mkdocs_page.address_of(page, tree.data, None)
            title = _document.title_text(_mkdocs_page.title_of(page, tree.data.config))
        else:
            continue
        found[source] = [url.removeprefix(f"{options.url}/"), title]
    return found
