import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewEntry } from '#engine/storages/log-storage.ts';
import { root } from '../support/hosts/test-host.ts';
import { openRedis, openRedisAt } from '../support/open-redis.ts';
import { runPython } from '../support/python-env.ts';
import { pythonWithRedis, SEED_STORAGE } from '../support/python-redis.ts';
import { RedisServer } from '../support/redis-server.ts';
import { allEntries } from '../support/storage-pairs.ts';
import { ToldFollower } from '../support/told-follower.ts';
import { until } from '../support/until.ts';

let server: RedisServer;

beforeAll(async () => {
	server = await RedisServer.start();
});

afterAll(async () => {
	await server.remove();
});

const TS = 1_795_342_786_278_583;

function entry(message: string): NewEntry {
	return { ts: TS, level: 'INFO', message, logger: 'app' };
}

test('the storage in the guide works, for the dict of AsyncZ’s handler too, and reads what we write', async () => {
	const guide = readFileSync(join(root, 'docs', 'redis.md'), 'utf8');
	const [, code = ''] = /```python\n([^]*?)```/.exec(guide) ?? [];
	const [before = ''] = SEED_STORAGE.split('STRINGS =');
	const storage = await openRedis(server, '?key=guide');
	await storage.append([entry('ours')]);
	const printed = runPython(pythonWithRedis(), [
		'-c',
		`import sys, types
${before}
module = types.ModuleType("asyncz.contrib.dashboard.logs.storage")
module.LogEntry, module.LogStorage = LogEntry, object
sys.modules[module.__name__] = module
${code}
storage = RedisLogStorage("redis://127.0.0.1:${server.port}", key="guide")
at = datetime(2026, 11, 22, 10, 19, 46, 278583, tzinfo=timezone.utc)
storage.append(LogEntry(at, "INFO", "an entry", "app"))
storage.append({"ts": at, "level": "ERROR", "message": "a dict", "logger": "app",
    "task_id": "nightly", "extra": {"rows": 1520, "at": at, "none": None}})
print(*(entry.message for entry in storage.query()), sep="|")
`,
	]);
	expect(printed.trim()).toBe('a dict|an entry|ours');
	const [dict, plain] = await allEntries(storage);
	expect(plain).toMatchObject({ ts: TS, level: 'INFO', message: 'an entry' });
	expect(dict).toMatchObject({
		ts: TS,
		level: 'ERROR',
		task_id: 'nightly',
		extra: '{"rows": 1520, "at": "2026-11-22 10:19:46.278583+00:00", "none": null}',
	});
	await storage.close();
});

test('the user of the guide may do all that is needed, and one that only reads may read', async () => {
	const guide = readFileSync(join(root, 'docs', 'redis.md'), 'utf8');
	const [, line = ''] = /^(ACL SETUSER .*)$/m.exec(guide) ?? [];
	await server.do(...line.split(' '));
	await server.do(
		...'ACL SETUSER looker on >password ~asyncz:logs +@read +xread +xinfo'.split(' '),
	);
	const at = (user: string) => `redis://${user}@127.0.0.1:${server.port}/0`;
	const [writer, reader] = [
		await openRedisAt(at('companion'), 'password'),
		await openRedisAt(at('looker'), 'password'),
	];
	const told = [new ToldFollower(), new ToldFollower()] as const;
	await writer.follow(told[0]);
	await reader.follow(told[1]);
	await writer.append([entry('a')]);
	await until('both to be told', () => told.every(({ entries }) => entries.length === 1));
	expect(await allEntries(reader)).toEqual(await allEntries(writer));
	expect(await reader.stats()).toEqual(await writer.stats());
	await expect(reader.append([entry('b')])).rejects.toThrow(/does not allow the command XADD/);
	expect(writer.abilities.hints?.[0]).toMatch(/keeps nothing on its disk/);
	await Promise.all([writer.close(), reader.close()]);
});
