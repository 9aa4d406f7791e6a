"""`ringback play`: one flow alone in the terminal, through the real engine and speaker."""

from bot.play.playing import ALICE, WITHHELD, play_flow

__all__ = ["ALICE", "WITHHELD", "play_flow"]
