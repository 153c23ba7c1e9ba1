import { Worker } from 'node:worker_threads';
import { feedsEventSchemas, feedsSchemas } from '#shared/api/feeds.ts';
import type { FeedsApi, FeedsEvents } from '#shared/api/feeds.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';
import { BUILT } from './built.ts';

/** The real receiver of feeds in a thread of its own, which can be killed by `worker.terminate`. */
export function startFeedsThread(): { readonly worker: Worker; readonly api: FeedsApi } {
	const worker = new Worker(BUILT.feeds);
	const api = openRpc<FeedsApi, FeedsEvents>(threadChannel(worker), {
		serve: feedsEventSchemas,
		local: { changed: () => {} },
		call: feedsSchemas,
	});
	return { worker, api };
}
