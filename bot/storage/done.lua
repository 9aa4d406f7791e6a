#!lua flags=allow-oom
-- Remove a line if the token is still its newest. Answers 1 or 0.
-- KEYS: queue, lines, claims. ARGV: id, token. It only frees memory: allowed on a full server.

local held = redis.call('HGET', KEYS[3], ARGV[1])
if not held or string.match(held, '^%d+') ~= ARGV[2] then return 0 end

redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 1
