"""Occasions that posts name: meetings, schools, conferences, with the town where they take place."""

from __future__ import annotations

import pytest

from feeds.model import Person
from feeds.scholarly._occasions import named
from feeds.scholarly.resolve import extract, resolve
from scholarly_posts import EXTRACTORS, post_of

NAMED = {
    "LUMEN All Hands 2024 in Uppsala": ("LUMEN All Hands 2024", "Uppsala"),
    "11th Plenary of the Lamp Alliance, Lisbon": ("11th Plenary of the Lamp Alliance", "Lisbon"),
    "ISLB 2025 in Liverpool": ("ISLB 2025", "Liverpool"),
    "WickCon 2019, Porto": ("WickCon 2019", "Porto"),
    "European Wick Workshop 2023 - Ghent": ("European Wick Workshop 2023", "Ghent"),
    "3rd International Conference on Lamps, Porto, Portugal, 3–5 May 2023": (
        "3rd International Conference on Lamps",
        "Porto, Portugal",
    ),
    "Wick Meeting 2022 (Vienna, Austria)": ("Wick Meeting 2022", "Vienna, Austria"),
    "7th Lamp Plenary, Boston, MA, USA": ("7th Lamp Plenary", "Boston, MA, USA"),
    "Lamp Days 2024": ("Lamp Days 2024", ""),
    "Lamp Workshop on May 3, 2024": ("Lamp Workshop", ""),
    "Basel Lamp Conference 2019": ("Basel Lamp Conference 2019", "Basel"),
    "Summer School on Flames in Ascona": ("Summer School on Flames", "Ascona"),
    "Jahrestagung der Lampengesellschaft 2019 in Bonn": ("Jahrestagung der Lampengesellschaft 2019", "Bonn"),
    "Journées de la Lampe 2018 à Lyon": ("Journées de la Lampe 2018", "Lyon"),
    "Wick Workshop 2019 at the University of Zurich": ("Wick Workshop 2019", "Zurich"),
    "We are happy to host the 5th Lamp Symposium in Porto on 3 May 2024. Come!": ("5th Lamp Symposium", "Porto"),
    "Bo attended the Wick Conference 2019 in Lisbon and showed a poster.": ("Wick Conference 2019", "Lisbon"),
    "At the Lamp Summit 2020, Ada spoke of lamps.": ("Lamp Summit 2020", ""),
    "The 1st Symposium on Wicks and Society takes place in Turku, Finland, on 3–4 May.": (
        "1st Symposium on Wicks and Society",
        "Turku, Finland",
    ),
    "A poster at the European Society of Lamps meeting 2021 shows it.": ("European Society of Lamps meeting 2021", ""),
}
NONE = (
    "Our group meeting in Porto",
    "PhD position in Basel: lamps and wicks (100%)",
    "She studied at the Harvard School of Lamps in Boston",
    "Together with the Wick School in Bern",
    "Ada is on leave for three days in May 2020",
    "April 2024 in Porto",
    "Workshop in Machine Learning",
    "glow 2.0 in Porto",
    "Ada will be at the Lamp Summit 2020 in Lisbon, and Bo at the Wick Conference 2020 in Graz.",
)


@pytest.mark.parametrize("text", NAMED)
def test_an_occasion_is_found_with_its_place(text: str) -> None:
    """The name is what stands around the word for a meeting; the town behind it, or in it."""
    found = named(text)
    assert found is not None
    assert (found.name, found.place) == NAMED[text]
    assert found.sure


WHAT = (
    "5th Lamp Symposium",
    "Workshop on Wicks and Oil 2019",
    "Conference of the Lamp Society 2024",
    "Lamp Days",
    "Summer School on Flames",
    "12th Annual Meeting of the Wick Alliance",
    "Hackathon for Lanterns 2020",
    "Spring Plenary",
    "LampNet Forum 2018",
)
TOWNS = ("Porto", "Porto, Portugal", "St. Gallen", "New York", "Boston, MA, USA", "Den Haag", "Zürich")
PRINTED = (
    "{} in {}",
    "{}, {}",
    "{} ({})",
    "The {} in {}",
    "{}, {}, 3–5 May 2024",
    "We were at the {} in {}.",
    "Join us for the {} in {}, 3–5 May 2024",
    "Report from the {} in {}",
    "The {} takes place in {} on 3 May 2024.",
    "On 3 May 2024, the {} was held in {}.",
    "Ada and Bo showed three posters at the {} in {}. It was warm.",
    "**{}** in {}",
)


@pytest.mark.parametrize("printed", PRINTED)
def test_occasions_in_every_wording(printed: str) -> None:
    """Whatever is held wherever: name and town come out as they went in."""
    wrong = []
    for what in WHAT:
        for town in TOWNS:
            found = named(printed.format(what, town))
            if found is None or (found.name, found.place) != (what, town):
                wrong.append((what, town, found))
    assert wrong == []


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_occasion_or_several(text: str) -> None:
    """Schools that are places, meetings without a name, and texts that name two."""
    assert named(text) is None


def _told(text: str, *people: Person, path: str = "posts/post.md") -> tuple[list[str], list[str], dict[str, str]]:
    """Names of authors of the work, its event and place; and those facts of news that are sure."""
    post = post_of(text, path=path)
    facts = extract(post, EXTRACTORS)
    work = resolve(post, facts, people)
    sure = {f.field: str(f.value) for f in facts if f.field in {"event", "location"} and f.confidence >= 0.7}
    return [a.name for a in work.authors] if work else [], [work.event, work.location] if work else [], sure


def test_news_announces_one_occasion() -> None:
    """The description says where; the title alone does not."""
    text = "---\ntitle: Lamp Symposium\ndescription: The 10th Lamp Symposium in Porto\n---\nWe went there.\n"
    assert _told(text) == ([], [], {"event": "10th Lamp Symposium", "location": "Porto"})


def test_the_speaker_of_a_talk_is_known_by_a_handle() -> None:
    """A talk whose only author is a handle is that person's; without the person it has no author."""
    text = "---\ntitle: Small lamps\nauthors: ['@ada']\n---\nPresented at the Lamp Camp 2018 in Turin.\n"
    ada = Person(name="Ada Wick", given="Ada", family="Wick", aliases=("@ada",))
    authors, event, _ = _told(text, ada, path="presentations/lamps.md")
    assert (authors, event) == (["Ada Wick"], ["Lamp Camp 2018", "Turin"])
    assert _told(text, path="presentations/lamps.md")[0] == []


def test_to_whom_a_talk_was_given() -> None:
    """Where no meeting has a name, the audience is what there is to say."""
    text = "---\ntitle: Small lamps\n---\nA presentation of lamps for the Human Lamp Atlas project, given by Ada.\n"
    assert _told(text, path="talks/lamps.md")[1] == ["Human Lamp Atlas", ""]
