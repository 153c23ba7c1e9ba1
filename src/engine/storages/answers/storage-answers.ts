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
import { parseQuery } from '#shared/query/parse-query.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import type { PageQuery } from '../../active-storage.ts';
import type { LogStorage, OwnAnswers, StoredEntry } from '../log-storage.ts';
import { QueryableEntry, STORAGE_SOURCE, storageQuery } from '../queryable-entry.ts';
import { storageError } from '../storage-error.ts';
import { logEntryOf, rowOf } from './entry-rows.ts';
import type { FollowedWindow } from './followed-window.ts';
import type { EntryWindow } from './entry-window.ts';
import { WindowAnswers } from './window-answers.ts';

/** So many selected entries are handed out in one go. */
const SELECTED_AT_ONCE = 1_000;

/**
 * What a storage answers to the table: by itself where it can (`own`), else over its newest entries,
 * and then it says over how many where it has more.
 */
export class StorageAnswers {
	readonly #storage: LogStorage;
	readonly #followed: FollowedWindow;
	readonly #name: string;
	readonly #sources: ReadonlyMap<number, string>;
	#answers: WindowAnswers | undefined;

	/** `name`: what its entries' source is called. */
	constructor(storage: LogStorage, followed: FollowedWindow, name: string) {
		this.#storage = storage;
		this.#followed = followed;
		this.#name = name;
		this.#sources = new Map([[STORAGE_SOURCE, name]]);
	}

	async query(query: PageQuery): Promise<Page> {
		const { limit = DEFAULT_LIMIT, offset = 0, order = 'arrival', fields = [], ...filter } = query;
		const answers = await this.#window();
		const found = await this.#own('stretch', filter, answers.window, (own) =>
			own({ ...ownFilter(filter), order, offset, limit }),
		);
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
		return (
			(await this.#own('count', query, answers.window, (own) => own(ownFilter(query)))) ?? {
				...answers.count(query),
				...this.#over(),
			}
		);
	}

	async shape(query: ShapeQuery): Promise<Shape> {
		const answers = await this.#window();
		const isOwn = (query.facets ?? []).every((facet) => isToldBySelf({ query: facet.query }));
		const found = isOwn
			? await this.#own('shape', query, answers.window, (own) => own(ownShape(query)))
			: undefined;
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
			: await this.#own('values', {}, answers.window, (own) => own(query));
		const { over } = this.#over();
		return (
			found ?? {
				...(over === undefined ? {} : { rows: over }),
				...answers.getValues(query),
			}
		);
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

	/** What the storage answers by itself, if it can and the question is about what it knows. */
	async #own<K extends 'stretch' | 'count' | 'shape' | 'values', R>(
		name: K,
		filter: Filter,
		{ hasOwnNumbers }: EntryWindow,
		ask: (own: NonNullable<OwnAnswers[K]>) => Promise<R | undefined>,
	): Promise<R | undefined> {
		const { own } = this.#storage;
		const answer = own?.[name];
		if (answer === undefined || !hasOwnNumbers || !isToldBySelf(filter)) {
			return undefined;
		}
		try {
			return await ask(answer.bind(own) as NonNullable<OwnAnswers[K]>);
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

/**
 * Whether entries tell by themselves whether they match, so that a storage can know it: not what is
 * known from those before them, nor what their source is called.
 */
export function isToldBySelf({ query, also, source = STORAGE_SOURCE }: Filter): boolean {
	return (
		source === STORAGE_SOURCE &&
		[query, also].every((text) => {
			const { late, repeat, sources } = needsOf(parseQuery(text ?? '').root);
			return !late && !repeat && !sources;
		})
	);
}

/** Storages know no sources. */
function ownFilter<T extends Filter>(query: T): T {
	return { ...query, source: undefined };
}

/** The name of the source is looked for afterwards. */
function ownShape(query: ShapeQuery): ShapeQuery {
	const facets = query.facets?.map((facet) =>
		isSource(facet.field) ? { ...facet, search: undefined } : facet,
	);
	return { ...ownFilter(query), ...(facets === undefined ? {} : { facets }) };
}

function isSource(field: string): boolean {
	const path = fieldPath(field);
	return 'column' in path && path.column === 'source';
}
