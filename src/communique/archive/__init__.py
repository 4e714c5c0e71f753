"""Records <-> tables: Delta tables under one folder, asked through DuckDB; near copies; people's reviews."""

from communique.archive.store import Archive, open_archive

__all__ = ["Archive", "open_archive"]
