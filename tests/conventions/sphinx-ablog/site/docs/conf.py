import os
import sys

sys.path.insert(0, os.path.abspath("."))

project = "lantern"
author = "Lantern Lab"
extensions = ["ablog", "myst_parser"]
blog_title = "Lantern Lab"
blog_baseurl = "https://lantern.example"
blog_authors = {
    "ada": ("Ada Wick", "https://lantern.example/ada"),
    "bo": ("Bo Glow", None),
}
blog_default_author = "ada"
blog_post_pattern = "posts/*/*"
post_date_format = "%b %d, %Y"
exclude_patterns = ["drafts"]
language = "en"
html_context = {"year": os.environ.get("YEAR")}
