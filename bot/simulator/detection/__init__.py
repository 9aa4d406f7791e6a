"""Machine detection's ear: what comes down a line, and the rules by which it is judged."""
