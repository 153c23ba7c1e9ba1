import { canonicalLevel } from '#shared/model/level.ts';
import type { QueryNode } from '#shared/query/ast.ts';
import { setText, setValue } from '#shared/query/simple-fields.ts';
import { saidOf, textOf } from '../../lib/query-clauses.ts';
import type { QueryState } from './query-state.svelte.ts';

/** The value of a field when the query says more about it than the field could show. */
export const SEVERAL = 'several';

/** A text field that shows one part of the query, and writes it. */
export class SimpleField {
	readonly #query: QueryState;
	readonly #read: (root: QueryNode | undefined) => string | undefined;
	readonly #write: (text: string, value: string) => string;
	/** What was typed stays as it was typed while the query is the one that came of it. */
	#typed: { readonly value: string; readonly text: string } | undefined = $state.raw();

	/** `read` answers `undefined` where the query says too much to show. */
	constructor(
		query: QueryState,
		read: (root: QueryNode | undefined) => string | undefined,
		write: (text: string, value: string) => string,
	) {
		this.#query = query;
		this.#read = read;
		this.#write = write;
	}

	get value(): string {
		const typed = this.#typed;
		return typed?.text === this.#query.text
			? typed.value
			: (this.#read(this.#query.parsed.root) ?? '');
	}

	/** The query says more about it than one value. */
	get isSeveral(): boolean {
		return this.#read(this.#query.parsed.root) === undefined;
	}

	/** Goes into the query a moment later, once no more is typed. */
	type(value: string): void {
		this.#typed = { value, text: this.#query.text };
		this.#query.editSoon((before) => {
			const text = this.#write(before, value.trim());
			this.#typed = { value, text };
			return text;
		}, this);
	}
}

/** The fields that AsyncZ's own dashboard has, as readings of the query. */
export class SimpleFields {
	/** Exact and case-sensitive. */
	readonly task: SimpleField;
	/** Text of the message, in any case. */
	readonly search: SimpleField;
	readonly #query: QueryState;

	constructor(query: QueryState) {
		this.#query = query;
		this.task = new SimpleField(query, readTask, (text, value) =>
			setValue(text, 'task_id', { op: '=', value }),
		);
		this.search = new SimpleField(query, readSearch, setText);
	}

	/** Empty for any, `ERROR` for that level, `ERROR+` for it and above, or `SEVERAL`. */
	get level(): string {
		const said = saidOf(this.#query.parsed.root, 'level');
		if (said.kind !== 'one') {
			return said.kind === 'nothing' ? '' : SEVERAL;
		}
		const { value: test } = said;
		if (test.kind === 'is' || test.kind === 'equals') {
			return canonicalLevel(test.text);
		}
		return test.kind === 'compare' && test.op === '>=' ? `${canonicalLevel(test.text)}+` : SEVERAL;
	}

	setLevel(level: string): void {
		const value = level.endsWith('+')
			? ({ op: '>=', value: level.slice(0, -1) } as const)
			: ({ op: ':', value: level } as const);
		this.#query.edit((text) => setValue(text, 'level', value));
	}

	/** Shows only entries of this task. */
	setTask(taskId: string): void {
		this.#query.edit((text) => setValue(text, 'task_id', { op: '=', value: taskId }));
	}
}

function readTask(root: QueryNode | undefined): string | undefined {
	const said = saidOf(root, 'task_id');
	if (said.kind !== 'one') {
		return said.kind === 'nothing' ? '' : undefined;
	}
	const { value: test } = said;
	return test.kind === 'is' || test.kind === 'equals' ? test.text : undefined;
}

function readSearch(root: QueryNode | undefined): string | undefined {
	const said = textOf(root);
	return said.kind === 'one' ? said.value : said.kind === 'nothing' ? '' : undefined;
}
