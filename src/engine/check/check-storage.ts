/** Entry of `check-storage`: runs the contract kit over a storage and says what it does not keep. */
import { resolve } from 'node:path';
import { messageOf } from '#shared/errors.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { formatStorageAddress, withoutPassword } from '#shared/model/storage-address.ts';
import type { StorageAddress } from '#shared/model/storage-address.ts';
import { runContract } from '../storages/kit/run-contract.ts';
import { openStorage } from '../storages/open-storage.ts';
import { makeScratch } from './scratch.ts';

const HELP = `AsyncZ Companion: check whether a storage keeps what every storage promises.

  asyncz-companion check-storage STORAGE
  npm run check-storage -- STORAGE

  STORAGE       sqlite, memory, jsonl:PATH, rotating:PATH, postgres://…, redis://…
                or the path of a module of your own (docs/storages.md)

Nothing that is stored there is touched: files, tables and keys of its own are made and removed.
A password is taken from the environment: ASYNCZ_COMPANION_STORAGE_PASSWORD, PGPASSWORD or
REDISCLI_AUTH. It ends with 0 if the storage keeps all of it, else with 1.
`;

// Built, the threads' entries stand beside this one.
const thread = (source: string, built: string) =>
	new URL(import.meta.url.endsWith('.ts') ? source : built, import.meta.url);
const threads = {
	query: thread('../segments/query/query-thread.ts', './query.js'),
	writer: thread('../segments/sqlite/writer-thread.ts', './writer.js'),
	scan: thread('../segments/history/scan-thread.ts', './scan.js'),
};

/** Runs it, writes to stdout, and ends the process. */
export async function checkStorage(args: readonly string[]): Promise<never> {
	try {
		const [text, ...others] = args;
		if (text === undefined || text === '--help' || text === '-h') {
			process.stdout.write(HELP);
			process.exit(text === undefined ? 1 : 0);
		}
		if (others.length > 0) {
			throw new Error(`check-storage takes one storage, not ${others.length + 1} (see --help)`);
		}
		const { address: given, password: typed } = parseStorageAddress(text);
		const address = withWholePath(given);
		const password = typed ?? passwordOf(address);
		// Whatever is wrong with reaching it is said once, and not by every case.
		if (address.kind === 'postgres' || address.kind === 'redis') {
			await (await openStorage(address, { password, use: 'try' })).close();
		}
		const scratch = await makeScratch({ address, password, threads });
		tell(`${formatStorageAddress(address)}\n${scratch.sentence}\n`);
		try {
			process.exitCode = (await runContract(scratch.cases, tell)) === 0 ? 0 : 1;
		} finally {
			await scratch.remove();
		}
	} catch (error) {
		process.stderr.write(`${withoutPassword(messageOf(error))}\n`);
		process.exitCode = 1;
	}
	// A module may leave something running.
	process.exit();
}

function tell(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** As `--storage` looks for it. */
function passwordOf({ kind }: StorageAddress): string | undefined {
	const { env } = process;
	const usual = { postgres: env['PGPASSWORD'], redis: env['REDISCLI_AUTH'] };
	const found = kind === 'postgres' || kind === 'redis' ? usual[kind] : undefined;
	return env['ASYNCZ_COMPANION_STORAGE_PASSWORD'] ?? found;
}

function withWholePath(address: StorageAddress): StorageAddress {
	return 'path' in address ? { ...address, path: resolve(address.path) } : address;
}
