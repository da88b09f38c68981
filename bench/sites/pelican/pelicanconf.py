"""Pelican's settings: pages, one feed of 20, a sitemap; nothing else.  Its caches are on."""

from pelican.plugins import yaml_metadata

PLUGINS = [yaml_metadata]
SITENAME = AUTHOR = "Bench"
SITEURL = "https://bench.example.org"
TIMEZONE = "UTC"
PATH, OUTPUT_PATH, THEME = "content", "output", "theme"
SLUGIFY_SOURCE = "basename"
ARTICLE_URL = ARTICLE_SAVE_AS = "posts/{slug}.html"
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES = ["sitemap"]
SITEMAP_SAVE_AS = "sitemap.xml"
FEED_ALL_ATOM, FEED_MAX_ITEMS = "feed.xml", 20
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER, CHECK_MODIFIED_METHOD = "generator", "mtime"
