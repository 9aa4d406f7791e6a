#!lua
-- Compare the versions of all records read; then write everything. Answers 0, or which read moved.
-- KEYS: records read (the written ones first), log, {queue, lines, claims} per queue, indexes, wake.
-- ARGV: six counts, the first log line to stay or '', then the parts in the order below; `where` is a position in KEYS.
-- All that could be refused was checked before (documents.check): a script rolls back nothing.
-- The first line makes a full or read-only server refuse it before it begins, and a cluster refuse
-- keys of another slot.

local reads, writes, logs = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local drops, lines, moves = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local stays = ARGV[7]
local at = 7

-- Each read: '' where there was no record, else '<version>:', with which it still has to begin.
if reads > 0 then
  local found = redis.call('MGET', unpack(KEYS, 1, reads))
  for i = 1, reads do
    local expected, value = ARGV[at + i], found[i]
    if expected == '' then
      if value then return i end
    elseif not value or string.sub(value, 1, #expected) ~= expected then
      return i
    end
  end
  at = at + reads
end

-- Each write: value, milliseconds to keep it or '0'.
for i = 1, writes do
  if ARGV[at + 2] == '0' then
    redis.call('SET', KEYS[i], ARGV[at + 1])
  else
    redis.call('SET', KEYS[i], ARGV[at + 1], 'PX', ARGV[at + 2])
  end
  at = at + 2
end

-- Each log line: how many texts, then field, text, field, text ...
for _ = 1, logs do
  local texts = tonumber(ARGV[at + 1])
  redis.call('XADD', KEYS[reads + 1], '*', unpack(ARGV, at + 2, at + 1 + texts))
  at = at + 1 + texts
end

if stays ~= '' then
  redis.call('XTRIM', KEYS[reads + 1], 'MINID', '=', stays)
end

-- Each drop: where, id.
for _ = 1, drops do
  local where, id = tonumber(ARGV[at + 1]), ARGV[at + 2]
  redis.call('ZREM', KEYS[where], id)
  redis.call('HDEL', KEYS[where + 1], id)
  redis.call('HDEL', KEYS[where + 2], id)
  at = at + 2
end

-- Each line: where, id, score, JSON. One that is there already stays as it is.
local added = 0
for _ = 1, lines do
  local where, id = tonumber(ARGV[at + 1]), ARGV[at + 2]
  if redis.call('ZADD', KEYS[where], 'NX', ARGV[at + 3], id) == 1 then
    redis.call('HSET', KEYS[where + 1], id, ARGV[at + 4])
    added = added + 1
  end
  at = at + 4
end

-- Each move of an index: where, member, score or '' to remove it.
for _ = 1, moves do
  local where, member, score = tonumber(ARGV[at + 1]), ARGV[at + 2], ARGV[at + 3]
  if score == '' then
    redis.call('ZREM', KEYS[where], member)
  else
    redis.call('ZADD', KEYS[where], score, member)
  end
  at = at + 3
end

-- Wake the workers: how long the list may get, milliseconds to keep it.
if added > 0 then
  local wake = KEYS[#KEYS]
  redis.call('LPUSH', wake, '1')
  redis.call('LTRIM', wake, 0, tonumber(ARGV[at + 1]) - 1)
  redis.call('PEXPIRE', wake, ARGV[at + 2])
end
return 0
