"""Renderings: what was found out, as bytes or text for somebody or something to read."""
