import * as v from 'valibot';
import type { ShapeQuery } from '#shared/model/query.ts';

type Wishes = NonNullable<ShapeQuery['facets']>;

/** A field whose values are listed with their counts. */
export interface FacetSection {
	/** As in a query. */
	readonly field: string;
	readonly title: string;
	/** The user has added it, and can take it away. */
	readonly isPinned: boolean;
}

/** Values listed at first, and after "more". */
export const FEW = 6;
export const MANY = 50;

/** Where some values are chosen, so many are asked for, to find those among them. */
const WITH_CHOSEN = 200;

/** Fields a user can add. */
export const MAX_PINNED = 15;

const KEY = 'asyncz-companion.facets';

const FIXED: readonly FacetSection[] = [
	{ field: 'level', title: 'Level', isPinned: false },
	{ field: 'task_id', title: 'Task', isPinned: false },
	{ field: 'logger', title: 'Logger', isPinned: false },
	{ field: 'source', title: 'Source', isPinned: false },
];

/** Which facets there are and how each is shown. Which values are chosen, the query says. */
export class Facets {
	/** Fields whose values are not shown. */
	#closed: readonly string[] = $state.raw([]);
	#long: readonly string[] = $state.raw([]);
	#searches: ReadonlyMap<string, string> = $state.raw(new Map());
	readonly #memory: Pick<Storage, 'getItem' | 'setItem'>;

	/** `memory` keeps over a reload what is closed. */
	constructor(memory: Pick<Storage, 'getItem' | 'setItem'>) {
		this.#memory = memory;
		const saved = v.safeParse(
			v.pipe(v.string(), v.parseJson(), v.array(v.string())),
			memory.getItem(KEY),
		);
		this.#closed = saved.success ? saved.output : [];
	}

	/**
	 * The facets from above: those all logs have, then those the user has added. `hasSources`: it is
	 * known which source an entry is of.
	 */
	sections(pinned: readonly string[], hasSources: boolean): readonly FacetSection[] {
		const added = pinned.filter((field) => !FIXED.some((fixed) => fixed.field === field));
		const fixed = FIXED.filter(({ field }) => hasSources || field !== 'source');
		return [...fixed, ...added.map((field) => ({ field, title: field, isPinned: true }))];
	}

	isOpen(field: string): boolean {
		return !this.#closed.includes(field);
	}

	toggle(field: string): void {
		this.#closed = toggled(this.#closed, field);
		this.#memory.setItem(KEY, JSON.stringify(this.#closed));
	}

	/** How many values are shown at most, beside those that are chosen. */
	limit(field: string): number {
		return this.#long.includes(field) ? MANY : FEW;
	}

	toggleMore(field: string): void {
		this.#long = toggled(this.#long, field);
	}

	/** What its values have to contain; `undefined` if none are looked for. */
	search(field: string): string | undefined {
		return this.#searches.get(field);
	}

	setSearch(field: string, text: string | undefined): void {
		const searches = new Map(this.#searches);
		if (text === undefined) {
			searches.delete(field);
		} else {
			searches.set(field, text);
		}
		this.#searches = searches;
	}

	/**
	 * What to ask for the facets that are open. `without` is the view's query without what it says of
	 * a field, so that choosing one value leaves the others there with their counts; `undefined` where
	 * it says nothing.
	 */
	wishes(
		sections: readonly FacetSection[],
		without: (field: string) => string | undefined,
	): Wishes {
		return sections
			.filter(({ field }) => this.isOpen(field))
			.map(({ field }) => {
				const query = without(field);
				const search = this.search(field)?.trim() ?? '';
				return {
					field,
					...(query === undefined ? {} : { query }),
					...(search === '' ? {} : { search }),
					limit: query === undefined ? this.limit(field) : WITH_CHOSEN,
				};
			});
	}
}

function toggled(list: readonly string[], field: string): readonly string[] {
	return list.includes(field) ? list.filter((other) => other !== field) : [...list, field];
}
