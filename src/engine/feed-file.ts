import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { FEED_FILE, feedFileSchema } from '#shared/model/feed-journal.ts';
import type { FeedFile } from '#shared/model/feed-journal.ts';

/** What the receiver has written down of a feed; `undefined` if it is no feed's folder (any more). */
export function readFeedFile(folder: string): FeedFile | undefined {
	try {
		const text = readFileSync(join(folder, FEED_FILE), 'utf8');
		return v.parse(feedFileSchema, JSON.parse(text));
	} catch {
		return undefined; // begun just now, or closed just now
	}
}
