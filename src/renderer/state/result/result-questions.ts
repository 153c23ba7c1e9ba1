import type { EngineApi } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Count, CountQuery, Filter, Order, Page, Query } from '#shared/model/query.ts';
import { askFully } from './ask-fully.ts';

/** What a result is asked from. */
export type QueryApi = Pick<EngineApi, 'query' | 'count'>;

/** What is asked for. */
export interface Question {
	readonly filter: Filter;
	/** Without one: as entries came. */
	readonly order?: Order;
	/** Fields that each row is to have the values of. */
	readonly fields?: readonly string[];
}

/** Where an entry stands in either order. */
export type EntryPlace = Pick<EntryRow, 'ts' | 'seq'>;

/** A stretch of rows as of a moment: `limit` of them after the first `offset`. */
export interface PageQuery {
	readonly up_to: number;
	/** Only of those that came after this one. */
	readonly arrived_after?: number;
	readonly limit: number;
	readonly offset: number;
}

/** The questions about one result: they end when it is closed, and are none before it is opened. */
export class ResultQuestions {
	readonly question: Question;
	readonly #api: QueryApi;
	#closed = true;

	constructor(api: QueryApi, question: Question) {
		this.#api = api;
		this.question = question;
	}

	get closed(): boolean {
		return this.#closed;
	}

	get order(): Order {
		return this.question.order ?? 'arrival';
	}

	open(): void {
		this.#closed = false;
	}

	close(): void {
		this.#closed = true;
	}

	/** One answer, which may not be complete. */
	count(query: CountQuery): Promise<Count> {
		return this.#api.count(query);
	}

	/** One answer, which may not be complete. */
	page(page: PageQuery): Promise<Page> {
		const { filter, order, fields = [] } = this.question;
		return this.#api.query({
			...filter,
			...page,
			...(order === 'time' ? { order } : {}),
			...(fields.length > 0 ? { fields: [...fields] } : {}),
		});
	}

	/** Counts to the end, however many answers that takes; `undefined` if the result was closed. */
	async countFully(query: CountQuery): Promise<Count | undefined> {
		return askFully(
			() => this.#api.count(query),
			() => this.#closed,
		);
	}

	/** Asks to the end, however many answers that takes; `undefined` if the result was closed. */
	async pageFully(page: PageQuery): Promise<readonly EntryRow[] | undefined> {
		return (
			await askFully(
				() => this.page(page),
				() => this.#closed,
			)
		)?.rows;
	}

	/** The same for any query. */
	async queryFully(query: Query): Promise<readonly EntryRow[] | undefined> {
		return (
			await askFully(
				() => this.#api.query(query),
				() => this.#closed,
			)
		)?.rows;
	}

	/** How many of the entries that came after `after` and up to `upTo` stand above this one. */
	async countAbove(
		{ ts, seq }: EntryPlace,
		upTo: number,
		{ after, filter = this.question.filter }: { after?: number; filter?: Filter } = {},
	): Promise<number | undefined> {
		const from = after === undefined ? {} : { after };
		const above =
			this.order === 'time'
				? { ...from, above: { ts, seq } }
				: { after: Math.max(seq, after ?? -1) };
		return (await this.countFully({ ...filter, ...above, up_to: upTo }))?.matched;
	}
}
