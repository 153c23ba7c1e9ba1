import { lstat } from 'node:fs/promises';
import { connect } from 'node:net';
import type { EndpointTest } from '#shared/api/host.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import { formatAddress, parseAddress, socketOptions } from '#shared/model/feed-address.ts';
import type { FeedAddress } from '#shared/model/feed-address.ts';
import { fixedPlace } from './fixed-place.ts';

const DEADLINE_MS = 5_000;

/** Connects to an address and hangs up again: whether somebody listens there, as a sentence. */
export async function testEndpoint(text: string): Promise<EndpointTest> {
	try {
		const parsed = parseAddress(text, 'connect');
		const address = parsed.type === 'unix' && parsed.path === undefined ? fixedPlace() : parsed;
		await checkSocket(address);
		await reach(address);
		return { ok: true, message: `${formatAddress(address)} can be connected to.` };
	} catch (error) {
		const message = error instanceof AppError ? error.message : `${text}: ${explain(error)}`;
		return { ok: false, message };
	}
}

/** Only what is a socket, of this user or the system, is connected to. */
async function checkSocket(address: FeedAddress): Promise<void> {
	if (address.type !== 'unix' || address.path === undefined) {
		return;
	}
	const status = await lstat(address.path);
	if (!status.isSocket()) {
		throw new Error('this is no socket. Check the path.');
	}
	if (status.uid !== 0 && status.uid !== process.getuid?.()) {
		throw new Error('this socket belongs to another user, so it is not connected to.');
	}
}

function reach(address: FeedAddress): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connect(socketOptions(address));
		socket.setTimeout(DEADLINE_MS, () => {
			socket.destroy(new Error('nobody answered for 5 s. Check that the scheduler runs.'));
		});
		socket.once('error', reject);
		socket.once('connect', () => {
			socket.destroy();
			resolve();
		});
	});
}

function explain(error: unknown): string {
	switch (error instanceof Error && 'code' in error ? error.code : undefined) {
		case 'ECONNREFUSED':
			return 'nobody listens there. Start the scheduler first, or check the address.';
		case 'ENOENT':
		case 'ENOTDIR':
			return 'there is no such socket. Start the scheduler first, or check the path.';
		case 'EACCES':
		case 'EPERM':
			return 'this user may not connect to it.';
		default:
			return messageOf(error);
	}
}
