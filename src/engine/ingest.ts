import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { messageOf } from '#shared/errors.ts';
import { EntryFlag } from '#shared/model/entry.ts';
import { decodeLine } from './pipeline/decode-line.ts';
import { joinLines } from './pipeline/join-lines.ts';
import type { LineGroup } from './pipeline/join-lines.ts';
import { MAX_LINE_BYTES } from './pipeline/line-splitter.ts';
import type { RawLine } from './pipeline/line-splitter.ts';
import type { LineBatch, Source } from './sources/source.ts';
import type { Checkpoint, EntryBatch, LogStorage, NewEntry } from './storage/log-storage.ts';

const checkpointSchema = v.object({
	/** Where the source goes on; its own affair. */
	position: v.record(v.string(), v.unknown()),
	/** Where this log's history has its place in the order of arrival. */
	base: v.number(),
	/** The entry that a traceback's further lines would belong to. */
	last_seq: v.exactOptional(v.number()),
	join_state: v.picklist(['fresh', 'none', 'frames', 'ended']),
	/** Length of the lines that entry has so far. */
	last_length: v.exactOptional(v.number()),
	/** Entries stored so far. */
	entries: v.number(),
});
type IngestState = v.InferOutput<typeof checkpointSchema>;

/** An entry of this length takes no more lines: each of them would have it written anew. */
const MAX_JOINED_LENGTH = 256 * 1024;

const RETRY_MS = [250, 1_000, 2_000, 5_000];

export interface IngestOptions {
	readonly source: number;
	readonly input: Source;
	readonly storage: LogStorage;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** After each batch that is stored. `added`: those written while we watched. */
	readonly onStored: (stored: { readonly added: number; readonly entries: number }) => void;
	/** The storage refuses: the batch is kept and tried again. `undefined`: it works again. */
	readonly onBlocked: (message: string | undefined) => void;
}

/**
 * Takes one source's lines into the storage until `signal` is aborted: lines → entries → one
 * transaction with the place to go on from. Nothing is taken from the source before what was taken
 * is stored, so that a full disk loses nothing.
 */
export async function ingest(options: IngestOptions, signal: AbortSignal): Promise<void> {
	const { source, input, storage } = options;
	const saved = await storage.checkpoint(source);
	let state: IngestState | undefined = v.is(checkpointSchema, saved)
		? (saved as IngestState)
		: undefined;
	let isWatching = false;
	for await (const lines of input.read(state?.position, signal)) {
		if (state === undefined || lines.place === 'first') {
			state = {
				position: lines.position,
				base: storage.reserve(lines.historyBytes),
				join_state: 'fresh',
				entries: state?.entries ?? 0,
			};
		}
		const arrival = options.now() * 1_000;
		const { batch, next } = toBatch(source, lines, state, arrival);
		let stored = state;
		const checkpointed: EntryBatch = {
			...batch,
			checkpoint: (lastSeq) => {
				stored = next(lastSeq);
				return stored as unknown as Checkpoint;
			},
		};
		if (!(await appendUntilStored(options, checkpointed, signal))) {
			return;
		}
		state = stored;
		// The newest lines of a log that was there before are not new; those of the next log are.
		const isAdded = lines.place === 'next' || (lines.place === 'first' && isWatching);
		options.onStored({ added: isAdded ? batch.entries.length : 0, entries: state.entries });
		isWatching = true;
	}
}

/** The entries of some lines, and the state once they are stored. */
function toBatch(
	source: number,
	lines: LineBatch,
	state: IngestState,
	arrival: number,
): {
	readonly batch: Omit<EntryBatch, 'checkpoint'>;
	readonly next: (lastSeq: number | undefined) => IngestState;
} {
	const isHistory = lines.place === 'history';
	const { last_seq, last_length = 0 } = state;
	const isFull = last_length > MAX_JOINED_LENGTH;
	const joined = joinLines(lines.lines, isHistory || isFull ? 'fresh' : state.join_state);
	const entries = joined.groups.map((group) => toEntry(group, arrival));
	const lastGroup = joined.groups.at(-1);
	return {
		batch: {
			source,
			entries,
			place: isHistory ? { base: state.base } : 'newest',
			...(joined.before.length === 0 || last_seq === undefined
				? {}
				: { continuation: { seq: last_seq, raw: rawOf(joined.before) } }),
		},
		next: (lastSeq) => ({
			...state,
			position: lines.position,
			entries: state.entries + entries.length,
			...(isHistory
				? {}
				: {
						join_state: joined.state,
						last_length:
							lastGroup === undefined
								? last_length + lengthOf(joined.before)
								: lengthOf(lastGroup.rest),
						...(lastSeq === undefined ? {} : { last_seq: lastSeq }),
					}),
		}),
	};
}

function toEntry({ head, rest }: LineGroup, arrival: number): NewEntry {
	const decoded = decodeLine(head.text, arrival);
	const isCut = head.cutFrom !== undefined;
	return {
		...decoded,
		message: isCut ? `${decoded.message} … ${cutNote(head.cutFrom)}` : decoded.message,
		flags:
			decoded.flags | (rest.length > 0 ? EntryFlag.continued : 0) | (isCut ? EntryFlag.cutLine : 0),
		raw: rawOf([head, ...rest]),
		offset: head.offset,
	};
}

function cutNote(length: number): string {
	const format = new Intl.NumberFormat('en-US');
	return `[line of ${format.format(length)} bytes, cut after ${format.format(MAX_LINE_BYTES)}]`;
}

function lengthOf(lines: readonly RawLine[]): number {
	return lines.reduce((sum, { text }) => sum + text.length + 1, 0);
}

/** The lines as one text; as bytes if that would not give all of them back. */
function rawOf(lines: readonly RawLine[]): string | Buffer {
	if (lines.every((line) => line.bytes === undefined)) {
		return lines.map((line) => line.text).join('\n');
	}
	const bytes = lines.flatMap((line) => [Buffer.from('\n'), line.bytes ?? Buffer.from(line.text)]);
	return Buffer.concat(bytes.slice(1));
}

/** Stores a batch, however often that takes. False if `signal` was aborted before it worked. */
async function appendUntilStored(
	{ storage, onBlocked }: IngestOptions,
	batch: EntryBatch,
	signal: AbortSignal,
): Promise<boolean> {
	for (let attempt = 0; !signal.aborted; attempt++) {
		try {
			await storage.append(batch);
			if (attempt > 0) {
				onBlocked(undefined);
			}
			return true;
		} catch (error) {
			onBlocked(messageOf(error));
			const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
			await delay(wait, undefined, { signal }).catch(() => {
				// Aborted: the loop ends, and the batch is read again next time.
			});
		}
	}
	return false;
}
