"""Site conventions, one file each: a folder becomes posts."""
