import type { EngineApi } from '#shared/api/engine.ts';
import { memberOf, parseJson, textOf } from '#shared/json/parse-json.ts';
import type { LogEntry } from '#shared/model/entry.ts';
import { RUN_FIELD as RUN } from '#shared/model/view.ts';
import { clauseFor } from '#shared/query/clause-text.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Asked, QueryState } from '../query/query-state.svelte.ts';
import type { RowCursor } from './row-cursor.svelte.ts';
import type { Direction, RowFinder } from './row-finder.ts';

/** Follows one run of a task: from row to row, or by itself. */
export class Runs {
	readonly #api: Pick<EngineApi, 'getEntry'>;
	readonly #cursor: RowCursor;
	readonly #finder: RowFinder;
	readonly #query: QueryState;
	readonly #notices: Notices;
	/** What was asked for before a run was shown by itself, and what is asked for since. */
	#left: { readonly before: Asked; readonly text: string } | undefined;

	constructor(
		api: Pick<EngineApi, 'getEntry'>,
		cursor: RowCursor,
		finder: RowFinder,
		query: QueryState,
		notices: Notices,
	) {
		this.#api = api;
		this.#cursor = cursor;
		this.#finder = finder;
		this.#query = query;
		this.#notices = notices;
	}

	/** Goes to the next row of the chosen row's run; says so if there is none. */
	async go(direction: Direction): Promise<void> {
		const run = await this.#runOfRow();
		if (run === undefined) {
			return;
		}
		const also = clauseFor(RUN, run);
		if (!(await this.#finder.go({ also }, direction))) {
			this.#notices.remark(`No ${direction} entry of this run.`);
		}
	}

	/** Shows only the run of the chosen row; called again, what was shown before. */
	async toggleOnly(): Promise<void> {
		const left = this.#left;
		this.#left = undefined;
		if (left !== undefined && left.text === this.#query.text) {
			this.#query.change(left.before);
			return;
		}
		const run = await this.#runOfRow();
		if (run !== undefined) {
			const { text, range } = this.#query;
			this.#query.only(RUN, run);
			this.#left = { before: { text, range }, text: this.#query.text };
		}
	}

	async #runOfRow(): Promise<string | undefined> {
		const { row } = this.#cursor;
		if (row === undefined) {
			this.#notices.remark('Choose a row first: its run is meant.');
			return undefined;
		}
		const entry = await this.#api.getEntry({ seq: row.seq });
		const run = entry === undefined ? undefined : runOf(entry);
		if (run === undefined) {
			this.#notices.remark('This entry names no run: it has no run_id.');
			return undefined;
		}
		return run;
	}
}

/** The run an entry names, as text. */
function runOf({ extra = '' }: LogEntry): string | undefined {
	const value = memberOf(parseJson(extra), RUN);
	const text = value === undefined || value.kind === 'object' ? '' : textOf(value, extra);
	return text === '' || text === 'null' ? undefined : text;
}
