/**
 * A process that appends to a storage in Redis until its input ends, and offers again what was not
 * acknowledged: `redis-writer.ts ADDRESS WRITER`. Prints how many entries were acknowledged so far,
 * a line each time; their messages are `WRITER 0`, `WRITER 1` …
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { LogStorage, NewEntry } from '#engine/storages/log-storage.ts';
import { openRedisAt } from './open-redis.ts';

const [address = '', writer = ''] = process.argv.slice(2);
const BATCH = 20;

process.stdin.resume();

function batchFrom(first: number): NewEntry[] {
	return Array.from({ length: BATCH }, (_, index) => ({
		ts: Date.now() * 1_000,
		level: 'INFO',
		message: `${writer} ${first + index}`,
		logger: 'app',
		origin: { writer, number: first + index },
	}));
}

let storage: LogStorage | undefined;
for (let acknowledged = 0; !process.stdin.readableEnded;) {
	try {
		storage ??= await openRedisAt(address);
		await storage.append(batchFrom(acknowledged));
		acknowledged += BATCH;
		console.log(acknowledged);
	} catch {
		await delay(20);
	}
	await delay(1);
}
await storage?.close();
