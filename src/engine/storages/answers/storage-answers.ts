import type { LogEntry } from '#shared/model/entry.ts';
import { DEFAULT_LIMIT } from '#shared/model/query.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Filter,
	Order,
	Page,
	Places,
	PlacesQuery,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import type { PageQuery } from '../../active-storage.ts';
import type { LogStorage, OwnAnswers, StoredEntry } from '../log-storage.ts';
import { QueryableEntry, STORAGE_SOURCE, storageQuery } from '../queryable-entry.ts';
import { storageError } from '../storage-error.ts';
import { logEntryOf, rowOf } from './entry-rows.ts';
import type { FollowedWindow } from './followed-window.ts';
import type { EntryWindow } from './entry-window.ts';
import { AT_WORK, OwnQuestions } from './own-questions.ts';
import { isSource, isToldBySelf, ownFilter, ownShape } from './own-wish.ts';
import { WindowAnswers } from './window-answers.ts';

/** So many selected entries are handed out in one go. */
const SELECTED_AT_ONCE = 1_000;

/**
 * What a storage answers to the table: by itself where it can (`own`), else over its newest entries,
 * and then it says over how many where it has more. While it is at it, its newest entries are what
 * was found so far.
 */
export class StorageAnswers {
	readonly #storage: LogStorage;
	readonly #followed: FollowedWindow;
	readonly #name: string;
	readonly #sources: ReadonlyMap<number, string>;
	readonly #size: () => number;
	readonly #questions = new OwnQuestions();
	#answers: WindowAnswers | undefined;

	/** `name`: what its entries' source is called; `size`: how many entries it has, as far as is known. */
	constructor(
		storage: LogStorage,
		followed: FollowedWindow,
		name: string,
		size = () => followed.known.size,
	) {
		this.#storage = storage;
		this.#followed = followed;
		this.#name = name;
		this.#size = size;
		this.#sources = new Map([[STORAGE_SOURCE, name]]);
	}

	async query(query: PageQuery): Promise<Page> {
		const { limit = DEFAULT_LIMIT, offset = 0, order = 'arrival', fields = [], ...filter } = query;
		const answers = await this.#window();
		const wish = { ...ownFilter(filter), order, offset, limit };
		const found = isToldBySelf(filter)
			? await this.#own('stretch', wish, answers.window, (own, signal) =>
					own.stretch?.(wish, signal),
				)
			: undefined;
		if (found === AT_WORK) {
			return { ...answers.query(query), complete: false };
		}
		if (found === undefined) {
			return { ...answers.query(query), ...this.#over() };
		}
		const paths = fields.map(fieldPath);
		const rows = found.map((stored) =>
			rowOf(this.#entry(stored, answers.window), paths, this.#sources),
		);
		return { rows, complete: true };
	}

	async count(query: CountQuery): Promise<Count> {
		const answers = await this.#window();
		const wish = ownFilter(query);
		const found = isToldBySelf(query)
			? await this.#own('count', wish, answers.window, (own, signal) => own.count?.(wish, signal))
			: undefined;
		return found === AT_WORK
			? { ...answers.count(query), ...this.#soFar() }
			: (found ?? { ...answers.count(query), ...this.#over() });
	}

	async shape(query: ShapeQuery): Promise<Shape> {
		const answers = await this.#window();
		const wish = ownShape(query);
		const asked = [query, ...(query.facets ?? []).map((facet) => ({ query: facet.query }))];
		const found = asked.every(isToldBySelf)
			? await this.#own('shape', wish, answers.window, (own, signal) => own.shape?.(wish, signal))
			: undefined;
		if (found === AT_WORK) {
			const shape = answers.shape(query);
			const soFar = this.#soFar();
			return {
				...shape,
				...soFar,
				facets: shape.facets.map((facet) => ({ ...facet, ...soFar })),
			};
		}
		return this.#named(found, query) ?? { ...answers.shape(query), ...this.#over() };
	}

	async places(query: PlacesQuery): Promise<Places> {
		return { ...(await this.#window()).places(query), ...this.#over() };
	}

	async getFields(): Promise<FieldList> {
		return (await this.#window()).getFields();
	}

	async getValues(query: ValuesQuery): Promise<ValueList> {
		const answers = await this.#window();
		const found = isSource(query.field)
			? undefined
			: await this.#own('values', query, answers.window, (own, signal) =>
					own.values?.(query, signal),
				);
		if (found !== undefined && found !== AT_WORK) {
			return found;
		}
		const { over } = this.#over();
		return { ...(over === undefined ? {} : { rows: over }), ...answers.getValues(query) };
	}

	/** The whole entry with a `seq`; `undefined` if it is not there, or was in no answer yet. */
	async get(seq: number): Promise<LogEntry | undefined> {
		const { window } = await this.#window();
		const place = window.placeOf(seq);
		if (place !== undefined) {
			return logEntryOf(window.entry(place, true), this.#name);
		}
		const stored = window.hasOwnNumbers ? await this.#find(seq) : undefined;
		return stored && logEntryOf(new QueryableEntry(stored, seq), this.#name);
	}

	/** Of the entries with these `seq`s those that match, in any order. */
	async chosen(seqs: readonly number[], filter: Filter): Promise<QueryableEntry[]> {
		const answers = await this.#window();
		const matches = compileFilter(filter, this.#sources);
		const found: QueryableEntry[] = [];
		for (const seq of new Set(seqs)) {
			const isHere = answers.window.placeOf(seq) !== undefined;
			const stored = isHere || !answers.window.hasOwnNumbers ? undefined : await this.#find(seq);
			const other = stored && new QueryableEntry(stored, seq);
			const entry = isHere ? answers.matching(seq, filter) : other;
			if (entry !== undefined && (isHere || matches(entry))) {
				found.push(entry);
			}
		}
		return found;
	}

	/**
	 * Of the entries in the window those that match, some at a time: the newest `limit` of them, or
	 * all if that is 0, from either end.
	 */
	async *selected(
		filter: Filter,
		{
			order,
			limit,
			isRising,
		}: { readonly order: Order; readonly limit: number; readonly isRising: boolean },
	): AsyncGenerator<readonly QueryableEntry[]> {
		const answers = await this.#window();
		const { window } = answers;
		const places: number[] = [];
		for (const place of answers.placesOf(filter, order)) {
			if (place === undefined) {
				yield []; // others have their turn
			} else if (places.push(place) === limit) {
				break;
			}
		}
		if (isRising) {
			places.reverse();
		}
		for (let at = 0; at < places.length; at += SELECTED_AT_ONCE) {
			yield places
				.slice(at, at + SELECTED_AT_ONCE)
				.filter((place) => place >= window.first)
				.map((place) => window.entry(place));
		}
	}

	/** Stops what the storage is asked. */
	close(): void {
		this.#questions.close();
	}

	async #window(): Promise<WindowAnswers> {
		const window = await this.#followed.entries();
		if (this.#answers?.window !== window) {
			this.#answers = new WindowAnswers(window, this.#sources);
		}
		return this.#answers;
	}

	#over(): { readonly over?: number } {
		return this.#followed.hasMore ? { over: this.#followed.known.size } : {};
	}

	/** How far an answer is that has looked at the newest entries only. */
	#soFar(): { readonly searched: number; readonly complete: false } {
		const looked = this.#followed.known.size;
		return { searched: looked / Math.max(this.#size(), looked + 1), complete: false };
	}

	/** What the storage answers by itself, if it can and the question is about what it knows. */
	async #own<R>(
		name: keyof OwnAnswers,
		wish: Filter | ValuesQuery,
		{ hasOwnNumbers }: EntryWindow,
		ask: (own: OwnAnswers, signal: AbortSignal) => Promise<R | undefined> | undefined,
	): Promise<R | undefined | typeof AT_WORK> {
		const { own } = this.#storage;
		if (own?.[name] === undefined || !hasOwnNumbers) {
			return undefined;
		}
		try {
			const key = `${name} ${JSON.stringify(wish)}`;
			return await this.#questions.ask(key, async (signal) => ask(own, signal));
		} catch (error) {
			throw storageError(error);
		}
	}

	/** A storage tells its source by its number. */
	#named(shape: Shape | undefined, { facets = [] }: ShapeQuery): Shape | undefined {
		return (
			shape && {
				...shape,
				facets: shape.facets.map((facet, index) => {
					const search = facets[index]?.search ?? '';
					const isFound = this.#name.toLowerCase().includes(search.toLowerCase());
					const values = facet.values.map(({ count }) => ({ value: this.#name, count }));
					return isSource(facet.field) ? { ...facet, values: isFound ? values : [] } : facet;
				}),
			}
		);
	}

	#entry(stored: StoredEntry, window: EntryWindow): QueryableEntry {
		const place = stored.seq === undefined ? undefined : window.placeOf(stored.seq);
		return place === undefined ? new QueryableEntry(stored) : window.entry(place);
	}

	async #find(seq: number): Promise<StoredEntry | undefined> {
		try {
			const found = await this.#storage.own?.get?.(seq);
			if (found !== undefined || this.#storage.own?.get !== undefined) {
				return found;
			}
			const wish = { order: 'arrival', limit: 1 } as const;
			const filter = { arrived_after: seq - 1, up_to: seq };
			return (await this.#storage.query(storageQuery(filter, this.#sources, wish))).entries[0];
		} catch (error) {
			throw storageError(error);
		}
	}
}
