import { AppError } from '#shared/errors.ts';
import type { PostgresAddress, Send } from './connection.ts';
import { quoted } from './table-name.ts';
import { LOG_COLUMNS } from './sql/log-table.ts';

/** More names than these help nobody to find the one that was meant. */
const MOST_NAMES = 5;

/** Tables and views that have the columns of entries and may be read; those of the search path first. */
const ALIKE = `
	SELECT n.nspname, c.relname, pg_table_is_visible(c.oid)::text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
		AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
		AND (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
			AND NOT a.attisdropped AND a.attname = ANY ($1::text[])) = cardinality($1::text[])
	ORDER BY pg_table_is_visible(c.oid) DESC, n.nspname, c.relname LIMIT ${MOST_NAMES + 1}`;

/** That the table of an address is not there, and which ones could have been meant. */
export async function noTable(send: Send, address: PostgresAddress): Promise<AppError> {
	const rows = await send(ALIKE, [`{${LOG_COLUMNS.join(',')}}`]);
	const names = rows.map(([schema, table, isVisible]) =>
		[...(isVisible === 'true' ? [] : [schema ?? '']), table ?? ''].map(asWritten).join('.'),
	);
	const shown = names.slice(0, MOST_NAMES).join(', ');
	const { host, port, database } = address;
	const place = host.startsWith('/') ? host : `${host}:${port}`;
	return new AppError(
		'storage-failed',
		`There is no table ${address.table} in the database ${database || address.user} at ${place}. ${
			names.length === 0
				? 'No table there has the columns of entries: correct the database.'
				: `With the columns of entries there ${names.length === 1 ? 'is' : 'are'}: ${shown}${names.length > MOST_NAMES ? ' and more' : ''}. Name one with table=…`
		}`,
	);
}

function asWritten(name: string): string {
	return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted(name);
}
