import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineHost } from '../engine-host.ts';

const LOOK_EVERY_MS = 20;

/** An engine that has not read them by then can't. */
const DEADLINE_MS = 10_000;

/**
 * Resolves when the engine has read the journals of feeds in `folder` to their end, after whoever
 * writes them has ended; or when that takes too long.
 */
export async function untilJournalsRead(engine: EngineHost, folder: string): Promise<void> {
	const deadline = performance.now() + DEADLINE_MS;
	while (performance.now() < deadline) {
		const { sources } = await engine.api.getState({});
		const feeds = sources.filter(({ type }) => type === 'feed');
		const files = await Promise.all(feeds.map(({ id }) => engine.api.getSourceFiles({ id })));
		const read = new Map(
			files.flat().map(({ path, ledger }) => [path, ledger.read_bytes + ledger.held_bytes]),
		);
		if (journalsIn(folder).every(({ path, size }) => (read.get(path) ?? 0) >= size)) {
			return;
		}
		await delay(LOOK_EVERY_MS);
	}
}

function journalsIn(folder: string): readonly { readonly path: string; readonly size: number }[] {
	return namesIn(folder)
		.filter((name) => !name.startsWith('.'))
		.map((name) => join(folder, name))
		.flatMap((feed) => namesIn(feed).map((name) => join(feed, name)))
		.filter((path) => path.endsWith('.jsonl'))
		.map((path) => ({ path, size: statSync(path, { throwIfNoEntry: false })?.size ?? 0 }));
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return []; // nothing has come, or it is read and gone
	}
}
