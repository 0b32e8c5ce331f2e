"""One module per command of `tmr`; each exports `command`."""
