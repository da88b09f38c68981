"""nginx and Caddy in front of `feeds serve`, as docs/serve.md has them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from served import Client, Shelf, serving

PAGE = (Path(__file__).parent.parent / "docs/serve.md").read_text(encoding="utf-8")
NGINX = """daemon off; {user} worker_processes 1; pid {folder}/pid; error_log {folder}/log;
events {{}}
http {{
    access_log off; include /etc/nginx/mime.types;
    client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
    uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
    {text}
}}
"""
CADDY = "{{\n    admin off\n    auto_https off\n}}\n{text}\n"
COMMANDS = {"nginx": ["nginx", "-e", "stderr", "-c"], "caddy": ["caddy", "run", "--adapter", "caddyfile", "--config"]}


def documented(server: str, sign: str) -> str:
    """The block for a server with `sign` in it."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    [found] = [text for kind, text in blocks if sign in text and kind == {"nginx": "nginx", "caddy": ""}[server]]
    return str(found)


@contextmanager
def proxy(server: str, text: str, folder: Path, behind: int) -> Iterator[Client]:
    """The server with what is documented, in front of ours."""
    program = shutil.which(server) or shutil.which(server, path="/usr/sbin")
    if program is None:
        pytest.skip(f"{server} IS NOT INSTALLED, so that docs/serve.md was not tried (apt-get install {server})")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace("/srv/site", str(folder / "site"))
    text = re.sub(r"^\w+(\.\w+)+ \{", f"http://127.0.0.1:{port} {{", text, flags=re.MULTILINE)
    text = text if "server {" in text or server == "caddy" else f"server {{ {text} }}"
    text = text.replace("server {", f"server {{ listen 127.0.0.1:{port};")
    user = "user root;" if os.geteuid() == 0 else ""
    config = (NGINX if server == "nginx" else CADDY).format(folder=folder, text=text, user=user)
    (folder / "config").write_text(config)
    command = [program, *COMMANDS[server][1:], str(folder / "config")]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield Client(port)
    finally:
        running.terminate()
        running.wait(20)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A published work, and the folder of a site with its page and another one."""
    shelf = Shelf(tmp_path)
    shelf.work("glow", "10.5555/glow")
    shelf.publish()
    for path in ("2024/glow.html", "about/index.html"):
        (tmp_path / "site" / path).parent.mkdir(parents=True)
        (tmp_path / "site" / path).write_text("<title>The site's own</title>")
    return shelf


@pytest.mark.parametrize("server", COMMANDS)
def test_pages_of_the_site_answer_machines(server: str, shelf: Shelf, tmp_path: Path) -> None:
    """People get the site's page, machines their format; what is no work is the site's for both."""
    with (
        serving(shelf.target.output) as ours,
        proxy(server, documented(server, "bibtex"), tmp_path, ours.port) as client,
    ):
        for path in ("/2024/glow.html", "/about/"):
            page = client.get(path, Accept="text/html,*/*;q=0.8")
            assert (page.status, page.body, page.get("Vary")) == (200, b"<title>The site's own</title>", "Accept")
        for media_type in ("application/ld+json", "application/x-bibtex"):
            answer = client.get("/2024/glow.html", Accept=media_type)
            assert (answer.status, answer.get("Content-Type").partition(";")[0]) == (200, media_type)
            assert "Accept" in answer.get("Vary")
            assert client.get("/about/", Accept=media_type).body == page.body


@pytest.mark.parametrize("server", COMMANDS)
@pytest.mark.parametrize(("sign", "prefix"), [("location / { proxy", ""), ("/feeds/", "/feeds")])
def test_the_whole_host_or_a_folder(server: str, sign: str, prefix: str, shelf: Shelf, tmp_path: Path) -> None:
    """Every answer of ours comes through, and redirections stay below the folder."""
    sign = sign if server == "nginx" else {"": "    reverse_proxy 127", "/feeds": "/feeds/*"}[prefix]
    shelf.site = type(shelf.site)(url=shelf.site.url, feeds_url=f"{shelf.site.url}{prefix}", title="The Lantern Lab")
    shelf.publish()
    with serving(shelf.target.output) as ours, proxy(server, documented(server, sign), tmp_path, ours.port) as client:
        answer = client.get(f"{prefix}/id/10.5555/glow")
        assert (answer.status, answer.get("Location")) == (303, "../../works/2024/glow.html")
        assert client.get(f"{prefix}/works/2024/glow.html").status == 200
        assert client.get(f"{prefix}/oai?verb=Identify").status == 200
