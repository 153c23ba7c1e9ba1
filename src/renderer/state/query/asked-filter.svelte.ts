import { normalizeFilter } from '#shared/model/normalize-filter.ts';
import type { Filter } from '#shared/model/query.ts';
import type { TimeRange } from '#shared/model/view.ts';
import type { QueryNode } from '#shared/query/ast.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import type { Unsubscribe } from '#shared/rpc/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { endsOf, renewalMs } from '../../lib/query-times.ts';
import type { Moment } from '../result/live-edge.svelte.ts';

/** While the view is paused, it is looked this often whether it still is. */
const PAUSED_MS = 1_000;

/** What shows the entries that are asked for. */
export interface QueryView {
	readonly paused: boolean;
	/** Shows other entries, from the newest on. */
	setFilter(filter: Filter): void;
	/** The same question at a later moment: the reader's place is kept. */
	renewFilter(filter: Filter): void;
}

/** What times, marks, notes and `is:new` in a query mean, now. */
export interface QuerySettings {
	/** The zone of times that name none. */
	readonly zone: string;
	readonly marked: readonly number[];
	readonly notes: readonly { readonly seq: number; readonly text: string }[];
	/** Up to where the reader has seen what came, now. */
	readonly seenTo: Moment | undefined;
}

/** What is asked for, as it was said. */
export interface Question {
	readonly text: string;
	readonly root: QueryNode | undefined;
	readonly range: TimeRange;
	/** Only entries that came after this one (a `seq`). */
	readonly after: number | undefined;
}

/**
 * The filter of what is asked for, resolved at a moment: "the last 15 minutes" are those before it.
 * Where time changes what is meant, it is resolved anew now and then, unless the view stands still.
 */
export class AskedFilter {
	filter: Filter = $state.raw({});
	readonly #view: QueryView;
	readonly #clock: Clock;
	readonly #settings: () => QuerySettings;
	#question: Question = {
		text: '',
		root: undefined,
		range: { kind: 'all' },
		after: undefined,
	};
	#resolvedAt = 0;
	/** What is new came after this; it stands as long as the query asks for that. */
	#seenTo: Moment | undefined = $state.raw();
	#cancel: Unsubscribe = () => {};

	constructor(view: QueryView, clock: Clock, settings: () => QuerySettings) {
		this.#view = view;
		this.#clock = clock;
		this.#settings = settings;
	}

	/** After which moment an entry is new, where that is asked for. */
	get seenTo(): Moment | undefined {
		return this.#seenTo;
	}

	/** Shows what this asks for; `seenTo`, as it was when that was asked for before. */
	ask(question: Question, seenTo = this.#seenTo): void {
		this.#seenTo = seenTo;
		this.#question = question;
		if (!needsOf(question.root).seenTo) {
			this.#seenTo = undefined;
		}
		this.filter = this.#resolve();
		this.#view.setFilter(this.filter);
		this.#arrange();
	}

	/** The zone of times or the marks are others now: so may be what is meant. */
	settingsChanged(): void {
		if (!isSame(this.filterOf(this.#question), this.filter)) {
			this.#renew();
		}
	}

	/** The filter of a question, as of the moment of the one that is shown. */
	filterOf({ text, range, after }: Question): Filter {
		const at = this.#resolvedAt * 1_000;
		const { zone, marked, notes } = this.#settings();
		const seenTo = this.#seenTo ?? this.#settings().seenTo;
		return normalizeFilter({
			query: text,
			...endsOf(range, at),
			...(after === undefined ? {} : { arrived_after: after }),
			at,
			zone,
			marked: [...marked],
			notes: [...notes],
			seen_to: seenTo?.seq,
		});
	}

	#resolve(): Filter {
		this.#resolvedAt = this.#clock.now();
		if (needsOf(this.#question.root).seenTo) {
			this.#seenTo ??= this.#settings().seenTo;
		}
		return this.filterOf(this.#question);
	}

	#renew(): void {
		const before = this.filter;
		const filter = this.#resolve();
		if (!isSame(filter, before)) {
			this.filter = filter;
			this.#view.renewFilter(filter);
		}
		this.#arrange();
	}

	#arrange(): void {
		this.#cancel();
		const { root, range } = this.#question;
		const everyMs = renewalMs(range, root);
		if (everyMs === undefined) {
			return;
		}
		const dueMs = this.#resolvedAt + everyMs - this.#clock.now();
		this.#cancel = this.#clock.after(Math.max(dueMs, this.#view.paused ? PAUSED_MS : 0), () => {
			if (this.#view.paused) {
				this.#arrange();
			} else {
				this.#renew();
			}
		});
	}
}

/** Of filters in one spelling. */
function isSame(a: Filter, b: Filter): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
