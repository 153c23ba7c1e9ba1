import type { StorageChoice } from '#shared/api/engine.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import type { StorageSettings } from '#shared/model/settings.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';
import type { EngineOptions } from './engine-options.ts';

/**
 * What a choice of storages becomes as it is remembered: each address in its one spelling, without a
 * password; the local database, which receives everything anyway, and the active one are no mirrors.
 * Throws `invalid-options` for an address that is none.
 */
export function chosenStorages(choice: StorageChoice, before: StorageSettings): StorageSettings {
	const active = spelled(choice.active);
	const mirrors = new Set(choice.mirrors.map(spelled));
	mirrors.delete('sqlite');
	mirrors.delete(active);
	return {
		active,
		mirrors: [...mirrors],
		spool_bytes: before.spool_bytes,
	};
}

/** The storages of one run: another one may be shown, and mirrors get nothing that is not kept. */
export function storagesOfRun(
	settings: StorageSettings,
	{ storage, keepsNothing = false, onlyReads = false }: Omit<EngineOptions, 'storageThread'>,
): StorageSettings {
	return {
		...settings,
		active: storage ?? settings.active,
		mirrors: keepsNothing || onlyReads ? [] : settings.mirrors,
	};
}

function spelled(text: string): string {
	return formatStorageAddress(parseStorageAddress(text).address);
}
