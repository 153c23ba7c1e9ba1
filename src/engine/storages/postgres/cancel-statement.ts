import { connect } from 'node:net';
import type { Client } from 'pg';
import type { StorageAddress } from '#shared/model/storage-address.ts';

/** What a server is sent first to cancel something: `CancelRequest` of its protocol. */
const CANCEL_REQUEST = 80_877_102;
const LENGTH = 16;

/** A server that does not take a request in this time is left to `statement_timeout`. */
const PATIENCE_MS = 2_000;

/**
 * Asks the server to end the statement that a connection runs. Resolves once it has been told, or
 * could not be: a statement goes on then until its time is over. As `libpq` does, over a connection of
 * its own and with a key that is good for nothing else.
 */
export function cancelStatement(
	client: Client,
	{ host, port }: StorageAddress & { readonly kind: 'postgres' },
): Promise<void> {
	// The key a server gives each connection; the types of `pg` do not tell it.
	const { processID, secretKey } = client as unknown as Record<string, unknown>;
	if (typeof processID !== 'number' || typeof secretKey !== 'number') {
		return Promise.resolve();
	}
	const request = Buffer.alloc(LENGTH);
	request.writeInt32BE(LENGTH, 0);
	request.writeInt32BE(CANCEL_REQUEST, 4);
	request.writeInt32BE(processID, 8);
	request.writeInt32BE(secretKey, 12);
	return new Promise((resolve) => {
		const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
		socket.setTimeout(PATIENCE_MS, () => socket.destroy());
		socket.on('error', () => socket.destroy());
		// The server hangs up when it has passed it on.
		socket.on('close', () => resolve());
		socket.on('connect', () => socket.write(request));
		socket.resume();
	});
}
