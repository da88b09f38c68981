import os
import sys

sys.path.append(os.curdir)
from pelicanconf import *

SITEURL = "https://lantern.example"
RELATIVE_URLS = False
