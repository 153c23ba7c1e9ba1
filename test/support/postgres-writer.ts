/**
 * A process that appends entries as the forwarder does: in batches, each offered until it is
 * acknowledged. Told by its one argument, JSON; prints `acked N` with each.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { PostgresLogStorage } from '#engine/storages/postgres/postgres-log-storage.ts';

export interface WriterTask {
	readonly address: string;
	readonly writer: string;
	readonly count: number;
	readonly batch: number;
	/** Milliseconds between two batches. */
	readonly pause: number;
}

const task = JSON.parse(process.argv[2] ?? '{}') as WriterTask;
const { address } = parseStorageAddress(task.address);
if (address.kind !== 'postgres') {
	throw new Error(`Expected an address of PostgreSQL, got ${task.address}`);
}
const storage = await PostgresLogStorage.open({ address, password: undefined });
for (let from = 0; from < task.count; from += task.batch) {
	const entries = Array.from({ length: Math.min(task.batch, task.count - from) }, (_, index) => ({
		ts: Date.now() * 1_000,
		level: 'INFO',
		message: `${task.writer} ${from + index}`,
		logger: 'asyncz.task',
		task_id: task.writer,
		extra: `{"sent": ${Date.now()}}`,
		origin: { writer: task.writer, number: from + index },
	}));
	for (;;) {
		try {
			await storage.append(entries);
			break;
		} catch {
			await delay(50);
		}
	}
	process.stdout.write(`acked ${from + entries.length}\n`);
	await delay(task.pause);
}
await storage.close();
