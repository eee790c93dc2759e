"""The customers' door: widget, HTTP API, live stream, delivery of replies."""
