import { resolve } from 'node:path';
import type { EngineApi } from '#shared/api/engine.ts';
import { AppError } from '#shared/errors.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';
import type { StorageAddress } from '#shared/model/storage-address.ts';

/** A storage that is a file, or code: `path` is absolute. */
export type PathAddress = Extract<StorageAddress, { readonly path: string }>;

/** What a host lets its pages use as storages. */
export interface StorageGuard {
	/** Where relative paths count from. */
	readonly base: string;
	/** Those of the command line, as `formatStorageAddress` writes them: they may always be used. */
	readonly named: readonly string[];
	/**
	 * Asked for one that is neither named nor in use: resolves with the path to be used, or rejects
	 * with a sentence.
	 */
	permit(address: PathAddress): Promise<string>;
}

/**
 * The engine as a page may use it. A storage that is named by a page can write a file or run a
 * module, which is for the user to allow, not for a page.
 */
export function guardStorages(engine: EngineApi, guard: StorageGuard): EngineApi {
	const permitted = async (text: string): Promise<string> => {
		const { address, password } = parseStorageAddress(text);
		if (password !== undefined) {
			throw new AppError('invalid-options', 'A password is handed over apart from its address.');
		}
		if (!('path' in address)) {
			return formatStorageAddress(address);
		}
		const named = { ...address, path: resolve(guard.base, address.path) };
		const written = formatStorageAddress(named);
		const { storages } = await engine.getState({});
		if (guard.named.includes(written) || storages.some((one) => one.address === written)) {
			return written;
		}
		return formatStorageAddress({ ...named, path: await guard.permit(named) });
	};
	return {
		...engine,
		setStorages: async (choice) => {
			const active = await permitted(choice.active);
			const mirrors: string[] = [];
			for (const mirror of choice.mirrors) {
				mirrors.push(await permitted(mirror)); // one after the other: the user may be asked
			}
			await engine.setStorages({ ...choice, active, mirrors });
		},
		testStorage: async (params) =>
			engine.testStorage({ ...params, address: await permitted(params.address) }),
	};
}
