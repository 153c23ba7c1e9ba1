import type { FieldPath, ValueTest } from './ast.ts';
import { QueryError } from './query-error.ts';
import { readQuoted } from './quoted.ts';
import type { Scanner } from './scanner.ts';

type RangeTest = Extract<ValueTest, { kind: 'range' }>;

/** What an end of `a..b` begins with where a name could be meant as well: `lib..` is none. */
const END = /^(?:[-+]?\.?\d[^/\\]*|now\S*|\*|)$/;

/** Reads `[a TO b]`, `{a TO b}` or `[a..b]`, which begins here. */
export function readRange(scanner: Scanner): RangeTest {
	const from = scanner.at;
	const closing = scanner.peek() === '[' ? ']' : '}';
	scanner.at++;
	const ends: string[] = [];
	let hasTo = false;
	for (;;) {
		scanner.skipSpace();
		if (scanner.skip(closing)) {
			break;
		}
		const word = readEnd(scanner, from);
		if (word.bare && word.text === 'TO' && !hasTo) {
			hasTo = true;
			ends.length = Math.max(ends.length, 1);
		} else {
			ends[ends.length] = word.text;
		}
	}
	const withEnds = closing === ']';
	const dots = hasTo || ends.length !== 1 ? undefined : /^(.*?)\.\.(.*)$/.exec(ends[0] ?? '');
	if (dots) {
		return rangeOf(dots[1], dots[2], withEnds);
	}
	if (!hasTo || ends.length > 2) {
		const [low, high] = ends;
		throw new QueryError(
			'A range is written [low TO high], or {low TO high} without its ends.',
			{ from, to: scanner.at },
			ends.length === 2
				? `${scanner.text.slice(0, from)}[${low} TO ${high}]${scanner.text.slice(scanner.at)}`
				: undefined,
		);
	}
	return rangeOf(ends[0], ends[1], withEnds);
}

/** One end or the word TO. */
function readEnd(scanner: Scanner, from: number): { text: string; bare: boolean } {
	if (scanner.peek() === '"') {
		const quoted = readQuoted(scanner.text, scanner.at);
		if (quoted !== undefined) {
			scanner.at = quoted.to;
			return { text: quoted.value, bare: false };
		}
	}
	const word = /[^\s\]}]*/y;
	word.lastIndex = scanner.at;
	const text = word.exec(scanner.text)?.[0] ?? '';
	scanner.at += text.length;
	if (text !== '') {
		return { text, bare: true };
	}
	const opening = scanner.text.charAt(from);
	const closing = opening === '[' ? ']' : '}';
	const rest = scanner.text;
	throw scanner.atEnd
		? new QueryError(
				`This range is not closed: it ends with a ${closing} bracket.`,
				{ from, to: scanner.at },
				rest.trimEnd() + closing,
			)
		: new QueryError(
				`A range that begins with a ${opening} bracket ends with a ${closing} bracket.`,
				{ from, to: scanner.at + 1 },
				rest.slice(0, scanner.at) + closing + rest.slice(scanner.at + 1),
			);
}

/** `a..b` as the value of a field; `undefined` if the dots are part of something else. */
export function splitDots(word: string, field: FieldPath): RangeTest | undefined {
	const [whole, low = '', high = ''] = /^(.*?)\.\.(.*)$/.exec(word) ?? [];
	const isLevel = 'column' in field && field.column === 'level';
	const isEnd = (end: string) => END.test(end) || (isLevel && /^\w+$/.test(end));
	return whole === undefined || low + high === '' || !isEnd(low) || !isEnd(high)
		? undefined
		: rangeOf(low, high, true);
}

function rangeOf(low: string | undefined, high: string | undefined, withEnds: boolean): RangeTest {
	return { kind: 'range', low: endOf(low), high: endOf(high), withEnds };
}

function endOf(text: string | undefined): string | undefined {
	return text === '' || text === '*' ? undefined : text;
}
