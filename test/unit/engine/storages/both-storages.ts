import { recordJson } from '#shared/format/record-json.ts';
import type { NewEntry } from '#engine/storages/log-storage.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import type { StorageClient } from '#engine/storages/storage-client.ts';
import { LogInTest, newStorage, sinkOf } from '../segments/storage-in-test.ts';
import { appendAll, openClient } from './client-in-test.ts';

/** The default storage and one in memory with the same entries, from a source of the same name. */
export interface BothStorages {
	readonly segments: SegmentStorage;
	readonly memory: StorageClient;
	add(entries: readonly NewEntry[]): Promise<void>;
}

export function openBoth(): BothStorages {
	const segments = newStorage();
	segments.setSourceNames(new Map([[1, 'Memory']]));
	const log = new LogInTest(sinkOf(segments));
	const memory = openClient('memory?maxlen=100000');
	return {
		segments,
		memory,
		add: async (entries) => {
			const lines = entries.map((entry) => `${recordJson({ ...entry, raw: '' })}\n`);
			await log.append(lines.join(''));
			await appendAll(memory, entries);
		},
	};
}
