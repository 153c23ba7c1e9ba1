import { AppError } from '#shared/errors.ts';
import { ONLY_READ } from '../storage-use.ts';
import type { PostgresAccess, PostgresAddress, PostgresConnection, Send } from './connection.ts';
import { findTable } from './find-table.ts';
import type { FoundTable } from './find-table.ts';
import {
	createTable,
	findTrigrams,
	isTaken,
	migrate,
	schemaOf,
	textIndex,
	wantedIndexes,
	WRITERS,
} from './own-objects.ts';
import { noTable } from './other-tables.ts';
import { findPendingIndexes } from './pending-text.ts';
import { PostgresError } from './postgres-errors.ts';
import type { LogTable } from './sql/log-table.ts';
import { newTableName, quoted } from './table-name.ts';

/** A table that is ready to be used. */
export interface OpenedTable {
	readonly table: LogTable;
	/** It was only tried whether it can be made. */
	readonly isMissing: boolean;
	/** Why nothing can be appended. */
	readonly readOnly: string | undefined;
	/** Entries that are offered again are recognised. */
	readonly isCounted: boolean;
	/** The server repeats another one: it can't be listened to. */
	readonly isStandby: boolean;
	readonly hints: readonly string[];
	/** Indexes whose new rows are to be sorted in: see `PendingText`. */
	readonly pending: readonly string[];
}

/** The statement with which anybody may make the table. */
const SEED_TABLE =
	'(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ts timestamptz NOT NULL, level text NOT NULL, message text NOT NULL, logger text NOT NULL, task_id text, extra jsonb)';

/** Finds the table of an address, or makes it if entries are to be kept there. Rejects with a sentence. */
export async function openTable(
	connection: PostgresConnection,
	{ address, use = 'keep' }: PostgresAccess,
): Promise<OpenedTable> {
	const end = use === 'try' ? 'ROLLBACK' : 'COMMIT';
	const { isStandby, serverReadOnly } = await connection.run(serverState);
	let found = await connection.run((send) => findTable(send, address));
	const isMissing = found === undefined && use === 'try';
	if (found === undefined && use === 'read') {
		throw await connection.run((send) => noTable(send, address));
	}
	if (found === undefined) {
		if (serverReadOnly !== undefined) {
			throw new AppError(
				'storage-failed',
				`There is no table ${address.table}, and none can be made: ${serverReadOnly}`,
			);
		}
		found = await makeTable(connection, address, end);
	}
	const { table } = found;
	const readOnly = serverReadOnly ?? found.readOnly ?? (use === 'read' ? ONLY_READ : undefined);
	const isCounted = readOnly === undefined && (await countsWriters(connection, table, end));
	const trigrams = await connection.run((send) => findTrigrams(send, false));
	return {
		table,
		isMissing,
		readOnly,
		isCounted,
		isStandby,
		hints: [
			...(isMissing ? [`There is no table ${table.name} yet: it is made when it is used.`] : []),
			...hintsOf(found, readOnly, isCounted, trigrams),
		],
		pending:
			readOnly === undefined ? await connection.run((send) => findPendingIndexes(send, table)) : [],
	};
}

async function serverState(
	send: Send,
): Promise<{ isStandby: boolean; serverReadOnly: string | undefined }> {
	const [row] = await send(
		`SELECT pg_is_in_recovery()::text, current_setting('transaction_read_only')`,
	);
	const isStandby = row?.[0] === 'true';
	return {
		isStandby,
		serverReadOnly: isStandby
			? 'This server is a standby, which only reads. Name the primary server to append.'
			: row?.[1] === 'on'
				? 'This server or user is set to read only (default_transaction_read_only). Turn that off to append.'
				: undefined,
	};
}

async function makeTable(
	connection: PostgresConnection,
	address: PostgresAddress,
	end: 'COMMIT' | 'ROLLBACK',
): Promise<FoundTable> {
	try {
		const make = async (send: Send) => {
			const schema = await schemaOf(send, address);
			if (schema === undefined) {
				throw new AppError(
					'storage-failed',
					`There is no table ${address.table}, and no schema to make it in. Name one: table=schema.${address.table}`,
				);
			}
			await migrate(send, schema);
			// Another one may have made it while this one waited.
			const others = await findTable(send, address);
			if (others !== undefined) {
				return others;
			}
			await createTable(send, address, schema);
			const made = await findTable(send, address);
			if (made === undefined) {
				throw new AppError(
					'storage-failed',
					`The table ${address.table} was made and is not found.`,
				);
			}
			const trigrams = await findTrigrams(send, true);
			const indexes = [
				...wantedIndexes(made.table),
				...(trigrams === undefined ? [] : [textIndex(made.table, trigrams)]),
			];
			for (const { name, sql, unnamed } of indexes) {
				// A table that was renamed has kept the names of its indexes.
				await send((await isTaken(send, schema, name)) ? unnamed : sql);
			}
			return (await findTable(send, address)) ?? made;
		};
		return await connection.transaction(make, { end });
	} catch (error) {
		if (error instanceof PostgresError && error.reason === '42P07') {
			throw new PostgresError(
				error.reason,
				`${address.table} is no table, but a sequence, an index or a type is called that. Name another table with table=…`,
			);
		}
		if (error instanceof PostgresError && ['42501', '3F000'].includes(error.reason)) {
			throw new PostgresError(
				error.reason,
				error.reason === '3F000'
					? `There is no schema ${newTableName(address).schema ?? ''}. Create it, or name another one.`
					: `There is no table ${address.table}, and this user may not create it. Somebody who may runs: CREATE TABLE ${address.table} ${SEED_TABLE}; GRANT SELECT, INSERT ON ${address.table} TO the user`,
			);
		}
		throw error;
	}
}

/** Whether the table of writers can be kept: it is made if need be. */
async function countsWriters(
	connection: PostgresConnection,
	table: LogTable,
	end: 'COMMIT' | 'ROLLBACK',
): Promise<boolean> {
	const name = `${quoted(table.schema)}.${WRITERS}`;
	const isThere = async (send: Send) => {
		const [row] = await send(
			`SELECT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE'))::text FROM pg_class c WHERE c.oid = to_regclass($1)`,
			[name],
		);
		return row?.[0];
	};
	const known = await connection.run(isThere);
	if (known !== undefined) {
		return known === 'true';
	}
	try {
		await connection.transaction((send) => migrate(send, table.schema), { end });
		return true;
	} catch (error) {
		if (error instanceof PostgresError && error.reason === '42501') {
			return false;
		}
		throw error;
	}
}

function hintsOf(
	{ table, indexes, isView }: FoundTable,
	readOnly: string | undefined,
	isCounted: boolean,
	trigrams: string | undefined,
): readonly string[] {
	const hints: string[] = [];
	if (!table.hasId) {
		hints.push(
			`${table.name} has no unique id${table.hasNullableId ? ' that each row has' : ''}: entries are told in the order of their times, and those that come more than a minute late only when it is read again. To change that: ALTER TABLE ${table.sql} ${table.hasNullableId ? 'ALTER COLUMN id SET NOT NULL' : 'ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE'}`,
		);
	}
	if (table.columns.extra.type !== 'jsonb') {
		hints.push(
			`${table.name}: extra is ${table.columns.extra.type}. Questions about it are slow; with jsonb they are not.`,
		);
	}
	if (readOnly === undefined && !isCounted) {
		hints.push(
			`This user may not keep ${WRITERS} in the schema ${table.schema}: after a failure an entry may be there twice. To change that: GRANT CREATE ON SCHEMA ${quoted(table.schema)} TO the user`,
		);
	}
	if (isView) {
		return hints;
	}
	for (const { sql, use, isAmong } of wantedIndexes(table)) {
		if (!isAmong(indexes)) {
			hints.push(`${table.name} has no index to find entries ${use}: ${sql}`);
		}
	}
	const text = textIndex(table, trigrams ?? 'gin_trgm_ops');
	if (!text.isAmong(indexes)) {
		const extension = trigrams === undefined ? 'CREATE EXTENSION pg_trgm; ' : '';
		hints.push(
			`${table.name} has no index to find rare text, so that all of it is read for that: ${extension}${text.sql}`,
		);
	}
	return hints;
}
