/**
 * Entry of the receiver of feeds, a worker thread of the host: it goes on taking records while the
 * engine is started anew, and what hostile input could break is this thread alone.
 */
import { parentPort } from 'node:worker_threads';
import { feedsEventSchemas, feedsSchemas } from '#shared/api/feeds.ts';
import type { FeedsApi, FeedsEvents } from '#shared/api/feeds.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';
import { Receiver } from './receiver.ts';

if (parentPort === null) {
	throw new Error('It runs as a worker thread');
}

const receiver = new Receiver({ changed: (status) => events.changed(status) });

const events = openRpc<FeedsEvents, FeedsApi>(threadChannel(parentPort), {
	serve: feedsSchemas,
	local: receiver,
	call: feedsEventSchemas,
	callsAreEvents: true,
});
