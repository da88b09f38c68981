project = "Lamps"
extensions = ["sphinx.ext.mathjax", "ablog"]
html_baseurl = "https://lantern.example/" + "docs/"
language = "de"
BASE = get_base()
exclude_patterns = ["_build", "news/old"]
