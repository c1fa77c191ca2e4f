"""Pure writers: a Run or an Assessment in, text out."""

# No `from __future__ import annotations` here: the name would hide the module output.annotations.
