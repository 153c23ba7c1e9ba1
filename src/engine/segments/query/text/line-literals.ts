import type { FieldNode, QueryContext, TextTest, ValueTest } from '#shared/query/ast.ts';
import { readDecimal } from '#shared/query/decimal.ts';
import { literalsOf } from '#shared/query/text-test.ts';
import { readTime } from '#shared/query/time-text.ts';
import { gramBits, longestSafeRun } from '../../../scan/grams.ts';
import type { Literal, Plan } from '../plan/plan.ts';

/**
 * What must stand in the bytes of a line for a test of its entry to be true. All that is no column
 * stands in its line as it was written: a key, a word of a text. What formats make anew (a traceback
 * of its frames, OTLP's `scope`) does not, and is never looked for.
 */

/** Words, of values and of keys, that a reader of Python's dicts writes in another way. */
const REWRITTEN = ['null', 'true', 'false', '-infinity', 'nan'];

/** Keys that are not those of their lines: OTLP's older name of a scope is another one. */
const MADE_KEYS = ['scope'];

/** Parts of the keys that exceptions are read from, whatever the format. */
const EXCEPTION_KEYS = ['exc', 'trace', 'stack', 'err', 'full_message', '@x', '"s"', '"s\\'];

/** Keys that stand in a line whose exception was made of parts: structlog's and zerolog's frames. */
const FRAME_KEYS = ['exc_type', 'func'];

/** Words of the lines in which such parts are put are shorter. */
const LONGER_THAN_AT = 3;

/** Looking for more words than these costs more than it saves. */
const MAX_WORDS = 4;

/** For a test of a path: the line has its keys, and the longest word that the value must have. */
export function linesOfPath(
	path: readonly string[],
	test: ValueTest,
	context: QueryContext,
): readonly Plan[] {
	const keys = path
		.map((key) => key.toLowerCase())
		.filter((key) => !/^(?:\d+|\*)$/.test(key) && !MADE_KEYS.includes(key))
		.filter((key) => !REWRITTEN.includes(key))
		.map(longestSafeRun);
	const word = longest(wordsOf(test, context).filter((part) => !isRewritten(part)));
	return [...new Set([word, ...keys])].filter((text) => text !== '').map((text) => line([text]));
}

/** For a test of an exception: the line has a key of one, and the words that it must have. */
export function linesOfException({ test }: FieldNode, context: QueryContext): readonly Plan[] {
	const words = wordsOf(test, context);
	return [...linesOfWords(words), line(EXCEPTION_KEYS)];
}

/** For text that may stand anywhere in an entry but in its columns of few values. */
export function linesOfAnything(test: TextTest): readonly Plan[] {
	const words = piecesOf(test).flatMap((piece) => piece.split(NO_WORD));
	return linesOfWords(words.filter((word) => !isRewritten(word)));
}

const NO_WORD = /[^a-z0-9_.-]+/;

function linesOfWords(words: readonly string[]): readonly Plan[] {
	return [...new Set(words)]
		.filter((word) => word.length >= LONGER_THAN_AT)
		.sort((a, b) => b.length - a.length)
		.slice(0, MAX_WORDS)
		.map((word) => line([word, ...FRAME_KEYS]));
}

/** Texts, in lower case, that a message with a match must contain in any case. */
export function piecesOf(test: TextTest): readonly string[] {
	// Beyond ASCII, what is the same in any case is not the same to all: ς is σ to some.
	// An expression that ignores case takes ſ for an s.
	const foreign = test.kind === 'regex' && test.ignoreCase ? /[^\0-rt-\x7f]+/ : /[^\0-\x7f]+/;
	return literalsOf(test)
		.flatMap((text) => text.toLowerCase().split(foreign))
		.filter((piece) => piece !== '');
}

/** The same for a test of a value; none where it is compared by what it means. */
export function piecesOfValue(test: ValueTest, context: QueryContext): readonly string[] {
	switch (test.kind) {
		case 'contains':
		case 'glob':
		case 'regex':
			return piecesOf(test);
		case 'equals':
			return piecesOf({ kind: 'contains', text: test.text });
		case 'is': {
			const isMeant =
				readDecimal(test.text) !== undefined || readTime(test.text, context) !== undefined;
			return isMeant ? [] : piecesOf({ kind: 'contains', text: test.text });
		}
		default:
			return [];
	}
}

/** A word that is part of one, too: `*nity` is. */
function isRewritten(word: string): boolean {
	return REWRITTEN.some((other) => other.includes(word));
}

function wordsOf(test: ValueTest, context: QueryContext): readonly string[] {
	return piecesOfValue(test, context).flatMap((piece) => piece.split(NO_WORD));
}

function longest(texts: readonly string[]): string {
	return texts.reduce((best, text) => (text.length > best.length ? text : best), '');
}

function line(texts: readonly string[]): Plan {
	return { kind: 'line', literals: texts.map(literal) };
}

function literal(text: string): Literal {
	const bytes = Buffer.from(text);
	return { bytes, grams: gramBits(bytes) };
}
