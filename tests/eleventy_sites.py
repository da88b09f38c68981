"""Small Eleventy sites, written to be awkward: name → {path: content}.

`bench/eleventy_urls.py` builds each with the real Eleventy and compares; `test_eleventy.py` holds what it printed.
"""

from __future__ import annotations

# Eleventy writes the date that it takes; the comparison reads it back.
WORDS = "Words.\n\nDATE {{ page.date | date: '%Y-%m-%dT%H:%M:%S' }}\n"


def post(*front: str, body: str = WORDS) -> str:
    """A page with these front matter lines."""
    return "\n".join(["---", *front, "---", "", body])


SITES: dict[str, dict[str, str]] = {
    "defaults": {
        "eleventy.config.js": "export default function () {}\n",
        "posts/2024-03-01-wick.md": post("title: Wick"),
        "posts/2024-03-02-Upper_Case And Space.md": post("title: Spaces"),
        "posts/2024-03-03-v1.2.3-released.md": post("title: Dots"),
        "posts/2024-03-04-ünïcode-Große-日本.md": post("title: Unicode"),
        "posts/2024-03-05-signs-(a)&b+c=d;e,f@g'h!.md": post("title: Signs"),
        "posts/2024-03-06-a--b.md": post("title: Doubled"),
        "posts/2024-03-07-.md": post("title: Empty slug"),
        "posts/2024-03-08.md": post("title: No slug"),
        "posts/lamp/index.md": post("title: Index", "date: 2024-04-01"),
        "posts/glass/glass.md": post("title: Twice the name", "date: 2024-04-02"),
        "posts/2024-04-03-dated-folder/index.md": post("title: Dated folder"),
        "posts/2024-04-04-dated-folder/2024-05-01-inner.md": post("title: Both are dated"),
        "posts/deep/er/still/2024-05-02-deep.md": post("title: Deep"),
        "posts/draft-2024-05-03-inside.md": post("title: A date inside the name"),
        "posts/2024-05-04-page.html": post(
            "title: Html", body="<p>DATE {{ page.date | date: '%Y-%m-%dT%H:%M:%S' }}</p>\n"
        ),
        "posts/2024-05-05-page.liquid": post("title: Liquid"),
        "posts/2024-05-06-page.njk": post("title: Nunjucks", body="<p>Words</p>\n"),
        "index.md": post("title: Home", "date: 2024-06-01"),
        "about.md": post("title: About", "date: 2024-06-02"),
        "notes/timed.md": post("title: Time", "date: 2024-06-03T10:20:30Z"),
        "notes/zoned.md": post("title: Zone", "date: 2024-06-03T23:20:30-05:00"),
        "notes/2020-01-01-stated.md": post("title: Stated", "date: 2024-06-04"),
        "_includes/2024-01-01-no.md": post("title: Never"),
        "node_modules/x/2024-01-01-no.md": post("title: Never"),
        "_site/2024-01-01-no.md": post("title: Never"),
        "_other/2024-01-01-yes.md": post("title: Other folders with an underscore"),
    },
    "permalinks": {
        "eleventy.config.js": "module.exports = function () {};\nmodule.exports.config = {};\n",
        "package.json": '{"type": "commonjs"}\n',
        "a.md": post("date: 2024-01-01", "permalink: /fixed/"),
        "b.md": post("date: 2024-01-01", "permalink: fixed/b.html"),
        "c.md": post("date: 2024-01-01", "permalink: /deep/index.html"),
        "d.md": post("date: 2024-01-01", "title: Größe & Ångström's β-lamp", "permalink: '/t/{{ title | slugify }}/'"),
        "e.md": post("date: 2024-01-02", "permalink: '/{{ page.date | date: \"%Y/%m/%d\" }}/{{ page.fileSlug }}/'"),
        "f/2024-02-03-f.md": post("permalink: '/blog/{{ page.fileSlug }}.html'"),
        "f/2024-02-04-g.md": post("permalink: '/x{{ page.filePathStem }}/'"),
        "h.md": post("date: 2024-01-01", "permalink: false"),
        "i.md": post("date: 2024-01-01", "permalink: //doubled//slash/"),
        "j.md": post("date: 2024-01-01", "permalink: ./here/./there/"),
        "k.md": post("date: 2024-01-01", "permalink: /up/../beside/"),
        "l.md": post("date: 2024-01-01", "permalink: /with space/and ü/"),
        "m.md": post("date: 2024-01-01", "eleventyAllowMissingExtension: true", "permalink: /no-slash"),
        "n.md": post("date: 2024-01-01", "eleventyAllowMissingExtension: true", "permalink: /ends/index"),
        "o.md": post("date: 2024-01-01", "permalink:", "  build: /built/"),
        "p.md": post(
            "date: 2024-01-01", "permalink: '{{ section | default: \"none\" }}/{{ page.fileSlug | upcase }}/'"
        ),
        "q.md": post(
            "date: 2024-01-01",
            "permalink: '/{% if kind == \"paper\" %}papers{% else %}news{% endif %}/q/'",
            "kind: paper",
        ),
        "r.md": post(
            "date: 2024-01-01", 'permalink: \'/{{ title | downcase | replace: " ", "_" }}/\'', "title: Two Words Here"
        ),
        "s.md": post("date: 2024-01-01", "permalink: ''"),
        "t.md": post("date: 2024-01-01", "dynamicPermalink: false", "permalink: /{{raw}}/"),
        "u.md": post("date: 2024-01-01", "title: Lamps and  Wicks -- again", "permalink: '/u/{{ title | slug }}/'"),
        "v.md": post("date: 2024-01-01", "title: Лампа и Œuvre ÅØ", "permalink: '/v/{{ title | slugify }}/'"),
        "w.md": '---json\n{\n  "date": "2024-01-05",\n  "permalink": "/json/{{ page.fileSlug }}/"\n}\n---\n' + WORDS,
        "x.md": post("date: 2024-01-01", "eleventyComputed:", "  permalink: '/computed/{{ page.fileSlug }}/'"),
    },
    "directory data": {
        "eleventy.config.mjs": (
            "export default function (eleventyConfig) {\n"
            '  // eleventyConfig.setInputDirectory("wrong");\n'
            '  eleventyConfig.addPassthroughCopy("src/assets");\n'
            "}\n"
            "export const config = {\n"
            "  dir: { input: 'src', output: 'public', includes: 'parts', layouts: 'frames', data: 'facts' },\n"
            "  pathPrefix: '/lab/',\n"
            "};\n"
        ),
        "src/facts/site.json": '{"section": "lamps", "url": "https://lamps.example"}\n',
        "src/posts/posts.json": '{"permalink": "/{{ site.section }}/{{ page.fileSlug }}/", "tags": ["posts"]}\n',
        "src/posts/2024-01-01-one.md": post("title: One"),
        "src/posts/2024-01-02-two.md": post("title: Two", "permalink: /own/two/"),
        "src/posts/sub/sub.11tydata.json": '{"permalink": "/sub/{{ page.fileSlug }}/"}\n',
        "src/posts/sub/2024-01-03-three.md": post("title: Three"),
        "src/posts/2024-01-04-four.json": '{"permalink": "/four/"}\n',
        "src/posts/2024-01-04-four.md": post("title: Four"),
        "src/posts/code/code.11tydata.js": (
            'export default { tags: "posts", permalink: "/code/{{ page.fileSlug }}/" };\n'
        ),
        "src/posts/code/2024-01-05-five.md": post("title: Five"),
        "src/posts/none/none.json": '{"permalink": false}\n',
        "src/posts/none/2024-01-06-six.md": post("title: Six"),
        "src/parts/2024-01-01-no.md": post("title: Never"),
        "src/frames/2024-01-01-no.md": post("title: Never"),
        "public/2024-01-01-no.md": post("title: Never"),
        "2024-01-01-outside.md": post("title: Never"),
    },
    "ignored": {
        ".eleventy.js": 'module.exports = (c) => {\n  c.ignores.add("README.md");\n  c.setUseGitIgnore(true);\n};\n',
        ".gitignore": "# a comment\nbuilt\n*.tmp.md\n!kept.tmp.md\n",
        ".eleventyignore": "private\n/notes/secret.md\n",
        "README.md": post("date: 2024-01-01"),
        "built/2024-01-01-a.md": post("title: Never"),
        "private/2024-01-01-a.md": post("title: Never"),
        "notes/2024-01-01-a.md": post("title: A"),
        "notes/private/2024-01-01-b.md": post("title: B"),
        "notes/built/2024-01-01-c.md": post("title: C"),
        "notes/secret.md": post("date: 2024-01-01"),
        "kept.tmp.md": post("date: 2024-01-01"),
        "notes/x.tmp.md": post("date: 2024-01-01"),
    },
}
