import { AppError } from '#shared/errors.ts';
import type { PostgresAddress } from './connection.ts';

/** PostgreSQL cuts names that are longer, and says so to nobody who reads it. */
const MAX_BYTES = 63;

/** The name of a table; without a schema it is looked for where PostgreSQL looks (`search_path`). */
export interface TableName {
	readonly schema: string | undefined;
	readonly name: string;
}

/**
 * The names that the table of an address may have: as it is written, which finds one that was made in
 * quotes, and as statements of others have it, capitals outside of quotes made small. The last one is
 * what a new table is called. Throws a sentence for what is no name.
 */
export function tableNames(address: PostgresAddress): readonly [TableName, ...TableName[]] {
	const parts = [...address.table.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(
		([, inQuotes, plain = '']) => ({
			written: inQuotes?.replaceAll('""', '"') ?? plain,
			folded: inQuotes?.replaceAll('""', '"') ?? foldedName(plain),
		}),
	);
	const all = parts.map(({ written }) => written);
	if (all.length === 0 || all.length > 2 || all.join('.').includes('\0')) {
		throw new AppError(
			'storage-failed',
			`"${address.table}" is no name of a table: expected asyncz_logs or schema.asyncz_logs.`,
		);
	}
	const long = all.find((name) => Buffer.byteLength(name) > MAX_BYTES);
	if (long !== undefined) {
		throw new AppError(
			'storage-failed',
			`${long} is too long for a name in PostgreSQL, which has ${MAX_BYTES} bytes at most. Choose a shorter one.`,
		);
	}
	const folded = parts.map((part) => part.folded);
	return folded.join('.') === all.join('.') ? [named(all)] : [named(all), named(folded)];
}

/** What a table that is made is called. */
export function newTableName(address: PostgresAddress): TableName {
	const names = tableNames(address);
	return names.at(-1) ?? names[0];
}

/** A name as a part of a statement. */
export function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

/** Whether PostgreSQL leaves a name as it is. */
export function isShortName(name: string): boolean {
	return Buffer.byteLength(name) <= MAX_BYTES;
}

function named(names: readonly string[]): TableName {
	return { schema: names.length === 1 ? undefined : names[0], name: names.at(-1) ?? '' };
}

function foldedName(name: string): string {
	return name.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}
