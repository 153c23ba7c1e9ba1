/**
 * Entry of a storage's thread: a slow scan, a driver or a module of somebody else stays in here, so
 * that reading logs never waits for it.
 */
import { parentPort } from 'node:worker_threads';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { openStorage } from './open-storage.ts';
import { notOpen, ServedStorage } from './served-storage.ts';
import { storageError, withoutSecret } from './storage-error.ts';
import { storageThreadSchemas } from './storage-thread-api.ts';
import type { StorageFound, StorageThreadApi, StorageToOpen } from './storage-thread-api.ts';

let served: ServedStorage | undefined;
let password = '';

/** Whatever is thrown becomes a sentence without the password in it. */
async function answer<T>(work: (storage: ServedStorage) => T | Promise<T>): Promise<T> {
	try {
		if (served === undefined) {
			throw notOpen();
		}
		return await work(served);
	} catch (error) {
		throw storageError(error, password);
	}
}

async function open(wanted: StorageToOpen): Promise<StorageFound> {
	try {
		const before = served;
		served = undefined;
		await before?.close();
		password = wanted.password ?? '';
		const { address } = parseStorageAddress(wanted.address);
		const { use = 'keep' } = wanted;
		const storage = await openStorage(address, { password: wanted.password, use });
		try {
			const numbers = await storage.stats();
			served = new ServedStorage(storage, address, { numbers, follows: wanted.follows });
			return served.found;
		} catch (error) {
			await storage.close();
			throw error;
		}
	} catch (error) {
		throw storageError(error, password);
	}
}

const local: StorageThreadApi = {
	open,
	append: ({ entries }) => answer((storage) => storage.append(entries)),
	query: (query) => answer(({ answers }) => answers.query(query)),
	count: (query) => answer(({ answers }) => answers.count(query)),
	shape: (query) => answer(({ answers }) => answers.shape(query)),
	places: (query) => answer(({ answers }) => answers.places(query)),
	getFields: () => answer(({ answers }) => answers.getFields()),
	getValues: (query) => answer(({ answers }) => answers.getValues(query)),
	get: ({ seq }) => answer(({ answers }) => answers.get(seq)),
	openExport: ({ id, request }) => answer((storage) => storage.openExport(id, request)),
	readExport: ({ id }) => answer((storage) => storage.readExport(id)),
	closeExport: async ({ id }) => served?.closeExport(id),
	news: ({ known }) =>
		answer(async (storage) => {
			const { problem, ...news } = await storage.news(known);
			return problem === undefined ? news : { ...news, problem: withoutSecret(problem, password) };
		}),
	close: async () => {
		const last = served;
		served = undefined;
		await last?.close();
	},
};

serveThread<StorageThreadApi>(parentPort, storageThreadSchemas, local);
