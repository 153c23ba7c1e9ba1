import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { storageContract } from '#engine/storages/kit/contract.ts';
import type { ContractOptions, OpenAtPlace } from '#engine/storages/kit/contract.ts';
import type { LogStorage } from '#engine/storages/log-storage.ts';
import { temporaryFolder } from './temp-folder-of-test.ts';

/** Runs every case of the contract kit over a storage, each as a test of its own. */
export function describeContract(
	name: string,
	open: OpenAtPlace,
	options: ContractOptions = {},
): void {
	describe(`${name} keeps the contract of storages`, () => {
		for (const { name: demand, run } of storageContract(open, options)) {
			test(`${demand}`, async () => {
				await expect(run()).resolves.toBeUndefined();
			}, 60_000);
		}
	});
}

/** Places that are paths in a folder of their own, removed with the test that opened them first. */
export function inFolders(open: (path: string) => Promise<LogStorage>): OpenAtPlace {
	const folders = new Map<string, string>();
	return (place) => {
		const folder = folders.get(place) ?? temporaryFolder();
		folders.set(place, folder);
		return open(join(folder, place));
	};
}
