"""Regulation (QRK) No. 23/2023 as pure code: no framework, no database, no clock, no settings."""
