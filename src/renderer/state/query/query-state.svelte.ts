import type { Filter } from '#shared/model/query.ts';
import type { TimeRange } from '#shared/model/view.ts';
import type { QueryPlace } from '#shared/query/ast.ts';
import { clausesOf } from '#shared/query/clauses.ts';
import {
	addClause,
	excludeValue,
	includeValue,
	negateClause,
	onlyValue,
	removeClause,
	withoutField,
} from '#shared/query/edit-query.ts';
import { MAX_QUERY_LENGTH, parseQuery } from '#shared/query/parse-query.ts';
import type { Unsubscribe } from '#shared/rpc/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { saidOf } from '../../lib/query-clauses.ts';
import type { Moment } from '../result/live-edge.svelte.ts';
import { AskedFilter } from './asked-filter.svelte.ts';
import type { QuerySettings, QueryView } from './asked-filter.svelte.ts';
import { QueryMemory } from './query-memory.ts';

/** Typed text is applied this long after the last key … */
const TYPING_MS = 120;

/** … and this long where it is no valid query yet: most are not while they are typed. */
const INVALID_MS = 1_000;

/** What a window asks for. */
export interface Asked {
	readonly text: string;
	readonly range: TimeRange;
	/** Only what came since; `undefined`: whenever it came. */
	readonly after?: Moment | undefined;
}

/** How a query was changed: what is typed in one go is one step of the view's history. */
export type ChangeKind = 'typed' | 'step';

type Edit = (text: string) => string;

/**
 * Which entries are asked for. The **text** of the query is the one truth: chips, the fields for
 * task, level and search, the sources and the facets read it and write into it.
 */
export class QueryState {
	/** The query that is asked for. */
	text = $state('');
	/** What stands in the query bar: `text`, or what is being typed. */
	draft = $state('');
	range: TimeRange = $state.raw({ kind: 'all' });
	after: Moment | undefined = $state.raw();
	/** The text of the clauses that were set by clicking. */
	clicked: ReadonlySet<string> = $state.raw(new Set<string>());
	readonly parsed = $derived(parseQuery(this.text));
	readonly parsedDraft = $derived(parseQuery(this.draft));
	/** Called after each change, with how it came about. */
	onChange: (kind: ChangeKind) => void = () => {};
	/** Called instead where the query would have become longer than one can be: it stays as it was. */
	onTooLong: () => void = () => {};
	readonly #asked: AskedFilter;
	readonly #clock: Clock;
	readonly #memory: QueryMemory;
	/** What was typed and is not asked for yet, and where. */
	#typed: { readonly edit: Edit; readonly where: object } | undefined;
	#cancelTyping: Unsubscribe = () => {};

	/** `memory` keeps the query over a reload of the page. */
	constructor(
		view: QueryView,
		clock: Clock,
		memory: Pick<Storage, 'getItem' | 'setItem'>,
		settings: () => QuerySettings,
	) {
		this.#asked = new AskedFilter(view, clock, settings);
		this.#clock = clock;
		this.#memory = new QueryMemory(memory);
		this.#ask(this.#restore());
	}

	/** The filter that was made of the query. */
	get filter(): Filter {
		return this.#asked.filter;
	}

	/** After which moment an entry is new, where that is asked for. */
	get seenTo(): Moment | undefined {
		return this.#asked.seenTo;
	}

	/** The filter if something else were asked, at the moment of `filter`. */
	filterWith(change: Partial<Asked>): Filter {
		const { text, range, after } = { ...this.#now, ...change };
		return this.#asked.filterOf({ text, root: parseQuery(text).root, range, after: after?.seq });
	}

	get isEmpty(): boolean {
		const { after, parsed, range } = this;
		return parsed.root === undefined && range.kind === 'all' && after === undefined;
	}

	/** Asks for this query now. */
	set(text: string, kind: ChangeKind = 'step'): void {
		this.change({ text }, kind);
	}

	setRange(range: TimeRange): void {
		this.applyNow();
		this.change({ range });
	}

	/** Asks only for what came since; `undefined`: whenever it came. */
	setAfter(after: Moment | undefined): void {
		this.applyNow();
		this.change({ after });
	}

	/** Sets what is given of it, as one step. */
	change(change: Partial<Asked>, kind: ChangeKind = 'step'): void {
		this.#cancelTyping();
		this.#typed = undefined;
		const before = this.#now;
		const { text, range, after } = { ...before, ...change };
		if (text.length > MAX_QUERY_LENGTH) {
			this.draft = this.text;
			this.onTooLong();
			return;
		}
		this.text = text;
		this.draft = text;
		this.range = range;
		this.after = after;
		if (keyOf(this.#now) !== keyOf(before)) {
			this.#ask();
			this.#save();
			this.onChange(kind);
		}
	}

	/** A key was typed into the query bar, which now holds `draft`. */
	type(draft: string): void {
		const isValid = parseQuery(draft).problem === undefined;
		this.#editLater(() => draft, this, isValid ? TYPING_MS : INVALID_MS);
		this.draft = draft;
	}

	/** Edits the query a moment after the last key was typed there, or before anything else does. */
	editSoon(edit: Edit, where: object): void {
		this.#editLater(edit, where, TYPING_MS);
	}

	/** Edits the query now, after what was typed. */
	edit(edit: Edit): void {
		this.applyNow();
		this.set(edit(this.text));
	}

	/** Asks for what was typed, without waiting for more. */
	applyNow(): void {
		const typed = this.#typed;
		if (typed !== undefined) {
			this.set(typed.edit(this.text), 'typed');
		}
	}

	/** Shows only entries with this value, whatever the query says about the field. */
	only(field: string, value: string): void {
		this.#click((text) => onlyValue(text, field, value));
	}

	/** Shows no entry with this value. */
	exclude(field: string, value: string): void {
		this.#click((text) => excludeValue(text, field, value));
	}

	/** Shows entries with this value, too, beside those asked for. */
	include(field: string, value: string): void {
		this.#click((text) => includeValue(text, field, value));
	}

	/** Asks for this as well. */
	addClause(clause: string): void {
		this.#click((text) => addClause(text, clause));
	}

	/** Takes away what the query says about a field. */
	without(field: string): void {
		this.edit((text) => withoutField(text, field));
	}

	/** Whether any part of the query is about this field. */
	hasField(field: string): boolean {
		return saidOf(this.parsed.root, field).kind !== 'nothing';
	}

	/** Takes a part of `text` away. */
	removeClause(place: QueryPlace): void {
		this.set(removeClause(this.text, place));
	}

	/** Asks for the opposite of a part of `text`. */
	negateClause(place: QueryPlace): void {
		this.#click((text) => negateClause(text, place));
	}

	/** Everything there is. */
	reset(): void {
		this.change({ text: '', range: { kind: 'all' }, after: undefined });
	}

	/** The zone of times or the marks are others now. */
	settingsChanged(): void {
		this.#asked.settingsChanged();
		if (this.seenTo !== undefined) {
			this.#save();
		}
	}

	/** What a click has added gets a chip. */
	#click(edit: Edit): void {
		this.edit((text) => {
			const made = edit(text);
			const before = new Set(clausesOf(text).map((clause) => clause.text));
			const added = clausesOf(made).map((clause) => clause.text);
			this.clicked = new Set([...this.clicked, ...added.filter((clause) => !before.has(clause))]);
			return made;
		});
	}

	#editLater(edit: Edit, where: object, delayMs: number): void {
		if (this.#typed?.where !== where) {
			this.applyNow();
		}
		this.#cancelTyping();
		this.#typed = { edit, where };
		this.#cancelTyping = this.#clock.after(delayMs, () => this.applyNow());
	}

	get #now(): Asked {
		return { text: this.text, range: this.range, after: this.after };
	}

	#ask(seenTo?: Moment): void {
		const { text, range, after } = this;
		this.#asked.ask({ text, root: this.parsed.root, range, after: after?.seq }, seenTo);
	}

	#save(): void {
		const { text, range, clicked, after, seenTo } = this;
		this.#memory.save({
			text,
			range,
			clicked: [...clicked],
			...(after === undefined ? {} : { after }),
			...(seenTo === undefined ? {} : { seenTo }),
		});
	}

	#restore(): Moment | undefined {
		const saved = this.#memory.restore();
		if (saved !== undefined) {
			this.text = saved.text;
			this.draft = saved.text;
			this.range = saved.range;
			this.clicked = new Set(saved.clicked);
			this.after = saved.after;
		}
		return saved?.seenTo;
	}
}

function keyOf({ text, range, after }: Asked): string {
	return JSON.stringify([text.trim(), range, after?.seq]);
}
