import type { NewEntry } from '#engine/storages/log-storage.ts';
import { MemoryLogStorage } from '#engine/storages/memory/memory-log-storage.ts';
import type { Plan } from './plan.ts';
import { rounded } from './statistics.ts';

const ENTRIES = 2_000_000;
const BATCH = 10_000;

/** A full ring drops an entry for each that comes. */
const MAXLEN = 500_000;

/** Entries into a ring in memory, in batches as they are handed on. */
export async function measureMemoryStorage({ scale, print, say }: Plan): Promise<void> {
	const count = ENTRIES / scale;
	say(`appending ${count} entries to a ring in memory`);
	const storage = new MemoryLogStorage(MAXLEN / scale);
	const batch = newEntries(BATCH);
	const millis: number[] = [];
	for (let appended = 0; appended < count; appended += BATCH) {
		const numbered = batch.map((entry, index) => ({
			...entry,
			origin: { writer: 'bench', number: appended + index },
		}));
		const started = performance.now();
		await storage.append(numbered);
		millis.push(performance.now() - started);
	}
	const { size, dropped } = await storage.stats();
	print({
		measure: 'memory storage: append',
		unit: 'entries/s',
		goal: '≥ 500,000 in batches of 10,000',
		n: millis.length,
		value: Math.round((count / millis.reduce((sum, each) => sum + each, 0)) * 1_000),
		slowest_batch_ms: rounded(Math.max(...millis)),
		size,
		dropped,
	});
}

function newEntries(count: number): NewEntry[] {
	return Array.from({ length: count }, (_, index) => ({
		ts: 1_795_342_787_000_000 + index * 1_000,
		level: index % 7 === 0 ? 'ERROR' : 'INFO',
		message: `Job ${index} took ${index % 977} ms`,
		logger: 'asyncz.task',
		task_id: `task-${index % 50}`,
		extra: `{"duration_ms": ${index % 1_000}, "run_id": "4f0efcc6${index}"}`,
	}));
}
