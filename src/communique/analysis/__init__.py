"""An archive -> tables, time series, networks, wording. Each module is one question; see docs/archive.md."""
