import { onTestFinished } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Count, CountQuery } from '#shared/model/query.ts';
import type { ActiveStorage, PageQuery } from '#engine/active-storage.ts';
import type { NewEntry } from '#engine/storages/log-storage.ts';
import { StorageClient } from '#engine/storages/storage-client.ts';
import { BUILT } from '../../../support/built.ts';
import { until } from '../../../support/until.ts';

/** The real thread of a storage. */
export const STORAGE_THREAD = BUILT.storage;

/** A storage in its own thread, closed after the test. */
export function openClient(
	address: string,
	options: {
		readonly thread?: URL;
		readonly password?: string;
		readonly onReopened?: () => void;
		readonly patienceMs?: number;
	} = {},
): StorageClient {
	const { thread = STORAGE_THREAD, password, onReopened = () => {}, patienceMs } = options;
	const client = new StorageClient(
		thread,
		{ address, password, follows: true },
		{ onChange: () => {}, onReopened },
		patienceMs,
	);
	onTestFinished(() => client.close());
	return client;
}

/** Appends entries, and waits until questions are about them. */
export async function appendAll(
	client: StorageClient,
	entries: readonly NewEntry[],
): Promise<void> {
	const { appended } = client.stats();
	for (let at = 0; at < entries.length; at += 10_000) {
		await client.append(entries.slice(at, at + 10_000));
	}
	await until('it to be told', () => client.stats().appended === appended + entries.length, {
		instead: () => client.stats(),
	});
}

/** Asked for again until it is complete. */
export async function pageOf(
	storage: Pick<ActiveStorage, 'query'>,
	query: PageQuery,
): Promise<readonly EntryRow[]> {
	for (;;) {
		const page = await storage.query(query);
		if (page.complete) {
			return page.rows;
		}
	}
}

/** Asked for again until it is complete. */
export async function countOf(
	storage: Pick<ActiveStorage, 'count'>,
	query: CountQuery,
): Promise<Count> {
	for (;;) {
		const count = await storage.count(query);
		if (count.complete) {
			return count;
		}
	}
}
