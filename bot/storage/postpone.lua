#!lua
-- Give a line back until later if the token is still its newest. Answers 1 or 0.
-- KEYS: queue, claims. ARGV: id, token, score, '1' to forget the tries.

local held = redis.call('HGET', KEYS[2], ARGV[1])
if not held then return 0 end
local token, tries, claimed_at = string.match(held, '^(%d+):(%d+):(.*)$')
if token ~= ARGV[2] then return 0 end

if ARGV[4] == '1' then tries = '0' end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], '0:' .. tries .. ':' .. claimed_at)
return 1
