/** A receiver of feeds that dies when it is told to listen at `tcp:127.0.0.1:1`. */
import { parentPort } from 'node:worker_threads';
import { feedsEventSchemas, feedsSchemas } from '#shared/api/feeds.ts';
import type { FeedsApi, FeedsEvents } from '#shared/api/feeds.ts';
import type { FeedStatus } from '#shared/model/feed.ts';
import type { MessagePort } from 'node:worker_threads';
import { openRpc } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';

/** One that is connected since long ago, and one that was lost then. */
const FEEDS: readonly FeedStatus[] = (['connected', 'retrying'] as const).map((state) => ({
	folder: `/feeds/${state}`,
	name: state,
	kind: 'connect',
	protocol: 'lines',
	state,
	since: 1,
	peer: 'tcp:127.0.0.1:2',
	records: 0,
	refused: 0,
	dropped: 0,
}));

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
		events.changed({ endpoints, feeds: FEEDS });
	},
	close: async () => {},
};

const events = openRpc<FeedsEvents, FeedsApi>(threadChannel(parentPort as MessagePort), {
	serve: feedsSchemas,
	local,
	call: feedsEventSchemas,
	callsAreEvents: true,
});
