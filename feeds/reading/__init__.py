"""Bytes to the parts of a post: front matter, Liquid, Markdown, clean HTML, excerpt."""
