import type { Statement } from 'better-sqlite3';
import { MESSAGE_PREVIEW_LENGTH, previewOf } from '#shared/model/entry.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import { severityOf } from '#shared/model/level.ts';
import { DEFAULT_LIMIT, normalizeFilter } from '#shared/model/query.ts';
import type { Count, CountQuery, Filter, Page } from '#shared/model/query.ts';
import { readDetails } from '../../pipeline/details.ts';
import type { StorageQuery } from '../log-storage.ts';
import { compileFilter } from './compile-filter.ts';
import type { SqlCondition } from './compile-filter.ts';
import { openReadonly } from './schema.ts';
import type { ReadonlyDatabase } from './schema.ts';

interface Block {
	readonly id: number;
	readonly first: number;
	readonly last: number;
	readonly rows: number;
	readonly version: number;
	readonly min_ts: number;
	readonly max_ts: number;
	readonly max_severity: number;
	readonly errors: number;
	/** Entries after `last` are left out: the view's snapshot ends inside this block. */
	readonly isCut?: boolean;
}

interface BlockCount {
	readonly matched: number;
	readonly errors: number;
}

/** A block's count, with the state of the block it holds for. */
interface KeptCount extends BlockCount {
	readonly version: number;
	readonly last: number;
	/** Where the matches are, newest first, once that was asked for; only of a few. */
	seqs?: readonly number[];
}

/** One filter in all the forms the steps of a search need. */
interface Search {
	readonly filter: Filter;
	readonly condition: SqlCondition;
	readonly counts: Map<number, KeptCount>;
}

interface EntryRecord extends Omit<EntryRow, 'task_id'> {
	readonly task_id: string | null;
}

const NO_MATCH: BlockCount = { matched: 0, errors: 0 };
const COLUMNS = `seq, ts, level, severity, logger, task_id, source, flags`;
// In bytes: on text, SQLite's length and substr end at NUL. A character has four of them at most.
const PREVIEW_BYTES = 4 * MESSAGE_PREVIEW_LENGTH;
const PREVIEW = `iif(octet_length(message) > ${PREVIEW_BYTES}, CAST(substr(CAST(message AS BLOB), 1, ${PREVIEW_BYTES}) AS TEXT), message) AS message`;

/** A running statement cannot be stopped, so work is cut into blocks and ends after this time. */
const SLICE_MS = 40;
/**
 * Filters whose counts are kept. A view asks with one, but there may be many views: a search whose
 * counts were forgotten before it is asked again would never end.
 */
const KEPT_FILTERS = 64;
/** Up to so many matches in a block it is remembered where they are. */
const FEW = 256;

/**
 * Answers queries over one database file. Every answer sees one moment of it. Counts are kept per
 * filter and block, so that asking again costs only what has changed. However short the slice, each
 * answer learns about one more block, so that asking again comes to an end.
 */
export class EntryReader {
	readonly #db: ReadonlyDatabase;
	readonly #now: () => number;
	readonly #sliceMs: number;
	/** Filter → block → count; the filter used last stands last. */
	readonly #counts = new Map<string, Map<number, KeptCount>>();
	readonly #statements = new Map<string, Statement>();
	/** Rises whenever something is found out that will be remembered. */
	#learned = 0;

	constructor(path: string, options: { now?: () => number; sliceMs?: number } = {}) {
		this.#db = openReadonly(path);
		this.#now = options.now ?? (() => performance.now());
		this.#sliceMs = options.sliceMs ?? SLICE_MS;
	}

	query(query: StorageQuery): Page {
		const { limit = DEFAULT_LIMIT, offset = 0, ...given } = query;
		const filter = normalizeFilter(given);
		return this.#snapshot(() => {
			const search = this.#search(filter);
			const isOver = this.#slice();
			const rows: EntryRow[] = [];
			let skip = offset;
			for (const block of this.#blocks(filter.up_to)) {
				if (rows.length >= limit) {
					break;
				}
				if (isOver()) {
					return { rows, complete: false };
				}
				const count = this.#countBlock(block, search);
				if (count.matched > skip) {
					rows.push(...this.#rows(block, count, search.condition, limit - rows.length, skip));
				}
				skip = Math.max(skip - count.matched, 0);
			}
			return { rows, complete: true };
		});
	}

	count(query: CountQuery): Count {
		const { after = -1, ...given } = query;
		const filter = normalizeFilter(given);
		return this.#snapshot(() => {
			const search = this.#search(filter);
			const isOver = this.#slice();
			const blocks = this.#blocks(filter.up_to).filter((block) => block.last > after);
			const total = blocks.reduce((sum, block) => sum + block.rows, 0);
			let matched = 0;
			let errors = 0;
			let searched = 0;
			for (const block of blocks) {
				if (isOver()) {
					return { matched, errors, searched: searched / total, complete: false };
				}
				const count = this.#countBlock(block, search, after);
				matched += count.matched;
				errors += count.errors;
				searched += block.rows;
			}
			return { matched, errors, searched: 1, complete: true };
		});
	}

	get(seq: number): LogEntry | undefined {
		const row = this.#statement(
			`SELECT ${COLUMNS}, message, offset, raw FROM entry WHERE seq = ?`,
		).get(seq) as (EntryRecord & { offset: number; raw: string | Buffer }) | undefined;
		if (row === undefined) {
			return undefined;
		}
		const raw = typeof row.raw === 'string' ? row.raw : row.raw.toString('utf8');
		return { ...toRow(row), offset: row.offset, raw, ...readDetails(raw) };
	}

	close(): void {
		this.#db.close();
	}

	/** Blocks of entries up to `upTo`, newest first, the first one cut there. */
	#blocks(upTo = Number.MAX_SAFE_INTEGER): Block[] {
		const blocks = this.#statement('SELECT * FROM block WHERE first <= ? ORDER BY first DESC').all(
			upTo,
		) as Block[];
		return blocks.map((block) =>
			block.last > upTo ? { ...block, last: upTo, isCut: true } : block,
		);
	}

	/** Begins a slice of time; whether it is over, which it never is before something was learned. */
	#slice(): () => boolean {
		const deadline = this.#now() + this.#sliceMs;
		const before = this.#learned;
		return () => this.#learned > before && this.#now() > deadline;
	}

	/** Counts what matches in a block after `after`. Whole blocks are remembered. */
	#countBlock(block: Block, search: Search, after = -1): BlockCount | KeptCount {
		const { filter, condition, counts } = search;
		if (cannotMatch(block, filter)) {
			return NO_MATCH;
		}
		const isWhole = block.first > after && !block.isCut;
		if (isWhole && condition.params.length === 0) {
			return { matched: block.rows, errors: block.errors };
		}
		const kept = isWhole ? counts.get(block.id) : undefined;
		if (kept?.version === block.version && kept.last === block.last) {
			return kept;
		}
		const count = this.#statement(
			`SELECT count(*) AS matched, count(*) FILTER (WHERE severity >= ${severityOf('ERROR')}) AS errors
			FROM entry WHERE seq BETWEEN ? AND ? AND ${condition.sql}`,
		).get(Math.max(block.first, after + 1), block.last, ...condition.params) as BlockCount;
		if (!isWhole) {
			return count;
		}
		const learned = { ...count, version: block.version, last: block.last };
		counts.set(block.id, learned);
		this.#learned++;
		return learned;
	}

	/** Rows of a block, newest first. Where it holds a few only, it is searched for them only once. */
	#rows(
		block: Block,
		count: BlockCount | KeptCount,
		condition: SqlCondition,
		limit: number,
		offset: number,
	): EntryRow[] {
		const range = [block.first, block.last, ...condition.params];
		const where = `WHERE seq BETWEEN ? AND ? AND ${condition.sql} ORDER BY seq DESC`;
		let records: EntryRecord[];
		if ('version' in count && count.matched <= FEW) {
			if (count.seqs === undefined) {
				const select = this.#statement(`SELECT seq FROM entry ${where}`).pluck();
				count.seqs = select.all(...range) as number[];
				this.#learned++;
			}
			records = this.#statement(
				`SELECT ${COLUMNS}, ${PREVIEW} FROM entry
				WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq DESC`,
			).all(JSON.stringify(count.seqs.slice(offset, offset + limit))) as EntryRecord[];
		} else {
			const sql = `SELECT ${COLUMNS}, ${PREVIEW} FROM entry ${where} LIMIT ? OFFSET ?`;
			records = this.#statement(sql).all(...range, limit, offset) as EntryRecord[];
		}
		return records.map((record) => toRow({ ...record, message: previewOf(record.message) }));
	}

	#search(filter: Filter): Search {
		return { filter, condition: compileFilter(filter), counts: this.#countsOf(filter) };
	}

	#countsOf(filter: Filter): Map<number, KeptCount> {
		const { up_to: _, ...rest } = filter;
		const key = JSON.stringify(rest);
		const counts = this.#counts.get(key) ?? new Map<number, KeptCount>();
		this.#counts.delete(key);
		this.#counts.set(key, counts);
		for (const oldest of this.#counts.keys()) {
			if (this.#counts.size <= KEPT_FILTERS) {
				break;
			}
			this.#counts.delete(oldest);
		}
		return counts;
	}

	#snapshot<T>(work: () => T): T {
		return this.#db.transaction(work).deferred();
	}

	#statement(sql: string): Statement {
		let statement = this.#statements.get(sql);
		if (statement === undefined) {
			statement = this.#db.prepare(sql);
			this.#statements.set(sql, statement);
		}
		return statement;
	}
}

function cannotMatch(block: Block, filter: Filter): boolean {
	return (
		(filter.since !== undefined && block.max_ts < filter.since) ||
		(filter.until !== undefined && block.min_ts > filter.until) ||
		(filter.min_level !== undefined && block.max_severity < severityOf(filter.min_level))
	);
}

function toRow(record: EntryRecord): EntryRow {
	const { task_id, ...rest } = record;
	return task_id === null ? rest : { ...rest, task_id };
}
