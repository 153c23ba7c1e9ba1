import type { ParsedQuery, QueryNode } from './ast.ts';
import { foreignHint } from './foreign-syntax.ts';
import { fromKql, operatorHint } from './operator-words.ts';
import { QueryError } from './query-error.ts';
import { QueryParser } from './query-parser.ts';
import { rangeHint } from './range-hint.ts';

/** Longer queries are not read: nobody writes them. */
export const MAX_QUERY_LENGTH = 10_000;

/** What was read last is asked for again by all that shows or edits it. */
const MAX_REMEMBERED = 20;
const remembered = new Map<string, ParsedQuery>();

/**
 * Reads a query. It never throws: what cannot be read is searched for as it stands, and `problem`
 * says why. The places in the tree are those of `text`.
 */
export function parseQuery(text: string): ParsedQuery {
	const known = remembered.get(text);
	if (known !== undefined) {
		return known;
	}
	const parsed = parse(text);
	if (remembered.size >= MAX_REMEMBERED) {
		remembered.clear();
	}
	remembered.set(text, parsed);
	return parsed;
}

function parse(text: string): ParsedQuery {
	const wellFormed = text.toWellFormed();
	if (wellFormed.trim() === '') {
		return { root: undefined };
	}
	const result = read(wellFormed);
	if (!(result instanceof QueryError)) {
		const hint =
			operatorHint(wellFormed, result) ??
			foreignHint(wellFormed, result) ??
			rangeHint(wellFormed, result);
		return { root: result, ...(hint === undefined ? {} : { hint }) };
	}
	// What is suggested has to work, which a second mistake elsewhere may prevent.
	const suggestion = [result.suggestion, fromKql(wellFormed.trim())].find(
		(candidate) =>
			candidate !== undefined && candidate !== '' && !(read(candidate) instanceof QueryError),
	);
	return {
		root: wholeText(wellFormed),
		problem: {
			message: result.message,
			from: result.place.from,
			to: result.place.to,
			...(suggestion === undefined ? {} : { suggestion }),
		},
	};
}

function read(text: string): QueryNode | QueryError {
	if (text.length > MAX_QUERY_LENGTH) {
		return new QueryError(
			`A query can have ${MAX_QUERY_LENGTH.toLocaleString('en')} characters at most.`,
			{ from: MAX_QUERY_LENGTH, to: text.length },
		);
	}
	try {
		return new QueryParser(text).parse();
	} catch (error) {
		if (error instanceof QueryError) {
			return error;
		}
		throw error;
	}
}

function wholeText(text: string): QueryNode {
	const from = text.length - text.trimStart().length;
	return {
		kind: 'text',
		scope: 'message',
		test: { kind: 'contains', text: text.trim() },
		from,
		to: text.trimEnd().length,
	};
}
