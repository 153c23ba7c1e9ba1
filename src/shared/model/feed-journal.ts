import * as v from 'valibot';

/**
 * What the receiver of feeds and the engine agree on. Each feed has a folder of journals, plain
 * files of whole lines that are only ever added to. The receiver writes them and the engine reads
 * them, so either can be started anew without the other.
 */

/** The file in a feed's folder that says what it is. Only the receiver writes it. */
export const FEED_FILE = 'feed.json';

/** Numbers of lines at most `Number.MAX_SAFE_INTEGER`. */
const lineNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What the receiver remembers of a feed. */
export const feedFileSchema = v.object({
	/** As it is shown; no other folder has it. */
	name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
	/** Where it came in last: `unix`, `tcp`, `udp`, `pipe`, or the address connected to. */
	endpoint: v.string(),
	/** The name its sender asked for; `name` may have a number behind it. */
	source: v.optional(v.string()),
	/** It was connected when the receiver ended, or has been lost, and can't send again what it sent since. */
	connected: v.optional(v.boolean(), false),
	/** When it was heard of last, if it is not connected any more although it should be. */
	left: v.optional(v.string()),
	/** Sessions that others have followed, the last one last, and the number of their last line. */
	ended: v.optional(v.record(v.string(), lineNumber), {}),
});
export type FeedFile = v.InferOutput<typeof feedFileSchema>;

/** What a journal's name says. */
export interface JournalName {
	/** Which run of its sender the lines are of; lines of a session are numbered from 1. */
	readonly session: string;
	/** The number of its first line; the others follow without a break. */
	readonly first: number;
}

const DIGITS = 16;
const NAME = /^([A-Za-z0-9-]{1,80})-(\d{16})\.jsonl$/;

/** The file name of a journal. In one session, the order of names is the order of lines. */
export function formatJournalName({ session, first }: JournalName): string {
	return `${session}-${String(first).padStart(DIGITS, '0')}.jsonl`;
}

/** What a file name says; `undefined` if it is no journal's. */
export function parseJournalName(name: string): JournalName | undefined {
	const [, session, digits] = NAME.exec(name) ?? [];
	const first = Number(digits);
	return session === undefined || !Number.isSafeInteger(first) ? undefined : { session, first };
}

/**
 * Whether the receiver will never write to a journal again nor look at it, so that it may be
 * deleted once its lines are stored: a later one of its session is there (`names`: all files of its
 * folder), or the feed has gone on with another session.
 */
export function isJournalFinished(
	journal: JournalName,
	names: readonly string[],
	feed: Pick<FeedFile, 'ended'>,
): boolean {
	const ended = Object.hasOwn(feed.ended, journal.session)
		? feed.ended[journal.session]
		: undefined;
	return (
		(ended !== undefined && journal.first <= ended) ||
		names.some((name) => {
			const other = parseJournalName(name);
			return other?.session === journal.session && other.first > journal.first;
		})
	);
}
