/**
 * Appends numbered entries to a storage of lines until it is killed, and prints the number behind
 * each batch once it is acknowledged: `node line-appender.ts ADDRESS FROM`.
 */
import { numbered } from '#engine/storages/kit/sample-entries.ts';
import { openStorage } from '#engine/storages/open-storage.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';

const [address = '', start = '0'] = process.argv.slice(2);
const storage = await openStorage(parseStorageAddress(address).address);
for (let from = Number(start); ; from += 500) {
	await storage.append(numbered(from, from + 500));
	process.stdout.write(`${from + 500}\n`);
}
