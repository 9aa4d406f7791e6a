"""Where what moves is kept: the contract of `bot.store` on Redis, and in memory for tests."""
