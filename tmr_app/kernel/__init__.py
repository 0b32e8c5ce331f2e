"""Shared machinery without domain words: clock, settings, database, errors, audit, outbox, links, encryption, files."""
