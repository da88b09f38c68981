"""The published output over HTTP: files, works in the format that is asked for, OAI-PMH, Signposting.

It reads the output and its manifest, nothing else, and keeps nothing: several may run beside one another, and be ended
at any time.
"""

from ._app import application
from ._listen import start

__all__ = ["application", "start"]
