"""Who may do what. Pure: imports the regulation only. `policy.py` is the one page that says it."""
