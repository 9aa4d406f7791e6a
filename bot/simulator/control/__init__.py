"""The control of the simulator's own process: its pages, and a client for them."""
