import { EntryFlag } from '../model/entry.ts';
import type { EntryState, FieldNode, QueryContext, QueryNode, TextNode, ValueTest } from './ast.ts';
import { columnText, Subject } from './entry-fields.ts';
import type { FieldValue, QueryEntry } from './entry-fields.ts';
import { compileLevel } from './level-test.ts';
import { compileText } from './text-test.ts';
import { timeBoundsOf } from './time-test.ts';
import { compileValue } from './value-test.ts';

/** Whether an entry matches. */
export type QueryPredicate = (entry: QueryEntry) => boolean;

type SubjectPredicate = (subject: Subject) => boolean;

/**
 * Whether an entry matches a query, which is `undefined` where everything does: the meaning that
 * every storage has to share.
 */
export function matchQuery(
	root: QueryNode | undefined,
	entry: QueryEntry,
	context: QueryContext,
): boolean {
	return compileQuery(root, context)(entry);
}

/** `matchQuery` for many entries: what the query says is worked out once. */
export function compileQuery(root: QueryNode | undefined, context: QueryContext): QueryPredicate {
	if (root === undefined) {
		return () => true;
	}
	const matches = compileNode(root, context);
	return (entry) => matches(new Subject(entry));
}

function compileNode(node: QueryNode, context: QueryContext): SubjectPredicate {
	switch (node.kind) {
		case 'and': {
			const parts = node.parts.map((part) => compileNode(part, context));
			return (subject) => parts.every((matches) => matches(subject));
		}
		case 'or': {
			const parts = node.parts.map((part) => compileNode(part, context));
			return (subject) => parts.some((matches) => matches(subject));
		}
		case 'not': {
			const matches = compileNode(node.part, context);
			return (subject) => !matches(subject);
		}
		case 'text':
			return compileFreeText(node, context);
		case 'is':
			return compileState(node.state, context);
		case 'field':
			return compileField(node, context);
	}
}

/** Free text looks at the message; with `*:` at every value an entry has, but not at times. */
function compileFreeText(node: TextNode, { sources }: QueryContext): SubjectPredicate {
	const matches = compileText(node.test, false);
	if (node.scope === 'message') {
		return ({ entry }) => matches(entry.message);
	}
	const columns = ['message', 'level', 'logger', 'task_id', 'source', 'exception'] as const;
	return (subject) =>
		columns.some((column) => {
			const text = columnText(subject.entry, column, sources);
			return text !== undefined && matches(text);
		}) || subject.scalars().some(({ kind, text }) => kind !== 'null' && matches(text));
}

function compileState(state: EntryState, { marked, seenTo }: QueryContext): SubjectPredicate {
	switch (state) {
		case 'error':
			return ({ entry }) => entry.severity >= 40;
		case 'warning':
			return ({ entry }) => entry.severity >= 30 && entry.severity < 40;
		case 'marked':
			return ({ entry }) => marked.has(entry.seq);
		case 'new':
			return ({ entry }) => entry.seq > seenTo;
		case 'late':
			return ({ entry }) => entry.late !== undefined;
		case 'repeat':
			return ({ entry }) => entry.repeat === true;
		case 'quarantined':
			return ({ entry }) => (entry.flags & EntryFlag.quarantined) !== 0;
		case 'gap':
			return ({ entry }) => (entry.flags & EntryFlag.gap) !== 0;
		case 'text':
			return ({ entry }) => (entry.flags & EntryFlag.plainText) !== 0;
	}
}

function compileField({ field, test }: FieldNode, context: QueryContext): SubjectPredicate {
	if ('path' in field) {
		const name = field.path.findLast((key) => !/^(?:\d+|\*)$/.test(key)) ?? '';
		const matches = compileValues(test, name, context);
		return (subject) => matches(subject.values(field.path));
	}
	const { column } = field;
	switch (column) {
		case 'level': {
			const matches = compileLevel(test);
			return ({ entry }) => matches(entry);
		}
		case 'ts':
			return compileTime(test, context);
		case 'note': {
			const matches = compileColumn(test, context);
			return ({ entry }) => matches(context.notes.get(entry.seq));
		}
		default: {
			const matches = compileColumn(test, context);
			return ({ entry }) => matches(columnText(entry, column, context.sources));
		}
	}
}

function compileTime(test: ValueTest, context: QueryContext): SubjectPredicate {
	if (test.kind === 'exists') {
		return () => true;
	}
	const bounds = timeBoundsOf(test, context);
	if (bounds === undefined) {
		return () => false;
	}
	const isInside = test.kind !== 'differs';
	return ({ entry }) => (entry.ts >= bounds.from && entry.ts <= bounds.to) === isInside;
}

/**
 * A test of a column of text, ready to be used on its values; `undefined` stands for an empty cell.
 * Not for `ts` and `level`, which have an order of their own.
 */
function compileColumn(
	test: ValueTest,
	context: QueryContext,
): (text: string | undefined) => boolean {
	const matches = compileValues(test, '', context);
	return (text) => matches(text === undefined ? [] : [{ kind: 'text', text }]);
}

/** A test of all the values that an entry has at a field; it has to be true of one of them. */
function compileValues(
	test: ValueTest,
	name: string,
	context: QueryContext,
): (values: readonly FieldValue[]) => boolean {
	switch (test.kind) {
		case 'exists':
			return (values) => values.some(isThere);
		case 'null':
			return (values) => values.some(({ kind }) => kind === 'null');
		case 'differs': {
			const is = compileValue({ kind: 'is', text: test.text }, name, context);
			return (values) =>
				values.some(isThere) && !values.some((value) => isScalar(value) && is(value));
		}
		default: {
			const matches = compileValue(test, name, context);
			return (values) => values.some((value) => isScalar(value) && matches(value));
		}
	}
}

function isThere({ kind }: FieldValue): boolean {
	return kind !== 'null';
}

function isScalar({ kind }: FieldValue): boolean {
	return kind !== 'null' && kind !== 'object';
}
