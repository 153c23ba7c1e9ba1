import { createHash } from 'node:crypto';
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Count, CountQuery, Filter } from '#shared/model/query.ts';
import type { FileIdentity, FilePlace, LogSink } from '#engine/log-sink.ts';
import type { PageQuery } from '#engine/active-storage.ts';
import { SegmentStorage } from '#engine/segments/segment-storage.ts';
import type { StoragePolicy } from '#engine/segments/storage-options.ts';
import { BUILT } from '../../../support/built.ts';
import { NOW } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';

/** The storage's real threads. */
export const THREADS = { query: BUILT.query, writer: BUILT.writer, scan: BUILT.scan };

export const KEEP_ALL: StoragePolicy = {
	keepsText: true,
	retention: { rows: 0, bytes: 0, days: 0 },
};

/** A real storage, closed after the test. */
export function openStorage(
	path: string,
	options: { readonly threads?: typeof THREADS; readonly now?: () => number } = {},
): SegmentStorage {
	const storage = new SegmentStorage(path, options.threads ?? THREADS, options.now ?? (() => NOW));
	onTestFinished(() => storage.close());
	return storage;
}

/** Where the database of a test is. */
export function databasePath(): string {
	return join(temporaryFolder(), 'logs.db');
}

/** A storage in a folder of its own. */
export function newStorage(): SegmentStorage {
	return openStorage(databasePath());
}

/** Nobody listens. */
export function sinkOf(storage: SegmentStorage, source = 1): LogSink {
	return storage.sink(source, () => {});
}

/** A log whose bytes stand in a real file, handed to a sink as following it would. */
export class LogInTest {
	readonly path: string;
	readonly #sink: LogSink;
	/** The log's number in its storage. */
	readonly id: number;
	#bytes: Buffer = Buffer.alloc(0);

	constructor(
		sink: LogSink,
		options: {
			readonly path?: string;
			readonly kind?: FilePlace['kind'];
			readonly historyEntries?: number;
			/** A log that is known already, of which these bytes were read. */
			readonly known?: { readonly id: number; readonly bytes: Buffer };
		} = {},
	) {
		this.#sink = sink;
		this.path = options.path ?? join(temporaryFolder(), 'app.jsonl');
		if (options.known === undefined) {
			writeFileSync(this.path, '');
			const place = placeOf(this.path, options.kind ?? 'plain');
			this.id = sink.begin(place, options.historyEntries ?? 0).id;
		} else {
			this.id = options.known.id;
			this.#bytes = options.known.bytes;
		}
	}

	get end(): number {
		return this.#bytes.length;
	}

	get bytes(): Buffer {
		return this.#bytes;
	}

	/** Goes on with the same log after the storage was opened again. */
	reopened(sink: LogSink): LogInTest {
		return new LogInTest(sink, { path: this.path, known: { id: this.id, bytes: this.#bytes } });
	}

	/** Writes whole lines and hands them over. */
	async append(text: string | Buffer, place: 'live' | 'history' = 'live'): Promise<void> {
		const bytes = Buffer.from(text);
		const offset = this.end;
		this.write(bytes);
		await this.#sink.append(this.id, { bytes, offset }, this.identity(), place);
	}

	/** A line of which only the beginning is handed over. */
	async appendCut(text: string, kept: number): Promise<void> {
		const bytes = Buffer.from(text);
		const offset = this.end;
		this.write(bytes);
		const chunk = { bytes: bytes.subarray(0, kept), offset, length: bytes.length };
		await this.#sink.append(this.id, chunk, this.identity(), 'live');
	}

	/** Writes whole entries and leaves them to be read by others. */
	leave(text: string | Buffer): void {
		this.write(Buffer.from(text));
		this.#sink.leave(this.id, this.identity());
	}

	/** Writes without telling anybody. */
	write(bytes: Buffer): void {
		appendFileSync(this.path, bytes);
		this.#bytes = Buffer.concat([this.#bytes, bytes]);
	}

	identity(): FileIdentity {
		return identityOf(this.#bytes);
	}
}

/** The identity of a log that was read to the end of these bytes. */
export function identityOf(bytes: Buffer): FileIdentity {
	const end = bytes.length;
	const headLength = Math.min(end, 1_024);
	const tailLength = Math.min(end, 256);
	return {
		headLength,
		head: sha256(bytes.subarray(0, headLength)),
		tailLength,
		tail: sha256(bytes.subarray(end - tailLength)),
		end,
	};
}

export function placeOf(path: string, kind: FilePlace['kind'] = 'plain'): FilePlace {
	const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
	return { path, kind, device: String(dev), inode: String(ino), birth: String(birthtimeNs) };
}

function sha256(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** Waits until what was left of a source's logs is read. */
export async function untilHistory(storage: SegmentStorage, source = 1): Promise<void> {
	await until('history to be read', () => !storage.isReading(source), { deadlineMs: 30_000 });
}

const PAGE_ROWS = 5_000;

/**
 * All rows that match, or as many as are asked for, newest first: page by page, each asked for again
 * until it is complete.
 */
export async function rowsOf(
	storage: SegmentStorage,
	{ limit = Infinity, offset = 0, ...filter }: PageQuery = {},
): Promise<readonly EntryRow[]> {
	const found: EntryRow[] = [];
	for (;;) {
		const wanted = Math.min(limit - found.length, PAGE_ROWS);
		const page = { limit: wanted, offset: offset + found.length };
		const { rows, complete } = await storage.query({ ...filter, ...page });
		if (complete) {
			found.push(...rows);
			if (rows.length < wanted || found.length === limit) {
				return found;
			}
		}
	}
}

/** The messages of all entries, oldest first. */
export async function messagesOf(
	storage: SegmentStorage,
	filter: Filter = {},
): Promise<readonly string[]> {
	return (await rowsOf(storage, filter)).map(({ message }) => message).toReversed();
}

/** A count asked again until it is complete. */
export async function countOf(storage: SegmentStorage, query: CountQuery = {}): Promise<Count> {
	for (;;) {
		const count = await storage.count(query);
		if (count.complete) {
			return count;
		}
	}
}
