"""Small Hugo sites, written to be awkward: name → {path: content}.  No fence is added or implied.

`bench/hugo_urls.py` builds each with the real Hugo and compares; `test_hugo_urls.py` holds what it printed.
"""

from __future__ import annotations

import unicodedata


def page(*front: str, body: str = "Some words.\n") -> str:
    """A page with these lines of YAML front matter."""
    return "\n".join(["---", *front, "---", "", body])


def toml(*front: str, body: str = "Some words.\n") -> str:
    """A page with these lines of TOML front matter."""
    return "\n".join(["+++", *front, "+++", "", body])


DAY = "date: 2020-03-31T23:30:00+02:00"
TOKENS = """year month monthname day weekday weekdayname yearday section sections title slug slugorfilename filename
contentbasename slugorcontentbasename sections[1:] sections[0] sections[last] sections[:last] sections[7] 2006 Jan-2
""".split()

SITES: dict[str, dict[str, str]] = {
    "names": {
        "hugo.toml": 'baseURL = "https://lab.example.org/group/"\ntitle = "Lantern Lab"\n'
        "[security]\nallowContent = ['.*']\n",
        "content/news/plain.md": page("title: Plain", DAY),
        "content/news/Upper_Case And Space.md": page("title: Spaces", DAY),
        "content/news/two  spaces - and hyphens.md": page("title: Two spaces", DAY),
        "content/news/v1.2.3-released.md": page("title: Dots", DAY),
        "content/news/ends-with-dots...md": page("title: Trailing dots", DAY),
        "content/news/ünïcode-Große-ÄÖ-ΣΊΣΥΦΟΣ-İ.md": page("title: Unicode", DAY),
        "content/news/日本語の記事.md": page("title: Kanji", DAY),
        "content/news/" + unicodedata.normalize("NFD", "é-decomposed") + ".md": page("title: NFD", DAY),
        "content/news/signs-(a)&b+c=d;e,f@g'h!i$j~k.md": page("title: Signs", DAY),
        "content/news/odd-#hash-[x]-{y}-100%-q?-^`|.md": page("title: Odd signs", DAY),
        "content/news/escaped-%20-%zz.md": page("title: Percent", DAY),
        "content/news/½-and-Ⅻ.md": page("title: Numbers", DAY),
        "content/news/--leading-hyphen-.md": page("title: Hyphens", DAY),
        "content/news/a--b---c.md": page("title: Doubled", DAY),
        "content/news/page.html": page("title: Html", DAY, body="<p>words</p>\n"),
        "content/news/old.htm": page("title: Htm", DAY, body="<p>words</p>\n"),
        "content/news/long.markdown": page("title: Markdown", DAY),
        "content/news/other.mdown": page("title: Mdown", DAY),
        "content/news/.hidden.md": page("title: Never", DAY),
        "content/news/backup.md~": page("title: Never", DAY),
        "content/news/#emacs#.md": page("title: Emacs", DAY),
        "content/top.md": page("title: At the top", DAY),
        "content/News Item/Sub Folder/deep.md": page("title: Deep", DAY),
        "content/news/index-like/index.md": page("title: A bundle", DAY),
        "content/news/index-like/note.md": page("title: A resource", DAY),
        "content/news/index-like/more/index.md": page("title: A resource too", DAY),
        "content/news/Big Bundle v2.0/index.md": page("title: Big bundle", DAY),
        "content/bundle-at-top/index.md": page("title: Bundle at the top", DAY),
        "content/branch/_index.md": page("title: A section"),
        "content/branch/leaf.md": page("title: In a branch", DAY),
        "content/branch/html/index.html": page("title: Html bundle", DAY, body="<p>words</p>\n"),
        "content/both/index.md": page("title: Leaf beside branch", DAY),
        "content/both/_index.md": page("title: Branch beside leaf"),
        "content/both/child.md": page("title: Child of both", DAY),
        "content/news/case/Index.md": page("title: Index in upper case", DAY),
        "content/news/README.md": page("title: Readme", DAY),
        "content/news/de.md": page("title: Named like a language", DAY),
        "content/news/a.de.md": page("title: Unknown language", DAY),
        "content/news/b.en.md": page("title: Default language", DAY),
        "content/news/untitled.md": page(DAY),
        "content/news/Untitled Thing_here.md": page(DAY),
        "content/news/untitled-bundle/index.md": page(DAY),
        "content/news/no-front.md": "Only words.\n",
        "content/news/json.md": '{\n  "title": "Json", "date": "2020-03-31",\n  "slug": "from-json"\n}\n\nWords.\n',
        "content/news/toml.md": toml('title = "Toml"', "date = 2020-03-31T23:30:00+02:00", 'slug = "from-toml"'),
    },
    "front": {
        "config.yaml": "baseURL: https://lab.example.org\ntimeZone: Europe/Zurich\n",
        "content/a/slug.md": page("title: Slug", DAY, "slug: My Own Slug!"),
        "content/a/slug-path.md": page("title: Slug with a path", DAY, "slug: sub/Folder"),
        "content/a/slug-dots.md": page("title: Slug with dots", DAY, "slug: v1.2-(Beta)"),
        "content/a/slug-number.md": page("title: Slug that is a number", DAY, "slug: 2020"),
        "content/a/slug-empty.md": page("title: Empty slug", DAY, 'slug: ""'),
        "content/a/slug-index.md": page("title: Slug index", DAY, "slug: index"),
        "content/a/slug-bundle/index.md": page("title: Slug of a bundle", DAY, "slug: Other Name"),
        "content/a/url.md": page("title: Url", DAY, "url: /papers/one/"),
        "content/a/url-html.md": page("title: Url html", DAY, "url: /papers/Two.html"),
        "content/a/url-bare.md": page("title: Url bare", DAY, "url: papers/three"),
        "content/a/url-case.md": page("title: Url case", DAY, "url: /Papers/Four Five/"),
        "content/a/url-unicode.md": page("title: Url unicode", DAY, "url: /Über/uns/"),
        "content/a/url-dots.md": page("title: Url dots", DAY, "url: /x/../y/./z/"),
        "content/a/url-dot.md": page("title: Url dot", DAY, "url: /papers/v1.2"),
        "content/a/url-index.md": page("title: Url index", DAY, "url: /papers/six/index.html"),
        "content/a/url-tokens.md": page("title: Url tokens", DAY, "url: /:year/:month/:slug/"),
        "content/a/url-slashes.md": page("title: Url slashes", DAY, "url: //papers//seven//"),
        "content/a/url-signs.md": page("title: Url signs", DAY, 'url: "/papers/a(b)&c=d#e?f/"'),
        "content/a/alias.md": page("title: Alias", DAY, "aliases: [/old/one/, two, ../three/, /old/four.html]"),
        "content/a/alias-bundle/index.md": page("title: Alias bundle", DAY, "aliases: [five, ../six, /Old/Seven X/]"),
        "content/a/date-only.md": page("title: Date only", "date: 2020-03-31"),
        "content/a/date-quoted.md": page("title: Date quoted", 'date: "2020-03-31"'),
        "content/a/date-naive.md": page("title: Date naive", "date: 2020-03-31T23:30:00"),
        "content/a/date-naive-quoted.md": page("title: Date naive quoted", 'date: "2020-03-31T23:30:00"'),
        "content/a/date-space.md": page("title: Date space", "date: 2020-03-31 23:30:00"),
        "content/a/date-space-zone.md": page("title: Date zone", "date: 2020-03-31 23:30:00 +0500"),
        "content/a/date-z.md": page("title: Date Z", "date: 2020-03-31T23:30:00Z"),
        "content/a/date-toml-local.md": toml('title = "Toml local"', "date = 2020-03-31T23:30:00"),
        "content/a/date-toml-date.md": toml('title = "Toml date"', "date = 2020-03-31"),
        "content/a/date-toml-text.md": toml('title = "Toml text"', 'date = "2020-03-31"'),
        "content/a/date-toml-offset.md": toml('title = "Toml offset"', "date = 2020-03-31T23:30:00-08:00"),
        "content/a/date-day-first.md": page("title: Day first", "date: 02 Jan 2020"),
        "content/a/date-rfc.md": page("title: RFC 1123", "date: Thu, 02 Jan 2020 15:04:05 +0200"),
        "content/a/date-summer.md": page("title: Summer", "date: 2020-07-31T00:30:00"),
        "content/a/date-fraction.md": page("title: Fraction", "date: 2020-07-31T00:30:00.75Z"),
        "content/a/publishdate.md": page("title: Publish date", "publishDate: 2020-05-06"),
        "content/a/published.md": page("title: Published", "published: 2020-05-07"),
        "content/a/pubdate.md": page("title: Pubdate", "pubdate: 2020-05-08"),
        "content/a/lastmod.md": page("title: Lastmod", "lastmod: 2020-05-09"),
        "content/a/modified.md": page("title: Modified", "modified: 2020-05-10"),
        "content/a/both-dates.md": page("title: Both", "date: 2020-05-11", "publishDate: 2020-05-12"),
        "content/a/upper.md": page("title: Keys in upper case", "Date: 2020-05-13", "Slug: upper-slug"),
        "content/a/future.md": page("title: Future", "date: 2999-01-01"),
        "content/a/later.md": page("title: Later", "date: 2020-01-01", "publishDate: 2999-01-01"),
        "content/a/expired.md": page("title: Expired", "date: 2020-01-01", "expiryDate: 2020-02-01"),
        "content/a/unpublished.md": page("title: Unpublished", "date: 2020-01-01", "unpublishdate: 2020-02-01"),
        "content/a/lasting.md": page("title: Lasting", "date: 2020-01-01", "expiryDate: 2999-02-01"),
        "content/a/draft.md": page("title: Draft", DAY, "draft: true"),
        "content/a/draft-text.md": page("title: Draft as text", DAY, 'draft: "true"'),
        "content/a/no-draft.md": page("title: No draft", DAY, "draft: false"),
        "content/a/headless/index.md": page("title: Headless", DAY, "headless: true"),
        "content/a/render-never.md": page("title: Render never", DAY, "build: {render: never}"),
        "content/a/render-false.md": page("title: Render false", DAY, "build: {render: false}"),
        "content/a/ugly.md": page("title: A “quoted” *title* & <b>more</b>", DAY),
        "content/a/emoji.md": page('title: "Lamps 🔥 :fire: burn"', DAY),
        "content/a/number.md": page("title: 2020", DAY),
    },
    "ugly": {
        "hugo.yaml": "baseURL: https://lab.example.org/\nuglyURLs: true\npermalinks:\n  posts: /:year/:title/\n",
        "content/top.md": page("title: Top", DAY),
        "content/news/plain.md": page("title: Plain", DAY),
        "content/news/v1.2.md": page("title: Dots", DAY),
        "content/news/bundle/index.md": page("title: Bundle", DAY),
        "content/news/slug.md": page("title: Slug", DAY, "slug: Other One"),
        "content/news/url.md": page("title: Url", DAY, "url: /somewhere/else/"),
        "content/posts/one.md": page("title: One More", DAY),
    },
    "odd-layouts": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\nuglyURLs = true\ncontentDir = "docs"\n[permalinks]\n'
        'a = "/a/:15h/:Jan_2/:002/:slug/"\nb = "/b/:sections[-1]/:sections[:9]/:foo2006/:slug"\n',
        "docs/a/index.md": page("title: A bundle at the top", DAY),
        "docs/b/one.md": page("title: One", DAY),
        "docs/b/two.md": page("title: Two", DAY, "slug: index"),
        "docs/c/index/index.md": page("title: A bundle named index", DAY),
    },
    "ugly-sections": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\n[uglyURLs]\nnews = true\n',
        "content/news/plain.md": page("title: Plain", DAY),
        "content/talks/plain.md": page("title: Pretty", DAY),
    },
    "cased": {
        "hugo.json": '{"baseURL": "https://lab.example.org/Base/", "disablePathToLower": true,'
        ' "removePathAccents": true, "permalinks": {"page": {"posts": "/:section/:title/"}}}',
        "content/News Item/Über uns.md": page("title: Over us", DAY),
        "content/News Item/ÇA-Øre-Łódź.md": page("title: Accents", DAY),
        "content/posts/one.md": page("title: Ein Größerer Titel É", DAY),
        "content/posts/two.md": page("title: Slug", DAY, "slug: Slug É"),
    },
    "tokens": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\n[permalinks.page]\n'
        + "".join(f't{i} = "/{i}/:{token}/x/"\n' for i, token in enumerate(TOKENS))
        + 'colon = \'/a\\:b/:slug\'\nhtml = "/:year/:slug.html"\nmixed = "/:year-:month-:day-:title"\nbare = ":slug"\n',
        **{
            f"content/t{i}/{path}": text
            for i in range(len(TOKENS))
            for path, text in {
                "Plain Name.md": page("title: It's a Title, & more", DAY),
                "slugged.md": page("title: With slug", DAY, "slug: The Slug (1)"),
                "bundle X/index.md": page("title: A Bundle", DAY),
                "Sub One/_index.md": page("title: First below"),
                "Sub One/two/_index.md": page("title: Second below"),
                "Sub One/two/three/deeper.md": page("title: Deeper", DAY),
            }.items()
        },
        "content/colon/a.md": page("title: A", DAY),
        "content/html/a.md": page("title: A", DAY),
        "content/mixed/a.md": page("title: A b", DAY),
        "content/mixed/hash.md": page('title: "#1 in C# & 50% off?"', DAY),
        "content/mixed/plus.md": page('title: "a+b / c%20d"', DAY),
        "content/bare/a.md": page("title: Bare", DAY),
    },
    "flat-permalinks": {
        "config.toml": 'baseURL = "https://lab.example.org/"\n[permalinks]\n'
        'posts = "/:year/:month/:slug/"\n"/" = "/:slug/"\n',
        "content/posts/one.md": page("title: One", DAY),
        "content/posts/sub/two.md": page("title: Two", DAY),
        "content/news/three.md": page("title: Three", DAY),
        "content/about-us.md": page("title: Four is a Page", DAY),
    },
    "listed-permalinks": {
        "hugo.yaml": "baseURL: https://lab.example.org\npermalinks:\n- target: {kind: page, path: '/posts/2020*'}\n"
        "  pattern: /early/:slug/\n- target: {path: '{/posts/**,/news/*}'}\n"
        "  pattern: /:sectionslugs/:slugorfilename/\n- target: {kind: section}\n  pattern: /never/\n",
        "content/posts/_index.md": page("title: The Posts", "slug: All Posts"),
        "content/posts/2020-one.md": page("title: One", DAY),
        "content/posts/sub/_index.md": page("title: Lower Part"),
        "content/posts/2020-five.md": page("title: Five", DAY, "slug: d/e F"),
        "content/posts/2020-six.md": page("title: Six / Seven"),
        "content/posts/sub/2020-two.md": page("title: Two", DAY, "slug: a/b C"),
        "content/news/_index.md": page("title: All the News"),
        "content/news/three.md": page("title: Three", DAY),
        "content/news/deep/four.md": page("title: Four", DAY),
    },
    "one-language": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\ndefaultContentLanguage = "de"\n'
        "defaultContentLanguageInSubdir = true\n[languages.de]\ntitle = 'Laternen'\n",
        "content/a/eins.md": page("title: Eins", DAY, "aliases: [/alt/, neben]"),
        "content/a/zwei.de.md": page("title: Zwei", DAY),
        "content/a/three.en.md": page("title: Three", DAY),
    },
    "no-languages": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\ndefaultContentLanguageInSubdir = true\n',
        "content/a/one.md": page("title: One", DAY),
    },
    "nested-permalinks": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\n[permalinks.page]\n"posts" = "/p/:slug/"\n'
        '[permalinks.section]\nposts = "/sections/:slug/"\n',
        "content/posts/one.md": page("title: One", DAY),
        "content/posts/sub/two.md": page("title: Two", DAY),
        "content/other/three.md": page("title: Three", DAY),
    },
    "file-names": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\n[frontmatter]\ndate = [":filename", ":default"]\n'
        'lastmod = ["lastmod", ":fileModTime"]\n',
        "content/a/2020-04-05-dated.md": page("title: Dated"),
        "content/a/2020-04-05-dated-too.md": page("title: Dated in both", "date: 2021-01-01"),
        "content/a/2020-04-05.md": page("title: Nothing but a date"),
        "content/a/2020-04-05 _- odd.md": page("title: Odd separators"),
        "content/a/2020-04-06-slugged.md": page("title: Slugged", "slug: own-slug"),
        "content/a/2020-04-07-bundle/index.md": page("title: Bundle"),
        "content/a/2020-13-45-no-date.md": page("title: No date", "date: 2020-01-05"),
        "content/a/undated-name.md": page("title: Front matter", "date: 2020-01-06"),
        "content/a/2020-04-08-Case And Space.md": page("title: Case"),
    },
    "own-dates": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\n[frontmatter]\ndate = ["year_of_work", "date"]\n'
        'publishDate = ["released", ":default"]\n',
        "content/a/own.md": page("title: Own", "year_of_work: 2019-02-03", "date: 2020-01-01"),
        "content/a/default.md": page("title: Default", "date: 2020-01-01"),
        "content/a/released.md": page("title: Released", "date: 2020-01-01", "released: 2999-01-01"),
    },
    "build": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\nbuildDrafts = true\n'
        "buildFuture = true\nbuildExpired = true\n",
        "content/a/draft.md": page("title: Draft", DAY, "draft: true"),
        "content/a/future.md": page("title: Future", "date: 2999-01-01"),
        "content/a/expired.md": page("title: Expired", "date: 2020-01-01", "expiryDate: 2020-02-01"),
    },
    "languages": {
        "hugo.toml": 'baseURL = "https://lab.example.org/base/"\ndefaultContentLanguage = "en"\n'
        '[languages.en]\nweight = 1\ntitle = "Lantern Lab"\n[languages.de]\nweight = 2\ntitle = "Laternen"\n'
        '[languages.de.permalinks]\nposts = "/beitrag/:slug/"\n[languages.pt-br]\nweight = 3\n'
        "[languages.fr]\ndisabled = true\n",
        "content/news/one.md": page("title: One", DAY),
        "content/news/one.de.md": page("title: Eins", DAY),
        "content/news/one.fr.md": page("title: Un", DAY),
        "content/news/one.pt-br.md": page("title: Um", DAY),
        "content/news/bundle/index.md": page("title: Bundle", DAY),
        "content/news/bundle/index.de.md": page("title: Bündel", DAY, "slug: Bündel"),
        "content/news/only.de.md": page("title: Nur deutsch", DAY, "aliases: [alt, /alt/, ../älter]"),
        "content/news/url.de.md": page("title: Adresse", DAY, "url: /adresse/"),
        "content/news/url-bare.de.md": page("title: Adresse ohne", DAY, "url: adresse-ohne/"),
        "content/posts/a.md": page("title: Post", DAY),
        "content/posts/a.de.md": page("title: Beitrag", DAY),
        "content/news/v1.2.de.md": page("title: Punkte", DAY),
    },
    "language-folders": {
        "config/_default/hugo.toml": 'baseURL = "https://lab.example.org/"\ndefaultContentLanguage = "de"\n'
        "defaultContentLanguageInSubdir = true\n",
        "config/_default/languages.toml": '[de]\ncontentDir = "content/de"\nweight = 1\n'
        '[en]\ncontentDir = "content/en"\nweight = 2\n',
        "config/_default/permalinks.yaml": "news: /n/:slug/\n",
        "config/production/permalinks.yaml": "talks: /t/:slug/\n",
        "config/staging/permalinks.yaml": "talks: /never/:slug/\n",
        "content/de/news/eins.md": page("title: Eins", DAY),
        "content/en/news/eins.md": page("title: One", DAY),
        "content/en/talks/two.md": page("title: Two", DAY),
        "content/de/url.md": page("title: Adresse", DAY, "url: /adresse/"),
        "content/de/top.md": page("title: Oben", DAY, "aliases: [/alt/, neben]"),
    },
    "section-slugs": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\n[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n',
        "content/_index.md": page("title: Home", "slug: home"),
        "content/q/_index.md": page("title: Q", "slug: Quu X/y"),
        "content/q/_index.de.md": page("title: Q", "slug: Ku"),
        "content/q/a.md": page("title: A", DAY),
        "content/q/a.de.md": page("title: A", DAY),
        "content/q/b/index.md": page("title: B", DAY),
        "content/q/Sub S/_index.md": page("title: Sub", "slug: sss"),
        "content/q/Sub S/plain/c.md": page("title: C", DAY),
        "content/r/_index.md": page("title: R", "slug: rr", "cascade: {slug: handed-down}"),
        "content/r/a.md": page("title: A", DAY),
        "content/r/s/_index.md": page("title: S"),
        "content/r/s/b.md": page("title: B", DAY),
        "content/same.md": page("title: Hidden by the bundle", DAY),
        "content/same/index.md": page("title: The bundle", DAY),
    },
    "chosen-files": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\n[[module.mounts]]\nsource = "pages"\ntarget = "content"\n'
        'files = ["! later/**", "**"]\n[[cascade]]\nslug = "from-cascade"\n[cascade.target]\nkind = "{page,term}"\n'
        'path = "/a/*"\n[cascade.target.sites.matrix]\nlanguages = ["en"]\n',
        "pages/later/one.md": page("title: Never", DAY),
        "pages/a/two.md": page("title: Two", DAY),
        "pages/b/three.md": page("title: Three", DAY),
    },
    "mounts": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\n[[module.mounts]]\nsource = "pages"\ntarget = "content"\n'
        '[[module.mounts]]\nsource = "notebook/notes"\ntarget = "content/notes"\n',
        "pages/a/one.md": page("title: One", DAY),
        "notebook/notes/two.md": page("title: Two", DAY),
        "notebook/other/three.md": page("title: Never", DAY),
        "content/four.md": page("title: Never", DAY),
    },
    "cascade": {
        "hugo.toml": 'baseURL = "https://lab.example.org/"\nignoreFiles = ["\\\\.Rmd\\\\.md$", "scratch"]\n'
        '[[cascade]]\ndate = 2018-01-02\n[cascade.target]\npath = "/a/**"\n'
        '[[cascade]]\nslug = "from-config"\n[cascade.target]\npath = "/b/one"\n',
        "content/a/_index.md": page("title: A", "cascade:", "  draft: true"),
        "content/a/one.md": page("title: One"),
        "content/a/two.md": page("title: Two", "draft: false"),
        "content/a/sub/_index.md": page("title: Sub", "cascade:", "  draft: false", "  date: 2019-05-06"),
        "content/a/sub/three.md": page("title: Three"),
        "content/b/_index.md": page("title: B", "cascade:", "- target: {path: '/b/two*'}", "  build: {render: never}"),
        "content/b/one.md": page("title: One", DAY),
        "content/b/two.md": page("title: Two", DAY),
        "content/b/two-more.md": page("title: Two more", DAY),
        "content/c/_index.md": page("title: C", "cascade: {url: '/cc/:year/:slug/'}"),
        "content/c/one.md": page("title: C one", DAY),
        "content/c/a.Rmd.md": page("title: Ignored", DAY),
        "content/scratch/b.md": page("title: Ignored", DAY),
        "content/d/_index.md": page("title: D", "draft: true"),
        "content/d/one.md": page("title: Below a draft section", DAY),
        "content/e/_index.md": page("title: E", "cascade:", "  build: {list: never}"),
        "content/e/unlisted.md": page("title: Unlisted", DAY),
    },
}
