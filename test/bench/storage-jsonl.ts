import { statSync } from 'node:fs';
import { join } from 'node:path';
import { JsonlLogStorage } from '#engine/storages/jsonl/jsonl-log-storage.ts';
import { numbered } from '#engine/storages/kit/sample-entries.ts';
import type { Plan } from './plan.ts';
import { spread } from './statistics.ts';

const BATCH = 10_000;

/** How fast entries are appended to a JSONL file, each batch being on the disk, and read back. */
export async function measureJsonl({ folder, scale, print }: Plan): Promise<void> {
	const batches = Math.max(10, 100 / scale);
	const path = join(folder, 'appended.jsonl');
	const storage = await JsonlLogStorage.open(path);
	const entries = numbered(0, BATCH);
	const start = performance.now();
	for (let batch = 0; batch < batches; batch++) {
		await storage.append(entries);
	}
	const seconds = (performance.now() - start) / 1_000;
	print({
		measure: 'jsonl-append',
		unit: 'entries/s',
		goal: '200,000',
		n: batches,
		rate: Math.round((batches * BATCH) / seconds),
		megabytes: Math.round(statSync(path).size / 1e6),
	});
	const query = { filter: {}, matches: () => true, limit: 200 } as const;
	for (const order of ['arrival', 'time'] as const) {
		// The first one by time looks at which times are where.
		await storage.query({ ...query, order });
		const times: number[] = [];
		for (let round = 0; round < 20; round++) {
			const before = performance.now();
			await storage.query({ ...query, order });
			times.push(performance.now() - before);
		}
		print({
			measure: `jsonl-first-page-${order}`,
			unit: 'ms',
			goal: '20, 200 entries',
			n: times.length,
			...spread(times),
		});
	}
	await storage.close();
}
