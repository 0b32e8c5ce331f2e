"""Tools for people who work on the product; not installed with it."""
