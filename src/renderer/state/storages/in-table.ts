import type { EngineState } from '#shared/api/engine.ts';
import type { StorageInfo } from '#shared/model/storage.ts';

interface Told {
	readonly engine: Pick<EngineState, 'storage' | 'storages'>;
}

/** The storage that the table shows; `undefined` until the engine was heard of. */
export function storageInTable({ engine }: Told): StorageInfo | undefined {
	return engine.storages.find(({ role }) => role === 'active');
}

/**
 * Whether the table shows the local database: that one alone knows of which source, file and place
 * an entry is, and of lines that could not be read.
 */
export function isLocal({ engine }: Told): boolean {
	return engine.storage.kind === 'sqlite';
}

/** Why the storage in the table does not answer; `undefined` while it does. */
export function storageTrouble(told: Told): string | undefined {
	const storage = storageInTable(told);
	return storage === undefined || storage.condition === 'ready' ? undefined : storage.message;
}
