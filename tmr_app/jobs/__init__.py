"""The worker: one process of its own that delivers, reminds and escalates. A scheduler never runs in a web process."""
