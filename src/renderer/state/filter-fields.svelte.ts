import * as v from 'valibot';
import type { Filter } from '#shared/model/query.ts';
import { normalizeFilter } from '#shared/model/query.ts';
import type { Unsubscribe } from '#shared/rpc/channel.ts';
import type { Clock } from '../lib/clock.ts';

/** Typed text is applied this long after the last key. */
const TYPING_MS = 120;

const KEY = 'asyncz-companion.filter';

const fieldsSchema = v.object({
	task_id: v.string(),
	level: v.string(),
	q: v.string(),
	source: v.optional(v.number()),
	quarantined: v.optional(v.boolean()),
});

/** One condition of the filter, as it is named where nothing matches. */
export interface Clause {
	readonly field: keyof v.InferOutput<typeof fieldsSchema>;
	readonly label: string;
	readonly value: string;
	/** The filter with this condition left out. */
	readonly without: Filter;
}

/** What stands in the filter's fields, and, a moment after the last key, what is searched for. */
export class FilterFields {
	task_id = $state('');
	/** Empty for any, `ERROR` for that level, `ERROR+` for it and above. */
	level = $state('');
	q = $state('');
	source: number | undefined = $state();
	/** Only lines that could not be read as they should. */
	quarantined: boolean | undefined = $state();
	readonly #apply: (filter: Filter) => void;
	readonly #clock: Clock;
	readonly #memory: Pick<Storage, 'getItem' | 'setItem'>;
	#cancel: Unsubscribe = () => {};
	#applied = '';

	/** `memory` keeps the fields over a reload of the page. */
	constructor(
		apply: (filter: Filter) => void,
		clock: Clock,
		memory: Pick<Storage, 'getItem' | 'setItem'>,
	) {
		this.#apply = apply;
		this.#clock = clock;
		this.#memory = memory;
		this.#restore();
		this.applyNow();
	}

	/** The entries the fields ask for. */
	get filter(): Filter {
		const isMinimum = this.level.endsWith('+');
		return normalizeFilter({
			task_id: this.task_id,
			...(isMinimum ? { min_level: this.level.slice(0, -1) } : { level: this.level }),
			q: this.q,
			source: this.source,
			quarantined: this.quarantined,
		});
	}

	get isEmpty(): boolean {
		return Object.keys(this.filter).length === 0;
	}

	/** The conditions there are, those easiest to get wrong first. */
	clauses(sourceName: (id: number) => string): readonly Clause[] {
		const { filter } = this;
		const { task_id, level, min_level, q, source, quarantined, ...none } = filter;
		const clauses: Clause[] = [];
		const add = (field: Clause['field'], label: string, value: string | undefined) => {
			if (value !== undefined) {
				const without: Filter = {
					...none,
					...(field === 'task_id' ? {} : { task_id }),
					...(field === 'level' ? {} : { level, min_level }),
					...(field === 'q' ? {} : { q }),
					...(field === 'source' ? {} : { source }),
					...(field === 'quarantined' ? {} : { quarantined }),
				};
				clauses.push({ field, label, value, without: normalizeFilter(without) });
			}
		};
		add('q', 'Search', q);
		add('task_id', 'Task ID', task_id);
		add(
			'level',
			'Level',
			level ?? (min_level === undefined ? undefined : `${min_level} and above`),
		);
		add('source', 'Source', source === undefined ? undefined : sourceName(source));
		add('quarantined', 'Quarantined', quarantined === undefined ? undefined : 'only');
		return clauses;
	}

	/** A key was typed into a text field. */
	typed(): void {
		this.#cancel();
		this.#cancel = this.#clock.after(TYPING_MS, () => this.applyNow());
	}

	/** Searches for what the fields say, if that is something else than before. */
	applyNow(): void {
		this.#cancel();
		const { filter } = this;
		const written = JSON.stringify(filter);
		if (written !== this.#applied) {
			this.#applied = written;
			this.#save();
			this.#apply(filter);
		}
	}

	setLevel(level: string): void {
		this.level = level;
		this.applyNow();
	}

	remove(field: Clause['field']): void {
		if (field === 'source' || field === 'quarantined') {
			this[field] = undefined;
		} else {
			this[field] = '';
		}
		this.applyNow();
	}

	clear(): void {
		this.task_id = '';
		this.level = '';
		this.q = '';
		this.source = undefined;
		this.quarantined = undefined;
		this.applyNow();
	}

	#save(): void {
		const { task_id, level, q, source, quarantined } = this;
		this.#memory.setItem(KEY, JSON.stringify({ task_id, level, q, source, quarantined }));
	}

	#restore(): void {
		const saved = v.safeParse(
			v.pipe(v.string(), v.parseJson(), fieldsSchema),
			this.#memory.getItem(KEY),
		);
		if (saved.success) {
			this.task_id = saved.output.task_id;
			this.level = saved.output.level;
			this.q = saved.output.q;
			this.source = saved.output.source;
			this.quarantined = saved.output.quarantined;
		}
	}
}
