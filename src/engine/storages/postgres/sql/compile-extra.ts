import type { ValueTest } from '#shared/query/ast.ts';
import { readDecimal } from '#shared/query/decimal.ts';
import type { Decimal } from '#shared/query/decimal.ts';
import { asQuantity, readQuantity } from '#shared/query/quantity.ts';
import { readTime } from '#shared/query/time-text.ts';
import type { TimeContext } from '#shared/query/time-text.ts';
import { hasDigit, looksLikeTime } from './compile-text.ts';
import type { TextCompiler } from './compile-text.ts';
import { allOf, ALWAYS, exactBut, exactly, not, perhaps } from './condition.ts';
import type { Condition } from './condition.ts';
import { jsonOf, someNode } from './json-paths.ts';
import type { LogTable } from './log-table.ts';
import type { Parameters } from './parameters.ts';

/** Longer paths could mean too many things: `a.b.c` may be one key, two or three. */
const MAX_KEYS = 4;

/** Numbers beyond are compared by us. */
const MAX_EXPONENT = 1_000;

type CompareOperator = '<' | '<=' | '>' | '>=';

/** What is asked of the values inside of `extra`. */
export class ExtraCompiler {
	readonly #table: LogTable;
	readonly #parameters: Parameters;
	readonly #texts: TextCompiler;
	readonly #context: TimeContext;

	constructor(table: LogTable, parameters: Parameters, texts: TextCompiler, context: TimeContext) {
		this.#table = table;
		this.#parameters = parameters;
		this.#texts = texts;
		this.#context = context;
	}

	/** A test of what stands at a path: true if it is of one of the values there. */
	path(path: readonly string[], test: ValueTest): Condition {
		if (this.#table.columns.extra.type !== 'jsonb' || path.length > MAX_KEYS) {
			return perhaps('t.extra IS NOT NULL');
		}
		if (path.some((key) => key.includes('\0'))) {
			return perhaps('t.extra IS NOT NULL');
		}
		const some = (isIt: (value: string) => string, whole: string) =>
			someNode(jsonOf(path), path, this.#parameters, { isIt, whole });
		const isThere = exactly(some((value) => `jsonb_typeof(${value}) <> 'null'`, 'true'));
		switch (test.kind) {
			case 'exists':
				return isThere;
			case 'null':
				return exactly(some((value) => `jsonb_typeof(${value}) = 'null'`, 'false'));
			case 'differs':
				return allOf([isThere, not(this.#some(some, (value) => this.#is(value, test.text)))]);
			default: {
				const name = path.findLast((key) => !/^(?:\d+|\*)$/.test(key)) ?? '';
				return this.#some(some, (value) => this.#scalar(value, name, test));
			}
		}
	}

	/** A condition on one value, asked of all of them. */
	#some(
		some: (isIt: (value: string) => string, whole: string) => string,
		condition: (value: string) => Condition,
	): Condition {
		const { doubts } = condition('x');
		const sql = some((value) => condition(value).sql, 'false');
		return {
			sql,
			doubts: doubts.includes('true')
				? [some((value) => `jsonb_typeof(${value}) <> 'null'`, 'false')]
				: doubts.map((_, index) =>
						some((value) => condition(value).doubts[index] ?? 'false', 'false'),
					),
		};
	}

	#scalar(value: string, name: string, test: ValueTest): Condition {
		const text = textOf(value);
		switch (test.kind) {
			case 'is':
				return this.#is(value, test.text);
			case 'equals':
				return this.#texts.equals(text, test.text);
			case 'compare':
				return this.#compare(value, name, test.op, test.text);
			case 'range':
				return allOf([
					test.low === undefined
						? ALWAYS
						: this.#compare(value, name, test.withEnds ? '>=' : '>', test.low),
					test.high === undefined
						? ALWAYS
						: this.#compare(value, name, test.withEnds ? '<=' : '<', test.high),
					exactly(`jsonb_typeof(${value}) <> 'null'`),
				]);
			case 'contains':
			case 'glob':
			case 'regex':
				return allOf([exactly(`${text} IS NOT NULL`), this.#texts.like(text, test, true)]);
			default:
				return perhaps();
		}
	}

	/** `compileIs`: the whole value in any case, a number by its value, a time within its span. */
	#is(value: string, wanted: string): Condition {
		const text = textOf(value);
		const same = this.#texts.same(text, wanted);
		if (same.doubts.length > 0) {
			return same;
		}
		const number = readDecimal(wanted);
		if (number !== undefined) {
			const decimal = this.#number(number);
			return decimal === undefined
				? perhaps()
				: exactly(`(${same.sql} OR ${ofNumber(value, (own) => `${own} = ${decimal}`)})`);
		}
		const span = readTime(wanted, this.#context);
		return span === undefined || span.relative
			? same
			: exactBut(same.sql, `(${looksLikeTime(text)}) IS TRUE`);
	}

	/** `compileCompare`: of strings only those without digits are certain, the rest may be `1.5s`. */
	#compare(value: string, name: string, op: CompareOperator, wanted: string): Condition {
		const text = textOf(value);
		const isText = `jsonb_typeof(${value}) = 'string'`;
		const byLetters = this.#texts.bound(text, op, wanted);
		if (byLetters !== undefined) {
			return byLetters.doubts.length > 0
				? perhaps(isText)
				: exactly(`(${isText} AND ${byLetters.sql})`);
		}
		const quantity = readQuantity(wanted);
		const one = quantity && readQuantity('1');
		const unit = one && asQuantity(one, quantity.of, name);
		const factor = unit && this.#number(unit.value);
		const bound = quantity && this.#number(quantity.value);
		const maybeText = `(${isText} AND ${hasDigit(text)})`;
		if (factor === undefined || bound === undefined) {
			// A time: numbers may be seconds since 1970.
			return perhaps(`(${maybeText} OR jsonb_typeof(${value}) = 'number')`);
		}
		const long = `(jsonb_typeof(${value}) = 'number' AND length(${text}) > 100)`;
		return {
			sql: `(${ofNumber(value, (own) => `${own} * ${factor} ${op} ${bound}`)} OR ${maybeText} OR ${long})`,
			doubts: [maybeText, long],
		};
	}

	/** A number as SQL, if the server can be trusted with it. */
	#number({ sign, digits, exponent }: Decimal): string | undefined {
		if (Math.abs(exponent) > MAX_EXPONENT || digits.length > MAX_EXPONENT) {
			return undefined;
		}
		const text = sign === 0 ? '0' : `${sign < 0 ? '-' : ''}0.${digits}e${exponent}`;
		return this.#parameters.add(text, 'numeric');
	}
}

/** A string without its quotes, a number or a word as it is written; null for null. */
function textOf(value: string): string {
	return `(${value} #>> '{}')`;
}

function ofNumber(value: string, test: (number: string) => string): string {
	return `CASE jsonb_typeof(${value}) WHEN 'number' THEN ${test(`(${value})::numeric`)} ELSE false END`;
}
