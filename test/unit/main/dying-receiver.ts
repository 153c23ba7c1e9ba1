/** A receiver of feeds that dies when it is told to listen at `tcp:127.0.0.1:1`. */
import { parentPort } from 'node:worker_threads';
import { feedsEventSchemas, feedsSchemas } from '#shared/api/feeds.ts';
import type { FeedsApi, FeedsEvents } from '#shared/api/feeds.ts';
import type { MessagePort } from 'node:worker_threads';
import { openRpc } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';

const local: FeedsApi = {
	configure: async ({ listen, connect }) => {
		if (listen.includes('tcp:127.0.0.1:1')) {
			setImmediate(() => {
				throw new Error('hostile input');
			});
		}
		const endpoints = [...listen, ...connect].map(
			(address) => ({ address, kind: 'listen', state: 'listening', clients: 0 }) as const,
		);
		events.changed({ endpoints, feeds: [] });
	},
	close: async () => {},
};

const events = openRpc<FeedsEvents, FeedsApi>(threadChannel(parentPort as MessagePort), {
	serve: feedsSchemas,
	local,
	call: feedsEventSchemas,
	callsAreEvents: true,
});
