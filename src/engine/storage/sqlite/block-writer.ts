import type { Statement } from 'better-sqlite3';
import { severityOf } from '#shared/model/level.ts';
import type { NewEntry } from '../log-storage.ts';
import { BLOCK_ROWS } from './schema.ts';
import type { WritableDatabase } from './schema.ts';

const ERROR = severityOf('ERROR');
const COLUMNS = ['first', 'last', 'rows', 'min_ts', 'max_ts', 'max_severity', 'errors'] as const;

/** What a block says about the entries in it. */
type BlockSummary = Record<(typeof COLUMNS)[number], number>;

/**
 * Keeps the catalogue of blocks true while entries come. New entries extend the newest block until
 * it is full; history gets blocks of its own. Every method runs inside the caller's transaction.
 */
export class BlockWriter {
	readonly #insert: Statement;
	readonly #update: Statement;
	/** The block that new entries go on in. */
	#open: (BlockSummary & { readonly id: number }) | undefined;

	constructor(db: WritableDatabase) {
		this.#insert = db.prepare(
			`INSERT INTO block(${COLUMNS.join(', ')}, version) VALUES (${COLUMNS.map((name) => `@${name}`).join(', ')}, 0)`,
		);
		this.#update = db.prepare(
			`UPDATE block SET ${COLUMNS.map((name) => `${name} = @${name}`).join(', ')}, version = version + 1 WHERE id = @id`,
		);
	}

	/** The next entries begin another block: places were reserved, or a transaction was undone. */
	closeOpenBlock(): void {
		this.#open = undefined;
	}

	/** Adds entries that follow everything stored. */
	addNewest(entries: readonly NewEntry[], seqs: readonly number[]): void {
		let from = 0;
		while (from < entries.length) {
			const open = this.#open;
			const room = open === undefined ? BLOCK_ROWS : BLOCK_ROWS - open.rows;
			const added = summarize(entries.slice(from, from + room), seqs.slice(from, from + room));
			if (open === undefined) {
				this.#open = { ...added, id: this.#create(added) };
			} else {
				this.#open = { ...merge(open, added), id: open.id };
				this.#update.run(this.#open);
			}
			from += room;
			if (this.#open.rows >= BLOCK_ROWS) {
				this.#open = undefined;
			}
		}
	}

	/** Adds entries in a reserved stretch, where no block is yet. */
	addHistory(entries: readonly NewEntry[], seqs: readonly number[]): void {
		for (let from = 0; from < entries.length; from += BLOCK_ROWS) {
			const to = from + BLOCK_ROWS;
			this.#create(summarize(entries.slice(from, to), seqs.slice(from, to)));
		}
	}

	#create(summary: BlockSummary): number {
		return Number(this.#insert.run(summary).lastInsertRowid);
	}
}

/** Takes what is left of a source out of its blocks' numbers, after its entries were deleted. */
export function recountBlocks(db: WritableDatabase, first: number, last: number): void {
	const params = { first, last };
	db.prepare(
		`UPDATE block SET version = version + 1, (rows, errors) = (
			SELECT count(*), count(*) FILTER (WHERE severity >= ${ERROR})
			FROM entry WHERE seq BETWEEN block.first AND block.last
		) WHERE first >= @first AND last <= @last`,
	).run(params);
	db.prepare('DELETE FROM block WHERE rows = 0 AND first >= @first AND last <= @last').run(params);
}

function summarize(entries: readonly NewEntry[], seqs: readonly number[]): BlockSummary {
	const summary: BlockSummary = {
		first: seqs[0] ?? 0,
		last: seqs.at(-1) ?? 0,
		rows: entries.length,
		min_ts: Infinity,
		max_ts: -Infinity,
		max_severity: 0,
		errors: 0,
	};
	for (const { ts, severity } of entries) {
		summary.min_ts = Math.min(summary.min_ts, ts);
		summary.max_ts = Math.max(summary.max_ts, ts);
		summary.max_severity = Math.max(summary.max_severity, severity);
		summary.errors += severity >= ERROR ? 1 : 0;
	}
	return summary;
}

function merge(a: BlockSummary, b: BlockSummary): BlockSummary {
	return {
		first: a.first,
		last: b.last,
		rows: a.rows + b.rows,
		min_ts: Math.min(a.min_ts, b.min_ts),
		max_ts: Math.max(a.max_ts, b.max_ts),
		max_severity: Math.max(a.max_severity, b.max_severity),
		errors: a.errors + b.errors,
	};
}
