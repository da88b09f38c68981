"""The documentation is complete, and its commands run."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import msgspec
import pytest

from feeds import cli, registry, settings

ROOT = Path(__file__).parent.parent
CONFIGURATION = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")


def keys() -> list[str]:
    """Every key of config.yaml as the documentation writes it."""

    def below(prefix: str, struct: type) -> list[str]:
        return [f"{prefix}.{field.encode_name}" for field in msgspec.structs.fields(struct)]

    where = below("collections[].where", settings.Where)
    return [
        *below("site", settings.SiteConfig),
        *below("people[]", settings.PersonConfig),
        *below("sources[]", settings.SourceConfig),
        *below("collections[]", settings.CollectionConfig),
        *where,
        *below("output", settings.OutputConfig),
        *below("schedule[]", settings.ScheduleConfig),
        *below("enrich", settings.EnrichConfig),
        *below("push", settings.PushConfig),
        *below("pages", settings.PagesConfig),
        *below("workers", settings.WorkersConfig),
        *below("serve", settings.ServeConfig),
    ]


@pytest.mark.parametrize("key", keys())
def test_every_key_is_documented(key: str) -> None:
    """docs/configuration.md has a row for the key."""
    assert f"`{key}`" in CONFIGURATION


def built_in(group: str) -> list[str]:
    """Names of this project's own plugins; others may be installed beside them."""
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(metadata["project"]["entry-points"][f"feeds.{group}"])


@pytest.mark.parametrize("name", built_in("exporters"))
def test_every_exporter_and_its_options_are_documented(name: str) -> None:
    """Each format has a section, and each of its options a row."""
    assert f"## {name} — " in (ROOT / "docs/formats.md").read_text(encoding="utf-8") or name == "index"
    rows = [row for row in CONFIGURATION.splitlines() if re.match(rf"\|[^|]*`{name}`", row)]
    for field in msgspec.structs.fields(registry.exporter(name).options):
        assert any(f"`{field.name}`" in row for row in rows), field.name


@pytest.mark.parametrize("name", built_in("sources"))
def test_every_source_is_documented(name: str) -> None:
    """Each convention is named where `kind` is described."""
    [row] = [row for row in CONFIGURATION.splitlines() if row.startswith("| `sources[].kind`")]
    assert f"`{name}`" in row


@pytest.mark.parametrize("name", sorted(cli.commands.commands))
def test_every_command_has_help_with_examples(name: str) -> None:
    """`--help` says what the command does and shows how."""
    command = cli.commands.commands[name]
    assert command.help
    assert command.epilog
    assert f"feeds {name}" in command.epilog
    assert all(p.help for p in command.params if isinstance(p, click.Option))


def readme_commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_make_targets_of_the_readme_exist() -> None:
    """`make run` and `make test` are targets."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [c.split()[1] for c in readme_commands() if c.startswith("make ")]
    assert targets == ["run", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_readme_commands_run(tmp_path: Path) -> None:
    """The commands for a site of one's own do what the README says."""
    posts = tmp_path / "my-site" / "_posts"
    posts.mkdir(parents=True)
    (tmp_path / "my-site" / "_config.yml").write_text("url: https://lantern.example.org\n")
    (posts / "2019-08-27-x.md").write_text("---\ntitle: News\n---\n\nWe moved.\n")
    page = tmp_path / "my-site" / "_site" / "2019" / "08" / "27" / "x.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html><html><head><title>News</title></head><body>We moved.</body></html>")
    endless = {"feeds run", "feeds serve"}
    commands = [c.split() for c in readme_commands() if c.startswith("feeds ") and c not in endless]
    assert [c[1] for c in commands] == ["init", "build", "show", "check", "inject"]
    for command in commands:
        run(command, tmp_path / "my-site")
    assert (tmp_path / "my-site" / "output" / "feed.atom").is_file()
    assert 'property="og:title"' in page.read_text()


def test_the_configuration_of_the_readme_is_enough(tmp_path: Path) -> None:
    """The shortest configuration that the README shows builds the site that it names."""
    [settings] = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "my-site" / "_posts").mkdir(parents=True)
    (tmp_path / "my-site" / "_config.yml").write_text("url: https://lantern.example.org\n")
    (tmp_path / "my-site" / "_posts" / "2019-08-27-x.md").write_text("---\ntitle: News\n---\n")
    (tmp_path / "config.yaml").write_text(settings)
    run(["feeds", "build"], tmp_path)
    assert (tmp_path / "output" / "feed.atom").is_file()


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_links_in_the_documentation_lead_somewhere() -> None:
    """Every relative link names a file."""
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_exporter_of_the_guide_works(tmp_path: Path) -> None:
    """The code in docs/add-an-exporter.md is an exporter as it stands."""
    guide = (ROOT / "docs/add-an-exporter.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)[0]
    (tmp_path / "titles.py").write_text(code, encoding="utf-8")
    script = "import titles, feeds.model; assert isinstance(titles.EXPORTER, feeds.model.Exporter)"
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
