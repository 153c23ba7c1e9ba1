import { statSync } from 'node:fs';
import type { Statement, Transaction } from 'better-sqlite3';
import type { StorageStatus } from '#shared/api/engine.ts';
import { EntryFlag } from '#shared/model/entry.ts';
import type { LogEntry } from '#shared/model/entry.ts';
import type { Count, CountQuery, Page } from '#shared/model/query.ts';
import type { SourceId } from '#shared/model/source.ts';
import type { Checkpoint, EntryBatch, LogStorage, StorageQuery } from '../log-storage.ts';
import { BlockWriter, recountBlocks } from './block-writer.ts';
import { foldMessage } from './compile-filter.ts';
import { ReaderClient } from './reader-client.ts';
import { explainStorageError, openWritable } from './schema.ts';
import type { WritableDatabase } from './schema.ts';

interface Counters {
	readonly nextSeq: number;
	readonly appended: number;
}

/**
 * Entries in a SQLite database, a row each. The calling thread writes; a reader thread with a
 * connection of its own answers queries, so that neither waits for the other. Rows and checkpoint
 * are one transaction: after a crash or a kill both are there or neither is.
 */
export class SqliteLogStorage implements LogStorage {
	readonly #path: string;
	readonly #db: WritableDatabase;
	readonly #reader: ReaderClient;
	readonly #blocks: BlockWriter;
	readonly #store: Transaction<(batch: EntryBatch) => Counters & { readonly added: number }>;
	#size: number;
	#counters: Counters;
	#watermark: number;
	#revision = 0;

	/** `readerUrl`: the reader thread's entry file. Throws an `AppError` `storage-failed`. */
	constructor(path: string, readerUrl: URL) {
		this.#path = path;
		this.#db = openWritable(path);
		this.#blocks = new BlockWriter(this.#db);
		this.#size = this.#number('SELECT coalesce(sum(rows), 0) FROM block');
		this.#watermark = this.#number('SELECT coalesce(max(seq), 0) FROM entry');
		this.#counters = {
			nextSeq: Math.max(this.#counter('next_seq'), this.#watermark + 1),
			appended: this.#counter('appended'),
		};
		this.#store = this.#db.transaction(this.#prepareStore());
		this.#reader = new ReaderClient(path, readerUrl);
	}

	async append(batch: EntryBatch): Promise<void> {
		try {
			const { added, ...counters } = this.#store(batch);
			this.#counters = counters;
			this.#size += added;
			if (batch.place !== 'newest') {
				this.#revision++;
			} else if (added > 0) {
				this.#watermark = counters.nextSeq - 1;
			}
		} catch (error) {
			// What was written to the open block is undone with the rest.
			this.#blocks.closeOpenBlock();
			throw explainStorageError(error, this.#path);
		}
	}

	reserve(length: number): number {
		const first = this.#counters.nextSeq;
		this.#counters = { ...this.#counters, nextSeq: first + length };
		this.#blocks.closeOpenBlock();
		return first;
	}

	query(query: StorageQuery): Promise<Page> {
		return this.#reader.query(query);
	}

	count(query: CountQuery): Promise<Count> {
		return this.#reader.count(query);
	}

	get(seq: number): Promise<LogEntry | undefined> {
		return this.#reader.get(seq);
	}

	async checkpoint(source: SourceId): Promise<Checkpoint | undefined> {
		const data = this.#db
			.prepare('SELECT data FROM checkpoint WHERE source = ?')
			.pluck()
			.get(source);
		return typeof data === 'string' ? (JSON.parse(data) as Checkpoint) : undefined;
	}

	sources(): readonly SourceId[] {
		const select = this.#db.prepare('SELECT source FROM checkpoint ORDER BY source').pluck();
		return select.all() as SourceId[];
	}

	/** Deletes block by block, so that reading and other sources go on meanwhile. */
	async remove(source: SourceId): Promise<void> {
		try {
			this.#blocks.closeOpenBlock();
			const blocks = this.#db.prepare('SELECT first, last FROM block').all() as {
				first: number;
				last: number;
			}[];
			const remove = this.#db.prepare('DELETE FROM entry WHERE seq BETWEEN ? AND ? AND source = ?');
			const removeFrom = this.#db.transaction((first: number, last: number) => {
				const { changes } = remove.run(first, last, source);
				if (changes > 0) {
					recountBlocks(this.#db, first, last);
				}
				return changes;
			});
			for (const { first, last } of blocks) {
				this.#size -= removeFrom(first, last);
				this.#revision++;
				await new Promise((resolve) => setImmediate(resolve));
			}
			// Last, so that a removal that was broken off is known by it.
			this.#db.prepare('DELETE FROM checkpoint WHERE source = ?').run(source);
			this.#watermark = this.#number('SELECT coalesce(max(seq), 0) FROM entry');
		} catch (error) {
			throw explainStorageError(error, this.#path);
		}
	}

	stats(): StorageStatus {
		return {
			kind: 'sqlite',
			size: this.#size,
			appended: this.#counters.appended,
			dropped: 0,
			bytes: sizeOf(this.#path) + sizeOf(`${this.#path}-wal`),
			watermark: this.#watermark,
			revision: this.#revision,
		};
	}

	/** Readers first, the writer last. */
	async close(): Promise<void> {
		await this.#reader.close();
		this.#db.close();
	}

	#prepareStore(): (batch: EntryBatch) => Counters & { readonly added: number } {
		const insert = this.#db.prepare(
			`INSERT INTO entry(seq, source, ts, severity, flags, level, logger, task_id, offset, message, folded, raw)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		);
		const amend = this.#db.prepare(
			`UPDATE entry SET raw = CAST(raw AS TEXT) || char(10) || CAST(? AS TEXT), flags = flags | ${EntryFlag.continued} WHERE seq = ?`,
		);
		const saveCheckpoint = this.#db.prepare(
			'INSERT INTO checkpoint VALUES (?, ?) ON CONFLICT(source) DO UPDATE SET data = excluded.data',
		);
		const saveCounter = this.#db.prepare(
			'INSERT INTO counter VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value',
		);
		return (batch) => {
			const { entries, place, continuation, source } = batch;
			if (continuation !== undefined) {
				amend.run(continuation.raw, continuation.seq);
			}
			let { nextSeq } = this.#counters;
			const seqs = entries.map((entry) =>
				place === 'newest' ? nextSeq++ : place.base + entry.offset,
			);
			entries.forEach((entry, index) => {
				insert.run(
					seqs[index],
					source,
					entry.ts,
					entry.severity,
					entry.flags,
					entry.level,
					entry.logger,
					entry.task_id ?? null,
					entry.offset,
					entry.message,
					foldMessage(entry.message) ?? null,
					entry.raw,
				);
			});
			if (place === 'newest') {
				this.#blocks.addNewest(entries, seqs);
			} else {
				this.#blocks.addHistory(entries, seqs);
			}
			const appended = this.#counters.appended + entries.length;
			saveCheckpoint.run(source, JSON.stringify(batch.checkpoint(seqs.at(-1))));
			saveCounter.run('next_seq', nextSeq);
			saveCounter.run('appended', appended);
			return { nextSeq, appended, added: entries.length };
		};
	}

	#number(sql: string): number {
		return (this.#db.prepare(sql) as Statement<[], number>).pluck().get() as number;
	}

	#counter(name: string): number {
		const value = this.#db.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(name);
		return typeof value === 'number' ? value : 0;
	}
}

function sizeOf(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
