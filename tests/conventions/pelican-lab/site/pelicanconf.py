import os

AUTHOR = "Ada Wick"
SITENAME = "Lantern Lab"
SITESUBTITLE = "We study <em>lamps</em>"
SITEURL = ""
PATH = "content"
TIMEZONE = "Europe/Zurich"
DEFAULT_LANG = "en"
OUTPUT_PATH = os.path.join("..", "output")
ARTICLE_URL = "{date:%Y}/{category}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
STATIC_PATHS = ["pdfs", "images"]
EXTRA_PATH_METADATA = {"pdfs/wick.pdf": {"path": "files/wick.pdf"}}
PAGE_URL = "{slug}/"
