import type { TextTest, ValueTest } from '#shared/query/ast.ts';
import { readDecimal } from '#shared/query/decimal.ts';
import { readQuantity } from '#shared/query/quantity.ts';
import { regexLiterals } from '#shared/query/regex-literals.ts';
import { timeBoundsOf } from '#shared/query/time-test.ts';
import { readTime } from '#shared/query/time-text.ts';
import type { TimeContext } from '#shared/query/time-text.ts';
import { allOf, ALWAYS, exactBut, exactly, NEVER, not, perhaps } from './condition.ts';
import type { Condition } from './condition.ts';
import { lowered } from './log-table.ts';
import type { LogTable } from './log-table.ts';
import type { Parameters } from './parameters.ts';

/** How texts are compared with what a user has written. */
export class TextCompiler {
	readonly #table: Pick<LogTable, 'hasIcu'>;
	readonly #parameters: Parameters;
	readonly #context: TimeContext;

	constructor(table: Pick<LogTable, 'hasIcu'>, parameters: Parameters, context: TimeContext) {
		this.#table = table;
		this.#parameters = parameters;
		this.#context = context;
	}

	/** A test of a column of text that has a value where `there` is true. */
	column(text: string, there: Condition, test: ValueTest): Condition {
		switch (test.kind) {
			case 'null':
				return NEVER;
			case 'exists':
				return there;
			case 'differs':
				return allOf([there, not(this.#is(text, test.text))]);
			case 'is':
				return allOf([there, this.#is(text, test.text)]);
			case 'equals':
				return allOf([there, this.equals(text, test.text)]);
			case 'compare':
			case 'range':
				return allOf([there, this.#order(text, test)]);
			default:
				return allOf([there, this.like(text, test, true)]);
		}
	}

	/** Whether it contains something or looks like it; `whole` as in `compileText`. */
	like(text: string, test: TextTest, whole: boolean): Condition {
		switch (test.kind) {
			case 'contains':
				return this.#pattern(text, `%${escaped(test.text.toLowerCase())}%`, test.text);
			case 'glob': {
				const pattern = escaped(test.pattern.toLowerCase())
					.replaceAll(/\*+/g, '%')
					.replaceAll('?', '_');
				return this.#pattern(text, whole ? pattern : `%${pattern}%`, test.pattern);
			}
			case 'regex': {
				const certain = plainPieces(regexLiterals(test.source), test.ignoreCase);
				return certain.length === 0
					? perhaps()
					: perhaps(this.#isLike(text, `%${certain.map(escaped).join('%')}%`));
			}
		}
	}

	equals(text: string, wanted: string): Condition {
		return wanted.includes('\0') ? NEVER : exactly(`${text} = ${this.#parameters.text(wanted)}`);
	}

	/** The same in any case. */
	same(text: string, wanted: string): Condition {
		if (wanted.includes('\0')) {
			return NEVER;
		}
		return this.isFoldable(wanted)
			? exactly(`${lowered(this.#table, text)} = ${this.#parameters.text(wanted.toLowerCase())}`)
			: perhaps();
	}

	/** Whether the server puts this text into lower case as we do, wherever it stands. */
	isFoldable(text: string): boolean {
		return Array.from(text).every((character) => {
			const code = character.codePointAt(0) ?? 0;
			if (code < 0x80 || !this.#table.hasIcu) {
				return code < 0x80;
			}
			// Letters that came to Unicode lately may be unknown to one of the two.
			return code < 0x590 || character.toLowerCase() === character.toUpperCase();
		});
	}

	#is(text: string, wanted: string): Condition {
		const same = this.same(text, wanted);
		const span = readDecimal(wanted) === undefined ? readTime(wanted, this.#context) : undefined;
		if (span === undefined || span.relative || same.doubts.length > 0) {
			return same;
		}
		return exactBut(same.sql, looksLikeTime(text));
	}

	#order(text: string, test: ValueTest & { readonly kind: 'compare' | 'range' }): Condition {
		if (test.kind === 'compare') {
			return this.bound(text, test.op, test.text) ?? perhaps(hasDigit(text));
		}
		const ends = [
			[test.withEnds ? '>=' : '>', test.low],
			[test.withEnds ? '<=' : '<', test.high],
		] as const;
		return allOf(
			ends.map(([op, end]) =>
				end === undefined ? ALWAYS : (this.bound(text, op, end) ?? perhaps(hasDigit(text))),
			),
		);
	}

	/** By the order of letters; `undefined` where a number, a quantity or a time is asked for. */
	bound(text: string, op: '<' | '<=' | '>' | '>=', wanted: string): Condition | undefined {
		const bounds = timeBoundsOf({ kind: 'compare', op, text: wanted }, this.#context);
		if (readQuantity(wanted) !== undefined || bounds !== undefined) {
			return undefined;
		}
		// JavaScript orders by UTF-16 units, PostgreSQL by characters: they differ from here on.
		if (!this.isFoldable(wanted) || /[\0\ud800-\uffff]/.test(wanted) || !this.#table.hasIcu) {
			return perhaps();
		}
		const lower = this.#parameters.text(wanted.toLowerCase());
		return exactly(`${lowered(this.#table, text)} COLLATE "C" ${op} ${lower} COLLATE "C"`);
	}

	#pattern(text: string, pattern: string, wanted: string): Condition {
		if (wanted.includes('\0')) {
			return NEVER;
		}
		if (pattern.replaceAll('%', '') === '') {
			return exactly(`${text} IS NOT NULL`);
		}
		return this.isFoldable(wanted) ? exactly(this.#isLike(text, pattern)) : perhaps();
	}

	#isLike(text: string, pattern: string): string {
		return `${lowered(this.#table, text)} LIKE ${this.#parameters.text(pattern)}`;
	}
}

/** Where a text may be one that `momentOf` reads. */
export function looksLikeTime(text: string): string {
	return `${text} ~ '^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{9})'`;
}

/** Where a text may be a number, a quantity or a time. */
export function hasDigit(text: string): string {
	return `${text} ~ '[0-9]'`;
}

/** As a part of a pattern of LIKE. */
function escaped(text: string): string {
	return text.replaceAll(/[\\%_]/g, '\\$&');
}

/**
 * What a text in lower case has, in this order, of the literals of an expression: their pieces of
 * ASCII. An expression that ignores case takes `ſ` for an `s` and the Kelvin sign for a `k`.
 */
function plainPieces(literals: readonly string[], ignoreCase: boolean): readonly string[] {
	const border = ignoreCase ? /[^\u0001-\u007f]+|[ks]/i : /[^\u0001-\u007f]+/;
	return literals
		.flatMap((literal) => literal.split(border))
		.filter((piece) => piece !== '')
		.map((piece) => piece.toLowerCase());
}
