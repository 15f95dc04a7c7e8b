"""`python -m schema` writes the exported SDL anew."""

from pathlib import Path

from schema import sdl

(Path(__file__).parent / "schema.graphql").write_text(sdl(), encoding="utf-8")
