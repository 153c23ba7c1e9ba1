/**
 * A writer of its own process for `postgres.ts`: `write-postgres.ts ADDRESS WRITER RATE SECONDS`
 * appends so many entries a second to a table, a batch every 20 ms. A message says when it was handed
 * over, in milliseconds since 1970.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { openStorage } from '#engine/storages/open-storage.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';

const BATCH_MS = 20;

const [address = '', writer = '', rate = '', seconds = ''] = process.argv.slice(2);
const storage = await openStorage(parseStorageAddress(address).address);
const total = Number(rate) * Number(seconds);
const started = performance.now();
for (let written = 0; written < total;) {
	const due = Math.min(Math.floor(((performance.now() - started) * Number(rate)) / 1_000), total);
	const stamp = performance.timeOrigin + performance.now();
	const entries = Array.from({ length: due - written }, (_, index) => ({
		ts: Math.round(stamp * 1_000),
		level: 'INFO',
		message: String(stamp),
		logger: 'asyncz.task',
		origin: { writer, number: written + index },
	}));
	if (entries.length > 0) {
		await storage.append(entries);
	}
	written = due;
	await delay(BATCH_MS);
}
await storage.close();
