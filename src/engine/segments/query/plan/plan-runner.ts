import { LoadedText } from '../text/loaded-text.ts';
import { dropHidden, keepByColumn } from './match-rows.ts';
import type { AskedRows } from './match-rows.ts';
import type { Plan } from './plan.ts';
import type { QueryState } from '../query-state.ts';
import { RowEntry } from '../text/row-entry.ts';
import type { QueryEntryTest } from '../text/row-entry.ts';
import { LineSearcher } from '../text/search-lines.ts';
import { TextSearcher } from '../text/search-text.ts';

/** Finds which rows match a plan: each step looks only at the rows that are still asked for. */
export class PlanRunner {
	readonly #state: QueryState;
	readonly #text: LoadedText;
	readonly #messages: TextSearcher;
	readonly #lines: LineSearcher;
	/** Entries of the rows that are looked at, for the tests that come after the first one. */
	readonly #entries = new Map<number, RowEntry>();

	constructor(state: QueryState) {
		this.#state = state;
		this.#text = new LoadedText(state.scanner, state.texts);
		this.#messages = new TextSearcher(this.#text, state.rows);
		this.#lines = new LineSearcher(this.#text);
	}

	/** Takes the rows out of the mask that do not match, and those of removed sources. */
	keep(plan: Plan, rows: AskedRows): void {
		dropHidden(rows);
		this.#keep(plan, rows);
		this.#text.clear();
		this.#entries.clear();
	}

	#keep(plan: Plan, rows: AskedRows): void {
		const { held, resident, from, to, mask } = rows;
		switch (plan.kind) {
			case 'constant':
				return plan.value ? undefined : void mask.fill(0);
			case 'and':
				for (const part of plan.parts) {
					this.#keep(part, rows);
					if (!mask.includes(1)) {
						return;
					}
				}
				return;
			case 'or':
				return this.#keepAny(plan.parts, rows);
			case 'not': {
				const found = mask.slice();
				this.#keep(plan.part, { ...rows, mask: found });
				return takeOut(mask, found);
			}
			case 'late':
				return this.#state.late.keep(held, from, to, mask);
			case 'repeat':
				return this.#state.repeats.keep(held, from, to, mask);
			case 'text':
				return this.#messages.mask(held, resident, plan.text, from, to, mask);
			case 'line':
				return this.#lines.keep(plan.literals, rows);
			case 'entry':
				return this.#keepEntries(plan.test, rows);
			default:
				return keepByColumn(plan, rows, this.#state.sourceOf);
		}
	}

	/** What one part has found the others need not look at. */
	#keepAny(parts: readonly Plan[], rows: AskedRows): void {
		const { mask } = rows;
		const left = mask.slice();
		for (const part of parts) {
			const found = left.slice();
			this.#keep(part, { ...rows, mask: found });
			takeOut(left, found);
			if (!left.includes(1)) {
				return;
			}
		}
		takeOut(mask, left);
	}

	#keepEntries(test: QueryEntryTest, { held, resident, from, to, mask }: AskedRows): void {
		for (let row = mask.indexOf(1) + from; row >= from && row < to; row++) {
			if (mask[row - from] === 1) {
				let entry = this.#entries.get(row);
				if (entry === undefined) {
					entry = new RowEntry(this.#state.rows, held, resident, row);
					this.#entries.set(row, entry);
				}
				mask[row - from] = test(entry) ? 1 : 0;
			}
		}
	}
}

/** Makes those of a mask 0 that are 1 in the other. */
function takeOut(mask: Uint8Array, other: Uint8Array): void {
	for (let at = 0; at < mask.length; at++) {
		mask[at] = (mask[at] ?? 0) & ~(other[at] ?? 0);
	}
}
