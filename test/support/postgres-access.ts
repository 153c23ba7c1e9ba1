import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import type { PostgresAccess } from '#engine/storages/postgres/connection.ts';
import type { PostgresServer } from './postgres-server.ts';

/** How a storage reaches a table of the server. */
export function postgresAccess(
	server: PostgresServer,
	database: string,
	{
		table,
		user,
		password = server.password,
	}: { readonly table?: string; readonly user?: string; readonly password?: string } = {},
): PostgresAccess {
	const query = table === undefined ? '' : `?table=${encodeURIComponent(table)}`;
	const { address } = parseStorageAddress(
		server.address(database, { query, ...(user === undefined ? {} : { user }) }),
	);
	if (address.kind !== 'postgres') {
		throw new Error(`Expected an address of PostgreSQL, got ${address.kind}`);
	}
	return { address, password };
}
