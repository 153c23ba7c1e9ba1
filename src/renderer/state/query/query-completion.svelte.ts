import type { EngineApi } from '#shared/api/engine.ts';
import type { FieldList } from '#shared/model/query.ts';
import { COLUMN_FIELDS, ENTRY_STATES } from '#shared/query/ast.ts';
import { quoteValue } from '#shared/query/clause-text.ts';
import { completionAt } from '#shared/query/completion.ts';
import type { Completion } from '#shared/query/completion.ts';
import { formatCount } from '../../lib/format-number.ts';
import { bestMatches } from '../../lib/best-matches.ts';

/** One proposal for the query bar. */
export interface Proposal {
	readonly kind: 'field' | 'value' | 'operator' | 'history';
	/** What is proposed, as it would stand in the query. */
	readonly label: string;
	/** How often it occurs, or what it is. */
	readonly note: string;
	/** The query with it, and where the caret stands then. */
	readonly text: string;
	readonly caret: number;
}

const MAX_PROPOSALS = 20;
const MAX_HISTORY = 8;

/** What an entry can be: `is:error`. */
const STATE_NOTES: Readonly<Record<(typeof ENTRY_STATES)[number], string>> = {
	error: 'ERROR or worse',
	warning: 'WARNING or worse',
	marked: 'marked by you',
	new: 'came since you looked',
	late: 'came after later ones',
	repeat: 'says what the one before it says',
	quarantined: 'could not be read',
	gap: 'log text was destroyed',
	text: 'no JSON',
};

const FIELD_NOTES: Readonly<Record<string, string>> = {
	is: 'a state',
	has: 'a field',
	ts: 'a time',
	pattern: 'a message without its numbers',
	note: 'what you wrote about it',
};

/** Times that count from now, to be compared with. */
const TIMES = [
	['-15m', '15 minutes ago'],
	['-1h', 'an hour ago'],
	['-24h', 'a day ago'],
	['-7d', 'a week ago'],
] as const;

const OPERATORS = [
	['AND', 'both'],
	['OR', 'one of both'],
	['NOT', 'the opposite'],
] as const;

/** The list under the query bar: fields, values and queries asked before. */
export class QueryCompletion {
	proposals: readonly Proposal[] = $state.raw([]);
	/** The one the keys have chosen; -1 for none. */
	index = $state(-1);
	#isOpen = $state(false);
	readonly #api: Pick<EngineApi, 'getFields' | 'getValues'>;
	readonly #history: () => readonly string[];
	readonly #stored: () => number;
	#fields: Promise<FieldList> | undefined;
	#asked = 0;

	/** `stored`: how many entries there are, for saying where fewer were looked at. */
	constructor(
		api: Pick<EngineApi, 'getFields' | 'getValues'>,
		history: () => readonly string[],
		stored: () => number,
	) {
		this.#api = api;
		this.#history = history;
		this.#stored = stored;
	}

	get isOpen(): boolean {
		return this.#isOpen && this.proposals.length > 0;
	}

	get chosen(): Proposal | undefined {
		return this.isOpen ? this.proposals[this.index] : undefined;
	}

	/** What Tab takes: the chosen one, or the first one where something was begun. */
	get next(): Proposal | undefined {
		const [first] = this.proposals;
		return this.chosen ?? (this.isOpen && this.#hasBegun ? first : undefined);
	}

	#hasBegun = false;

	/** The bar was entered: which fields there are may have changed since. */
	entered(): void {
		this.#fields = undefined;
	}

	/** Proposes what could stand at the caret; `asked`: also where nothing has been begun. */
	async propose(text: string, caret: number, asked: boolean): Promise<void> {
		const turn = ++this.#asked;
		this.index = -1;
		const place = completionAt(text, caret);
		this.#hasBegun = place !== undefined && place.prefix !== '';
		const isWanted = asked || this.#hasBegun || place?.kind === 'value';
		const found = isWanted ? await this.#find(text, place) : [];
		if (turn === this.#asked) {
			this.proposals = found.filter((proposal) => proposal.text !== text);
			this.#isOpen = true;
		}
	}

	/** Chooses the next proposal, or the one before; after the last one none is. */
	move(step: 1 | -1): void {
		const count = this.proposals.length + 1;
		this.index = ((this.index + 1 + step + count) % count) - 1;
	}

	close(): void {
		this.#asked++;
		this.#isOpen = false;
		this.index = -1;
	}

	async #find(text: string, place: Completion | undefined): Promise<readonly Proposal[]> {
		const history =
			text.trim() === '' ? this.#history().slice(0, MAX_HISTORY).map(fromHistory) : [];
		switch (place?.kind) {
			case undefined:
				return history;
			case 'value':
				return this.#valueProposals(text, place);
			case 'field':
				return [...history, ...(await this.#fieldProposals(text, place))];
			case 'operator':
				return [...operators(text, place), ...(await this.#fieldProposals(text, place))];
		}
	}

	async #fieldProposals(text: string, place: Completion): Promise<readonly Proposal[]> {
		const { fields, rows } = await this.#knownFields();
		const counts = new Map(fields.map(({ name, count }) => [name, this.#countText(count, rows)]));
		// What follows `has:` is a field, too.
		const isValue = /(?:^|[\s(!-])has:(?:\([^()]*)?$/.test(text.slice(0, place.from));
		const states = isValue ? [] : ['is', 'has'];
		const names = new Set([...COLUMN_FIELDS, ...states, ...fields.map(({ name }) => name)]);
		return bestMatches([...names], place.prefix.replace(/^@/, ''))
			.slice(0, MAX_PROPOSALS)
			.map((name) =>
				proposal(
					'field',
					text,
					place,
					name,
					FIELD_NOTES[name] ?? counts.get(name) ?? '',
					isValue ? ' ' : ':',
				),
			);
	}

	async #valueProposals(text: string, place: Completion): Promise<readonly Proposal[]> {
		const { field = '', prefix } = place;
		if (field === 'ts') {
			// A moment alone is seldom meant: `ts:` goes on with what came after it.
			const sign = text.charAt(place.from - 1) === ':' ? '>' : '';
			return TIMES.filter(([time]) => time.startsWith(prefix)).map(([time, note]) =>
				proposal('value', text, place, `${sign}${time}`, note, ' '),
			);
		}
		const values = await this.#values(field, prefix);
		return values.map(([value, note]) =>
			proposal('value', text, place, quoteValue(value), note, ' '),
		);
	}

	async #values(field: string, search: string): Promise<readonly (readonly [string, string])[]> {
		if (field === 'is') {
			return bestMatches(ENTRY_STATES, search).map((state) => [state, STATE_NOTES[state]]);
		}
		try {
			const { values, rows } = await this.#api.getValues({ field, search, limit: MAX_PROPOSALS });
			return values.map(({ value, count }) => [value, this.#countText(count, rows)]);
		} catch {
			// Without proposals a query can still be typed.
			return [];
		}
	}

	async #knownFields(): Promise<FieldList> {
		this.#fields ??= this.#api.getFields({}).catch(() => ({ fields: [], rows: 0 }));
		return this.#fields;
	}

	/** Of so many entries that were looked at, if these are not all; `undefined`: all were. */
	#countText(count: number, rows: number | undefined): string {
		const isSample = rows !== undefined && rows < this.#stored();
		return isSample ? `${formatCount(count)} of ${formatCount(rows)}` : formatCount(count);
	}
}

function operators(text: string, place: Completion): readonly Proposal[] {
	return place.prefix === ''
		? []
		: OPERATORS.filter(([word]) => word.startsWith(place.prefix)).map(([word, note]) =>
				proposal('operator', text, place, word, note, ' '),
			);
}

function fromHistory(query: string): Proposal {
	return { kind: 'history', label: query, note: 'asked before', text: query, caret: query.length };
}

/** Puts a word at the place of what was begun; what follows it is added where nothing does. */
function proposal(
	kind: Proposal['kind'],
	text: string,
	{ from, to }: Completion,
	label: string,
	note: string,
	follow: string,
): Proposal {
	const after = text.slice(to);
	const inserted = after.startsWith(follow) ? label : `${label}${follow}`;
	return {
		kind,
		label,
		note,
		text: `${text.slice(0, from)}${inserted}${after}`,
		caret: from + label.length + follow.length,
	};
}
