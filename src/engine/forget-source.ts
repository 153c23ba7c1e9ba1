import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '#shared/errors.ts';
import type { SourceId } from '#shared/model/source.ts';
import type { Problems } from './problems.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';

const RETRY_MS = 2_000;

/** Removes the entries of a source that is no more; tries again for as long as that fails. */
export async function forgetSource(
	id: SourceId,
	engine: {
		readonly storage: SegmentStorage;
		readonly problems: Problems;
		/** Aborted when the engine closes: the next one goes on with it. */
		readonly signal: AbortSignal;
	},
): Promise<void> {
	const { storage, problems, signal } = engine;
	const key = `forget-${id}`;
	try {
		await storage.remove(id);
		problems.clear(key);
	} catch (error) {
		if (!signal.aborted) {
			problems.set(key, messageOf(error));
			delay(RETRY_MS, undefined, { signal }).then(
				() => forgetSource(id, engine),
				() => {},
			);
		}
	}
}
