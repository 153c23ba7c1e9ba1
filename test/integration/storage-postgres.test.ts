import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresLogStorage } from '#engine/storages/postgres/postgres-log-storage.ts';
import { Random } from '../support/entries.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { postgresAccess } from '../support/postgres-access.ts';
import { describeContract } from '../support/storage-contract.ts';
import { comparePairs, randomNewEntries } from '../support/storage-pairs.ts';

let server: PostgresServer;
let database: string;

beforeAll(async () => {
	server = await startPostgres();
	database = await server.createDatabase();
}, 120_000);

afterAll(() => server?.remove(), 60_000);

describeContract(
	'PostgreSQL',
	(place) => PostgresLogStorage.open(postgresAccess(server, database, { table: place })),
	{ loses: ['nul', 'key-order', 'double-keys', 'number-spelling', 'not-finite'] },
);

it('PostgreSQL selects what the query language means', async () => {
	const random = new Random(7);
	const storage = await PostgresLogStorage.open(
		postgresAccess(server, database, { table: 'pairs' }),
	);
	await storage.append(randomNewEntries(random, 400));
	expect(await comparePairs(storage, random, 150)).toBeGreaterThanOrEqual(20_000);
	await storage.close();
}, 120_000);
