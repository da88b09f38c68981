"""Posts that are about no work of their own: news, lists, pages of the group.  Nothing is read into them."""

from __future__ import annotations

import pytest

from scholarly_posts import work_of

PAPERS = """\
Wick A, Glow B. Lamps in the night. Ann Wicks. 2019;12(3):45-56. doi:10.5555/wick1
Ember C, Wick A. Soot and the city. Lantern. 2020;4:7-19. doi:10.5555/wick2
Glow B, Ember C, Wick A. On the origin of sparks. J Lamp Sci. 2021;7(1):1-9. doi:10.5555/wick3
"""
LINES = PAPERS.strip().split("\n")
BULLETS = "\n".join(f"- {x}" for x in LINES)
NUMBERS = "\n".join(f"{n}. {x}" for n, x in enumerate(LINES, 1))
APART = "\n\n".join(LINES)
LINKED = "\n".join(f"* [{x[:30]}](https://doi.org/10.5555/wick{n})" for n, x in enumerate(LINES))

POSTS = {
    "list in bullets": ("Publications", [], BULLETS),
    "list with numbers": ("Our papers of 2021", [], f"The year in print.\n\n{NUMBERS}"),
    "list of paragraphs": ("Publications", [], APART),
    "list of paragraphs below years": ("Publications", [], f"## 2021\n\n{APART}\n\n## 2020\n\n{APART}"),
    "list of links": ("Papers", [], LINKED),
    "list of one heading each": (
        "Selected papers",
        [],
        "\n\n".join(
            f"### {t}\n\nAda Wick, Bo Glow\n\n*Lantern* {n}, 3–4 (2019)" for n, t in enumerate(("Lamps", "Wicks"), 3)
        ),
    ),
    "list in HTML": ("Publications", [], "<ol>\n" + "\n".join(f"<li>{x}</li>" for x in LINES) + "\n</ol>"),
    "list in one paragraph": ("Publications", [], PAPERS),
    "list with a bold heading": (
        "Publications",
        [],
        f"**Journal articles**\n\n{BULLETS}\n\n**Theses**\n\n- Wick A. 2015.",
    ),
    "reading list": ("What we read in June", ["tags: [reading]"], f"A few papers that we liked:\n\n{BULLETS}"),
    "new members": (
        "Welcome, Ada and Bo!",
        ["author: Cora Ember"],
        "Ada Wick, Bo Glow and Dan Flint have joined the lab in May 2021. Ada works on lamps, Bo on wicks.",
    ),
    "new members in a list": (
        "New faces",
        [],
        "- Ada Wick, PhD student\n- Bo Glow, postdoc\n- Dan Flint, master student",
    ),
    "names as a heading": (
        "Summer retreat",
        [],
        "![photo](/img/a.jpg)\n\nAda Wick, Bo Glow, Dan Flint\n\nWe went to the sea.",
    ),
    "award": (
        "Ada wins the Golden Lamp",
        [],
        "The Royal Society of Lamps gave Ada Wick its Golden Lamp 2020 in London.",
    ),
    "paper accepted": (
        "Our paper was accepted!",
        ["date: 2020-02-03"],
        "Bo's paper on soot was accepted at *Lantern*. Stay tuned.",
    ),
    "paper out, in words": (
        "New paper on moths",
        [],
        "Our paper with Ada Wick and Bo Glow is out in *Annals of Wicks* (2019). Read it "
        "[here](https://lamps.example.org/papers/1).",
    ),
    "release": (
        "glow 2.0 released",
        [],
        "Version 2.0 (2021-05-06) of glow is on [GitHub](https://github.com/example/glow).",
    ),
    "course": (
        "Course: the physics of candles",
        [],
        "### Ada Wick\n\nMondays 10–12, room 3.\n\n### Bo Glow\n\nFridays 14–16.",
    ),
    "call": ("PhD position", [], "We look for a doctoral student, 65%, from 1 May 2021. Contact Ada Wick."),
    "blog post with references": (
        "Why wicks curl",
        ["author: Ada Wick"],
        "Wicks curl because the outside burns first. This was shown long ago (Glow 1999).\n\n" * 4
        + "## References\n\n"
        + BULLETS,
    ),
    "blog post with one reference": (
        "Why wicks curl",
        ["author: Ada Wick"],
        "Wicks curl because the outside burns first, as a paper that we love has shown.\n\n## Reference\n\n" + LINES[0],
    ),
    "blog post with footnotes": ("Notes on tallow", [], f"Tallow smells.[^1]\n\n[^1]: {LINES[0]}\n[^2]: {LINES[1]}"),
    "conference report": (
        "Lamp Days 2019",
        [],
        "In May 2019 Ada Wick, Bo Glow and Cora Ember were in Porto for the Lamp Days. There were 300 participants.",
    ),
    "press": ("In the press", [], "- *The Daily Lamp*, 12 May 2019: “Brighter than ever”\n- *Moon Post*, 3 June 2019"),
    "about": (
        "About us",
        [],
        "The Lantern Lab studies lamps.\n\nMoon University, Wick Street 12, 8057 Porto\n\nada@lamps.example.org",
    ),
    "people": (
        "People",
        [],
        "### Ada Wick\n\nGroup leader\n\n### Bo Glow\n\nPostdoc\n\n### Cora Ember\n\nAlumna (2012–2019)",
    ),
    "seminar series": (
        "Seminars",
        [],
        "| date | speaker |\n| --- | --- |\n| 2020-05-06 | Ada Wick |\n| 2020-06-07 | Bo Glow |",
    ),
    "byline": ("A day at the lab", [], "By Ada Wick | May 2, 2020\n\n" + "We lit the lamps one by one. " * 12),
    "byline with a rubric": (
        "A day at the lab",
        [],
        "By Ada Wick and Bo Glow | Lab News | May 2, 2020\n\n" + "We lit the lamps one by one. " * 12,
    ),
    "byline with a dash": (
        "A day at the lab",
        [],
        "Ada Wick and Bo Glow — May 2, 2020\n\n" + "We lit the lamps one by one. " * 12,
    ),
    "members by year": ("Who joined us", [], "Ada Wick, Bo Glow, Cora Ember 2019\n\nDan Flint, Eve Spark 2020"),
    "references without titles": (
        "Papers of the year",
        [],
        "Wick A, Glow B. Lantern 2019;7:1-9.\n\nEmber C, Flint D. Lantern 2019;7:10-19.",
    ),
    "references without titles in a sentence": (
        "Two papers",
        [],
        "We published two papers: Wick A, Glow B. Lantern 2019;7:1-9 and Ember C. Lantern 2019;7:10-19.",
    ),
    "grant": (
        "A grant",
        [],
        "Ada Wick, Bo Glow, and Cora Ember received a grant of 12,300 (2019) from the Lamp Foundation.",
    ),
    "minutes": ("Minutes", [], "Present: Ada Wick, Bo Glow, Cora Ember\n\n1. Lamps, 12 May 2020\n2. Wicks"),
    "code": ("How to plot a flame", ["tags: [r]"], "```r\nlibrary(flame)\nplot(flame, 12)\n```\n\nAda Wick, 2020"),
}


@pytest.mark.parametrize("name", POSTS)
def test_no_work(name: str) -> None:
    """A list of works, a notice or a page of the group is no work, and its items are not merged into one."""
    title, head, body = POSTS[name]
    text = "\n".join(["---", f"title: '{title}'", *head, "---", "", body, ""])
    assert work_of(text) is None
