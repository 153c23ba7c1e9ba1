import { EXCEPTION_KEYS } from '#engine/pipeline/formats/exceptions.ts';
import { severityOf } from '#shared/model/level.ts';
import { normalizeFilter } from '#shared/model/normalize-filter.ts';
import type { Filter } from '#shared/model/query.ts';
import type {
	ColumnField,
	EntryState,
	FieldNode,
	QueryContext,
	QueryNode,
	TextNode,
	ValueTest,
} from '#shared/query/ast.ts';
import { queryContextOf } from '#shared/query/match-filter.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { literalParts } from '#shared/query/pattern.ts';
import { timeBoundsOf } from '#shared/query/time-test.ts';
import { STORAGE_SOURCE } from '../../queryable-entry.ts';
import { ExtraCompiler } from './compile-extra.ts';
import { LevelCompiler } from './compile-level.ts';
import { TextCompiler } from './compile-text.ts';
import { allOf, ALWAYS, anyOf, exactly, NEVER, not, perhaps } from './condition.ts';
import type { Condition } from './condition.ts';
import { messageColumn, textColumn } from './log-table.ts';
import type { LogTable } from './log-table.ts';
import type { Parameters } from './parameters.ts';
import { timeBetween } from './times.ts';

const NO_SOURCES: ReadonlyMap<number, string> = new Map();

/** A filter as a condition on the rows of a table, its values among the parameters. */
export function compileFilterSql(
	given: Filter,
	table: LogTable,
	parameters: Parameters,
): Condition {
	const filter = normalizeFilter(given);
	return new FilterCompiler(table, parameters, queryContextOf(filter, NO_SOURCES)).filter(filter);
}

/** The meaning is that of `matchFilter`, node by node: see `match-query.ts`. */
class FilterCompiler {
	readonly #table: LogTable;
	readonly #parameters: Parameters;
	readonly #context: QueryContext;
	readonly #texts: TextCompiler;
	readonly #levels: LevelCompiler;
	readonly #extra: ExtraCompiler;

	constructor(table: LogTable, parameters: Parameters, context: QueryContext) {
		this.#table = table;
		this.#parameters = parameters;
		this.#context = context;
		this.#texts = new TextCompiler(table, parameters, context);
		this.#levels = new LevelCompiler(table, parameters, this.#texts);
		this.#extra = new ExtraCompiler(table, parameters, this.#texts, context);
	}

	filter(filter: Filter): Condition {
		const { task_id, level, min_level, q, since, until, source, quarantined } = filter;
		const { up_to, arrived_after } = filter;
		const parts: Condition[] = [];
		if (task_id !== undefined) {
			parts.push(this.#task(task_id));
		}
		if (level !== undefined) {
			parts.push(this.#levels.named(level));
		}
		if (min_level !== undefined) {
			parts.push(this.#levels.ordered('>=', severityOf(min_level)));
		}
		if (q !== undefined) {
			parts.push(
				this.#texts.like(messageColumn(this.#table), { kind: 'contains', text: q }, false),
			);
		}
		if (since !== undefined || until !== undefined) {
			parts.push(this.#between(since ?? -Infinity, until ?? Infinity));
		}
		if (source !== undefined && source !== STORAGE_SOURCE) {
			parts.push(NEVER);
		}
		if (quarantined === true) {
			parts.push(NEVER);
		}
		if (up_to !== undefined) {
			parts.push(this.#arrival('<=', up_to));
		}
		if (arrived_after !== undefined) {
			parts.push(this.#arrival('>', arrived_after));
		}
		for (const text of [filter.query, filter.also]) {
			const root = text === undefined ? undefined : parseQuery(text).root;
			if (root !== undefined) {
				parts.push(this.#node(root));
			}
		}
		return allOf(parts);
	}

	#node(node: QueryNode): Condition {
		switch (node.kind) {
			case 'and':
				return allOf(node.parts.map((part) => this.#node(part)));
			case 'or':
				return anyOf(node.parts.map((part) => this.#node(part)));
			case 'not':
				return not(this.#node(node.part));
			case 'text':
				return this.#text(node);
			case 'is':
				return this.#state(node.state);
			case 'field':
				return this.#field(node);
		}
	}

	#text({ scope, test }: TextNode): Condition {
		return scope === 'message'
			? this.#texts.like(messageColumn(this.#table), test, false)
			: perhaps();
	}

	#state(state: EntryState): Condition {
		const { marked, seenTo } = this.#context;
		switch (state) {
			case 'error':
				return this.#levels.ordered('>=', 40);
			case 'warning':
				return allOf([this.#levels.ordered('>=', 30), this.#levels.ordered('<', 40)]);
			case 'marked':
				return this.#among(marked);
			case 'new':
				return this.#arrival('>', seenTo);
			default:
				// What is read as a row has no such flag, and nothing tells it from those before it.
				return NEVER;
		}
	}

	#field({ field, test }: FieldNode): Condition {
		if ('path' in field) {
			return this.#extra.path(field.path, test);
		}
		return this.#column(field.column, test);
	}

	#column(column: ColumnField, test: ValueTest): Condition {
		switch (column) {
			case 'level':
				return this.#levels.test(test);
			case 'ts': {
				if (test.kind === 'exists') {
					return ALWAYS;
				}
				const bounds = timeBoundsOf(test, this.#context);
				if (bounds === undefined) {
					return NEVER;
				}
				const inside = this.#between(bounds.from, bounds.to);
				return test.kind === 'differs' ? not(inside) : inside;
			}
			case 'message': {
				const message = messageColumn(this.#table);
				return this.#texts.column(message, ALWAYS, test);
			}
			case 'logger': {
				const text = textColumn(this.#table, column);
				return this.#texts.column(text, exactly(`${text} <> ''`), test);
			}
			case 'task_id':
				if (test.kind === 'equals') {
					return test.text === '' ? NEVER : this.#task(test.text);
				}
				return this.#texts.column(
					textColumn(this.#table, column),
					exactly(`${textColumn(this.#table, column)} <> ''`),
					test,
				);
			case 'exception':
				return test.kind === 'null' ? NEVER : this.#exception();
			case 'note':
				return this.#among(this.#context.notes.keys(), test);
			case 'pattern':
				return this.#pattern(test);
			case 'source':
				return perhaps();
		}
	}

	/** Its own spelling is asked for as well: the index is on that. */
	#task(task: string): Condition {
		const text = textColumn(this.#table, 'task_id');
		const exact = this.#texts.equals(text, task);
		return this.#texts.isFoldable(task) ? allOf([this.#texts.same(text, task), exact]) : exact;
	}

	/** Only a key of one of these names can hold a traceback. */
	#exception(): Condition {
		return this.#table.columns.extra.type === 'jsonb'
			? perhaps(`t.extra ?| ${this.#parameters.texts(EXCEPTION_KEYS)}`)
			: perhaps('t.extra IS NOT NULL');
	}

	/** What surrounds the placeholders of a pattern stands in the message, too. */
	#pattern(test: ValueTest): Condition {
		if (test.kind === 'exists') {
			return ALWAYS;
		}
		if (test.kind === 'null') {
			return NEVER;
		}
		if (test.kind !== 'is' && test.kind !== 'equals' && test.kind !== 'contains') {
			return perhaps();
		}
		const parts = literalParts(test.text).filter((part) => part !== '');
		const found = parts.map((text) =>
			this.#texts.like(messageColumn(this.#table), { kind: 'contains', text }, false),
		);
		return perhaps(allOf(found.map(({ sql }) => exactly(sql))).sql);
	}

	/** Entries the user has said something about; `test` is of what they said. */
	#among(seqs: Iterable<number>, test?: ValueTest): Condition {
		const known = [...seqs];
		if (!this.#table.numbers.areKnown) {
			return known.includes(-1) ? perhaps() : NEVER;
		}
		if (known.length === 0) {
			return NEVER;
		}
		const sql = `t.id = ANY (${this.#parameters.numbers(known)})`;
		return test === undefined || test.kind === 'exists' ? exactly(sql) : perhaps(sql);
	}

	/** Without numbers of their own, entries count as numbered -1 here. */
	#arrival(op: '<=' | '>', seq: number): Condition {
		if (!this.#table.numbers.areKnown) {
			return (op === '<=' ? -1 <= seq : -1 > seq) ? ALWAYS : NEVER;
		}
		if (!Number.isFinite(seq)) {
			return (op === '<=') === seq > 0 ? ALWAYS : NEVER;
		}
		return exactly(`t.id ${op} ${this.#parameters.add(seq, 'bigint')}`);
	}

	#between(from: number, to: number): Condition {
		return exactly(timeBetween(this.#table, this.#parameters, from, to));
	}
}
