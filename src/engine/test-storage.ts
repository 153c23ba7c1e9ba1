import { setTimeout as delay } from 'node:timers/promises';
import type { StorageTest } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { formatStorageAddress, storageName } from '#shared/model/storage-address.ts';
import type { StorageInfo, StorageNumbers } from '#shared/model/storage.ts';
import { storageThreadSchemas } from './storages/storage-thread-api.ts';
import type { StorageThreadApi } from './storages/storage-thread-api.ts';
import { ThreadClient } from './threads/thread-client.ts';

/** One that has not answered by then is not there. */
const PATIENCE_MS = 8_000;

/** … and takes this long at most to close. */
const CLOSE_MS = 1_000;

/** Opens a storage in a thread of its own, and closes it again, see `EngineApi.testStorage`. */
export async function testStorage(
	text: string,
	{
		thread,
		passwordOf,
		local,
	}: {
		readonly thread: URL;
		/** What is known of the password of an address that has none with it. */
		readonly passwordOf: (address: string) => string | undefined;
		/** How the local database is doing. */
		readonly local: () => Pick<StorageInfo, 'abilities' | 'stats'>;
	},
): Promise<StorageTest> {
	let client: ThreadClient<StorageThreadApi> | undefined;
	try {
		const { address: parsed, password } = parseStorageAddress(text);
		const address = formatStorageAddress(parsed);
		const name = storageName(parsed);
		if (parsed.kind === 'sqlite') {
			return { ok: true, message: 'The database in the data folder is open.', ...local() };
		}
		client = new ThreadClient({ url: thread, data: undefined, schemas: storageThreadSchemas });
		const found = await Promise.race([
			client.api.open({
				address,
				password: password ?? passwordOf(address),
				follows: false,
				use: 'try',
			}),
			delay(PATIENCE_MS, undefined, { ref: false }),
		]);
		return found === undefined
			? {
					ok: false,
					message: `${name} has not answered for ${PATIENCE_MS / 1_000} s: see whether it runs, and whether a firewall is between.`,
				}
			: {
					ok: true,
					message: `${name} ${found.abilities.readOnly === undefined ? 'is there' : 'can be read, not written to'}: ${countText(found.numbers)}.`,
					abilities: found.abilities,
					stats: found.numbers,
				};
	} catch (error) {
		return { ok: false, message: messageOf(error) };
	} finally {
		void end(client);
	}
}

/** Nobody waits for it. */
async function end(client: ThreadClient<StorageThreadApi> | undefined): Promise<void> {
	if (client !== undefined) {
		const closing = client.api.close({}).catch(() => {}); // it may have died
		await Promise.race([closing, delay(CLOSE_MS, undefined, { ref: false })]);
		await client.close();
	}
}

function countText({ size, isEstimate = false }: StorageNumbers): string {
	const count = size.toLocaleString('en-US');
	return `it has ${isEstimate ? 'about ' : ''}${count} ${size === 1 ? 'entry' : 'entries'}`;
}
