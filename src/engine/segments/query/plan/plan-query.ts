import { EntryFlag } from '#shared/model/entry.ts';
import type {
	FieldNode,
	GroupNode,
	QueryContext,
	QueryNode,
	StateNode,
	TextNode,
	ValueTest,
} from '#shared/query/ast.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { compileQuery } from '#shared/query/match-query.ts';
import { literalParts } from '#shared/query/pattern.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import { compileText } from '#shared/query/text-test.ts';
import { timeBoundsOf } from '#shared/query/time-test.ts';
import type { ColumnTables } from './column-tables.ts';
import {
	linesOfAnything,
	linesOfException,
	linesOfPath,
	piecesOf,
	piecesOfValue,
} from '../text/line-literals.ts';
import { ALL, allOf, anyOf, NONE, noneOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { textSearch } from '../text/text-search.ts';

/** An entry of which a test sees one column. */
const BLANK: QueryEntry = {
	seq: 0,
	ts: 0,
	level: '',
	severity: 0,
	logger: '',
	message: '',
	source: 0,
	flags: 0,
};

/**
 * Says how to find the rows that match a query: `compileQuery` says which those are. Columns by
 * tables of their few values, the message by searching it, and anything else by decoding the
 * entries in whose lines stands what must stand there.
 */
export class QueryPlanner {
	readonly #tables: ColumnTables;
	readonly #context: QueryContext;

	constructor(tables: ColumnTables, context: QueryContext) {
		this.#tables = tables;
		this.#context = context;
	}

	plan(node: QueryNode | undefined): Plan {
		switch (node?.kind) {
			case undefined:
				return ALL;
			case 'and':
				return this.#planAll(node);
			case 'or':
				return this.#planEither(node);
			case 'not':
				return noneOf(this.plan(node.part));
			case 'text':
				return node.scope === 'message' ? this.#planMessage(node, node.test) : this.#planAny(node);
			case 'is':
				return this.#planState(node);
			case 'field':
				return this.#planField(node);
		}
	}

	/** What has to be asked of entries is asked at once, so that each is taken apart once. */
	#planAll(node: GroupNode): Plan {
		const ofEntry = node.parts.filter(isOfEntry);
		const isAsked = (part: QueryNode) =>
			isOfEntry(part) || (ofEntry.length > 0 && part.kind === 'not' && isOfEntry(part.part));
		return allOf([
			...node.parts.filter((part) => !isAsked(part)).map((part) => this.plan(part)),
			...ofEntry.flatMap((part) => this.#linesOf(part)),
			this.#askTogether(node, node.parts.filter(isAsked)) ?? ALL,
		]);
	}

	/** The same, if one of them is enough. */
	#planEither(node: GroupNode): Plan {
		const ofEntry = node.parts.filter(isOfEntry);
		const others = node.parts.filter((part) => !isOfEntry(part)).map((part) => this.plan(part));
		const lines = anyOf(ofEntry.map((part) => allOf(this.#linesOf(part))));
		const asked = this.#askTogether(node, ofEntry);
		return anyOf(asked === undefined ? others : [...others, allOf([lines, asked])]);
	}

	#askTogether(node: GroupNode, parts: readonly QueryNode[]): Plan | undefined {
		const [first, ...more] = parts;
		if (first === undefined) {
			return undefined;
		}
		return this.#ask(more.length === 0 ? first : { ...node, parts });
	}

	#planField(node: FieldNode): Plan {
		const { field, test } = node;
		if (isOfEntry(node)) {
			return allOf([...this.#linesOf(node), this.#ask(node)]);
		}
		switch ('column' in field ? field.column : undefined) {
			case 'level':
				return this.#planLevel(node);
			case 'logger':
			case 'task_id':
				return this.#planText(node);
			case 'ts':
				return this.#planTime(test);
			case 'note':
				return this.#planNote(node);
			case 'pattern':
				return test.kind === 'exists' ? ALL : this.#planMessage(node, test);
			case 'source': {
				const matches = this.#test(node);
				return { kind: 'source', has: (source) => matches({ ...BLANK, source }) };
			}
			default:
				return this.#planMessage(node, test);
		}
	}

	#planLevel(node: FieldNode | StateNode): Plan {
		const matches = this.#test(node);
		return this.#tables.levels(this.#key(node), (level) => matches({ ...BLANK, ...level }));
	}

	#planText(node: FieldNode): Plan {
		const { field, test } = node;
		const isTask = 'column' in field && field.column === 'task_id';
		const column = isTask ? 'task' : 'logger';
		if (test.kind === 'equals') {
			return test.text === '' ? NONE : this.#tables.one(column, test.text);
		}
		const matches = this.#test(node);
		return this.#tables.texts(column, this.#key(node), (text) =>
			matches(isTask ? { ...BLANK, ...(text && { task_id: text }) } : { ...BLANK, logger: text }),
		);
	}

	#planTime(test: ValueTest): Plan {
		if (test.kind === 'exists') {
			return ALL;
		}
		const bounds = timeBoundsOf(test, this.#context);
		if (bounds === undefined) {
			return NONE;
		}
		const plan: Plan = { kind: 'time', from: bounds.from, to: bounds.to };
		return test.kind === 'differs' ? noneOf(plan) : plan;
	}

	/** Few entries have a note, and which ones is known. */
	#planNote(node: FieldNode): Plan {
		const matches = this.#test(node);
		const seqs = [...this.#context.notes.keys()].filter((seq) => matches({ ...BLANK, seq }));
		return { kind: 'seqs', seqs };
	}

	#planMessage(node: TextNode | FieldNode, test: ValueTest): Plan {
		if (test.kind === 'contains') {
			return test.text === '' ? ALL : { kind: 'text', text: textSearch(test.text) };
		}
		const pieces = this.#piecesOf(node, test);
		const texts = [...new Set(pieces)].map((piece): Plan => ({
			kind: 'text',
			text: textSearch(piece, true),
		}));
		return allOf([...texts, this.#ask(node)]);
	}

	/** Texts that messages must contain, in lower case. */
	#piecesOf(node: TextNode | FieldNode, test: ValueTest): readonly string[] {
		if (node.kind === 'text') {
			return piecesOf(node.test);
		}
		const pieces = piecesOfValue(test, this.#context);
		const isPattern = 'column' in node.field && node.field.column === 'pattern';
		return isPattern ? pieces.flatMap(literalParts) : pieces;
	}

	/** `*:text`: columns of few values are asked by their values, the rest by decoding. */
	#planAny(node: TextNode): Plan {
		const matches = compileText(node.test, false);
		const isIn = (text: string | undefined) => text !== undefined && text !== '' && matches(text);
		const { sources } = this.#context;
		const key = this.#key(node);
		return anyOf([
			{ kind: 'source', has: (source) => isIn(sources.get(source)) },
			this.#tables.levels(key, ({ level }) => isIn(level)),
			this.#tables.texts('logger', key, isIn),
			this.#tables.texts('task', key, isIn),
			allOf([...linesOfAnything(node.test), this.#ask(node)]),
		]);
	}

	#planState(node: StateNode): Plan {
		switch (node.state) {
			case 'error':
			case 'warning':
				return this.#planLevel(node);
			case 'marked':
				return { kind: 'seqs', seqs: [...this.#context.marked] };
			case 'new':
				return { kind: 'after', seq: this.#context.seenTo };
			case 'late':
				return { kind: 'late' };
			case 'repeat':
				return { kind: 'repeat' };
			case 'quarantined':
				return { kind: 'flag', flag: EntryFlag.quarantined };
			case 'gap':
				return { kind: 'flag', flag: EntryFlag.gap };
			case 'text':
				return { kind: 'flag', flag: EntryFlag.plainText };
		}
	}

	#linesOf(node: QueryNode): readonly Plan[] {
		if (node.kind !== 'field') {
			return [];
		}
		return 'path' in node.field
			? linesOfPath(node.field.path, node.test, this.#context)
			: linesOfException(node, this.#context);
	}

	#ask(node: QueryNode): Plan {
		return { kind: 'entry', test: this.#test(node) };
	}

	/** What a test of one column is, wherever it stands in whichever query. */
	#key(node: FieldNode | TextNode | StateNode): string {
		const { from: _, to: __, ...meant } = node;
		const { at, zone } = this.#context;
		const needs = needsOf(node);
		return JSON.stringify([meant, needs.now && at, needs.zone && zone]);
	}

	#test(node: QueryNode): (entry: QueryEntry) => boolean {
		return compileQuery(node, this.#context);
	}
}

/** Whether only a decoded entry can tell. */
function isOfEntry(node: QueryNode): boolean {
	return node.kind === 'field' && ('path' in node.field || node.field.column === 'exception');
}
