"""The measured figures: `python -m bench` (what `make bench` calls). See docs/bench.md."""
