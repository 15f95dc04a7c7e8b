"""The other ways in: the command line, the edge of HTTP, the demo books."""
