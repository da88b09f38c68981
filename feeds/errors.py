"""Errors that stop a run.  A bad post is a `model.Problem`, and the run goes on.

FeedsError
├── ConfigError     config.yaml cannot be used; names key and line
├── SourceError     a source folder cannot be read at all
├── StorageError    what lies at s3://, gs:// … cannot be reached
├── PluginError     an entry point does not load, or two have one name
├── TemplateError   a page cannot be made: one of the user's templates is wrong; the pages of the last run stay
├── WorkerError     the machines that were to do the work cannot
├── PublishError    the output cannot be written, or must not be (too much is gone)
└── LockedError     another process publishes into this output
"""

from __future__ import annotations


class FeedsError(Exception):
    """One line for a person; `hint` says what to do; `where` is file:line when there is one."""

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        line = f"{self.where}: {self.message}" if self.where else self.message
        return f"{line}\nhint: {self.hint}" if self.hint else line


class ConfigError(FeedsError):
    """config.yaml cannot be used."""


class SourceError(FeedsError):
    """A source folder is missing or unreadable."""


class StorageError(FeedsError):
    """A storage that is elsewhere cannot be reached, or does not let us in."""


class PluginError(FeedsError):
    """A plugin does not load, or its name is taken."""


class TemplateError(FeedsError):
    """A user's template cannot be used."""


class WorkerError(FeedsError):
    """The machines that were to do the work cannot do it."""


class PublishError(FeedsError):
    """Nothing was published."""


class LockedError(FeedsError):
    """Another process holds the output."""
