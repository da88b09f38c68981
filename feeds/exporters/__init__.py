"""Output formats, one file each: items and collections become artifacts."""
