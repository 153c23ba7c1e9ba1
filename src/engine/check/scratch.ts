import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { StorageAddress } from '#shared/model/storage-address.ts';
import { SqliteLogStorage } from '../segments/sqlite-log-storage.ts';
import type { StorageThreads } from '../segments/storage-options.ts';
import { CustomLogStorage } from '../storages/custom/custom-log-storage.ts';
import { storageContract } from '../storages/kit/contract.ts';
import type { ContractCase, ContractOptions, OpenAtPlace } from '../storages/kit/contract.ts';
import { fileError } from '../storages/lines/file-sentence.ts';
import { openStorage } from '../storages/open-storage.ts';
import { PostgresConnection } from '../storages/postgres/connection.ts';
import type { PostgresAddress } from '../storages/postgres/connection.ts';
import { dropOwn, isTaken, schemaOf, TABLES, WRITERS } from '../storages/postgres/own-objects.ts';
import { newTableName, quoted } from '../storages/postgres/table-name.ts';
import { RedisConnection } from '../storages/redis/redis-connection.ts';

/** Somewhere to check a storage where nothing of the user's is. */
export interface Scratch {
	readonly cases: readonly ContractCase[];
	/** Where that is: a sentence. */
	readonly sentence: string;
	/** Removes all of it. */
	remove(): Promise<void>;
}

/** What is checked, and with what. */
export interface ToCheck {
	/** Paths are absolute. */
	readonly address: StorageAddress;
	readonly password: string | undefined;
	/** Those of the default database. */
	readonly threads: StorageThreads;
}

/** What `jsonb` and `text` of PostgreSQL can't hold. */
const POSTGRES_LOSES: ContractOptions = {
	loses: ['nul', 'key-order', 'double-keys', 'number-spelling', 'not-finite'],
};

/** Of a name there is room for so many bytes beside what tells the tables apart. */
const LONGEST_NAME = 24;

/** So many entries the largest case has, and some more. */
const ROOM = 25_000;

/**
 * Makes places for the cases: files in a folder beside the storage's own, tables and keys named after
 * it. Rejects with a sentence if there can be none.
 */
export async function makeScratch(toCheck: ToCheck): Promise<Scratch> {
	const { address, password, threads } = toCheck;
	const run = process.pid;
	switch (address.kind) {
		case 'memory':
			return {
				cases: storageContract(() => openStorage({ kind: 'memory', maxlen: ROOM })),
				sentence: `Checked in memory, with room for ${ROOM.toLocaleString('en-US')} entries.`,
				remove: async () => {},
			};
		case 'sqlite':
			return inFolder(
				tmpdir(),
				'a database',
				async (path) => new SqliteLogStorage(`${path}.db`, threads),
			);
		case 'jsonl':
			return inFolder(dirname(address.path), `files like ${basename(address.path)}`, (path) =>
				openStorage({ ...address, path: `${path}.jsonl` }),
			);
		case 'rotating':
			// The cases count on what they have stored: files are as long, and there may be more.
			return inFolder(dirname(address.path), `files like ${basename(address.path)}`, (path) =>
				openStorage({ ...address, path, backupCount: Math.max(address.backupCount, 20) }),
			);
		case 'custom':
			return inFolder(tmpdir(), 'places', (place) =>
				CustomLogStorage.open(
					address.path,
					password === undefined ? { place } : { place, password },
				),
			);
		case 'redis': {
			const keys = new Set<string>();
			return {
				cases: storageContract((place) => {
					const key = `${address.key}:check-${run}:${place}`;
					keys.add(key);
					return openStorage({ ...address, key, maxlen: 1_000_000 }, { password });
				}),
				sentence: `Checked in streams of their own, ${address.key}:check-${run}:…, which are deleted afterwards.`,
				remove: async () => {
					const connection = new RedisConnection(address, password);
					await connection.sendAll([...keys].map((key) => ['DEL', key]));
					connection.close();
				},
			};
		}
		case 'postgres': {
			return checkedTables(toCheck, address, run);
		}
	}
}

/** Tables named after the one that is to be checked, beside it. */
async function checkedTables(
	{ password }: ToCheck,
	address: PostgresAddress,
	run: number,
): Promise<Scratch> {
	const { schema, name } = newTableName(address);
	const table = `${Buffer.from(name)
		.subarray(0, LONGEST_NAME)
		.toString()
		.replace(/\uFFFD$/, '')}_check_${run}`;
	const tables = new Set<string>();
	const connection = new PostgresConnection({ address, password }, 'checks');
	const place = (await connection.run((send) => schemaOf(send, address))) ?? 'public';
	const hadOwn = await connection.run((send) => isTaken(send, place, TABLES));
	return {
		cases: storageContract((own) => {
			const made = `${quoted(schema ?? place)}.${quoted(`${table}_${own}`)}`;
			tables.add(made);
			return openStorage({ ...address, table: made }, { password });
		}, POSTGRES_LOSES),
		sentence: `Checked in tables of their own, ${table}_…, which are dropped afterwards.`,
		remove: async () => {
			for (const made of tables) {
				await dropTable(connection, made);
			}
			if (!hadOwn) {
				await connection.transaction((send) => dropOwn(send, place));
			}
			await connection.close();
		},
	};
}

/** Drops a table, and what is remembered of it beside it. `sql`: its name, quoted. */
async function dropTable(connection: PostgresConnection, sql: string): Promise<void> {
	const rows = await connection.query(
		`SELECT c.oid, o.oid::regclass::text, CASE o.relname WHEN '${TABLES}' THEN 'oid' ELSE 'logs' END
		FROM pg_class c JOIN pg_class o ON o.relnamespace = c.relnamespace
		WHERE c.oid = to_regclass($1) AND o.relname IN ('${TABLES}', '${WRITERS}')`,
		[sql],
	);
	for (const [oid, table, column] of rows) {
		await connection.query(`DELETE FROM ${table} WHERE ${column} = ${oid}`);
	}
	await connection.query(`DROP TABLE IF EXISTS ${sql}`);
}

async function inFolder(
	parent: string,
	what: string,
	open: (path: string) => ReturnType<OpenAtPlace>,
): Promise<Scratch> {
	const prefix = join(parent, 'asyncz-companion-check-');
	const folder = await mkdtemp(prefix).catch((error: unknown) => {
		throw fileError(error, prefix, "can't be created");
	});
	return {
		cases: storageContract((place) => open(join(folder, place))),
		sentence: `Checked with ${what} in a folder of their own, ${folder}, which is removed afterwards.`,
		remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
	};
}
