import { Worker } from 'node:worker_threads';
import { feedsEventSchemas, feedsSchemas } from '#shared/api/feeds.ts';
import type { FeedsApi, FeedsEvents } from '#shared/api/feeds.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';

const ENTRY = new URL('../../src/feeds/feeds-thread.ts', import.meta.url);

/** The real receiver of feeds in a thread of its own, which can be killed by `worker.terminate`. */
export function startFeedsThread(): { readonly worker: Worker; readonly api: FeedsApi } {
	const worker = new Worker(ENTRY);
	const api = openRpc<FeedsApi, FeedsEvents>(threadChannel(worker), {
		serve: feedsEventSchemas,
		local: { changed: () => {} },
		call: feedsSchemas,
	});
	return { worker, api };
}
