#!lua
-- Take the line that is due longest: {id, JSON, token, tries}, or nothing.
-- KEYS: queue, lines, claims, token. ARGV: now, end of the lease.
-- Tokens come from a counter of the queue, so that a line dropped and added again never
-- hands out a token that an earlier holder still has.

local id = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, 1)[1]
if not id then return false end

local token = redis.call('INCR', KEYS[4])
local held = redis.call('HGET', KEYS[3], id)
local tries = (held and tonumber(string.match(held, '^%d+:(%d+):')) or 0) + 1
redis.call('ZADD', KEYS[1], ARGV[2], id)
redis.call('HSET', KEYS[3], id, token .. ':' .. tries .. ':' .. ARGV[1])
return {id, redis.call('HGET', KEYS[2], id), token, tries}
