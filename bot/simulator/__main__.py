"""`python -m bot.simulator`: the phone network as a process of its own."""

import sys

from bot.simulator.server import main

sys.exit(main())
