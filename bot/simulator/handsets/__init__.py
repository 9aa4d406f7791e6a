"""The phones at the far end: scripted people, answering machines, and lines that never answer."""
