"""`make bench`: what a durable turn costs, beside the handler of a typical tutorial."""
