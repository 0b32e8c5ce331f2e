"""Documents of the Table: values in, bytes out. Pure: no Flask, no database, no clock, no settings."""
