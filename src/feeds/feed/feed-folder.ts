import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { FEED_FILE, feedFileSchema, parseJournalName } from '#shared/model/feed-journal.ts';
import type { FeedFile } from '#shared/model/feed-journal.ts';

/** A feed's folder as it was found. */
export interface FoundFeed {
	readonly folder: string;
	readonly file: FeedFile;
	/** When something was written to its journals last, in milliseconds since 1970. */
	readonly lastWriteMs: number | undefined;
	/** Sessions that there are journals of, with the number of the first line of the last one. */
	readonly sessions: ReadonlyMap<string, number>;
}

/** All feeds in `parent`. What is no feed is left alone. */
export function findFeeds(parent: string): FoundFeed[] {
	return !existsSync(parent)
		? []
		: readdirSync(parent).flatMap((name) => {
				const folder = join(parent, name);
				const file = readFeedFile(folder);
				return file === undefined ? [] : [{ folder, file, ...readJournals(folder) }];
			});
}

/** Writes feed.json into a folder that is there: afterwards it is as it was or as it should be. */
export async function writeFeedFile(folder: string, file: FeedFile): Promise<void> {
	const path = join(folder, FEED_FILE);
	await writeFile(`${path}.new`, JSON.stringify(file), { mode: 0o600, flush: true });
	await rename(`${path}.new`, path);
}

function readFeedFile(folder: string): FeedFile | undefined {
	try {
		const value: unknown = JSON.parse(readFileSync(join(folder, FEED_FILE), 'utf8'));
		const result = v.safeParse(feedFileSchema, value);
		return result.success ? result.output : undefined;
	} catch {
		return undefined; // no feed, or not a readable one: its journals stay as they are
	}
}

function readJournals(folder: string): Pick<FoundFeed, 'lastWriteMs' | 'sessions'> {
	const sessions = new Map<string, number>();
	let lastWriteMs: number | undefined;
	for (const name of readdirSync(folder)) {
		const journal = parseJournalName(name);
		if (journal !== undefined) {
			sessions.set(journal.session, Math.max(sessions.get(journal.session) ?? 0, journal.first));
			// The engine deletes what it has read at any moment.
			const status = statSync(join(folder, name), { throwIfNoEntry: false });
			lastWriteMs = Math.max(lastWriteMs ?? 0, status?.mtimeMs ?? 0);
		}
	}
	return { lastWriteMs, sessions };
}
