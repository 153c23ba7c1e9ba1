import { canonicalLevel, isLevelName, knownLevels } from '#shared/model/level.ts';
import type { ValueTest } from '#shared/query/ast.ts';
import { levelMeant, severityIn } from '#shared/query/level-test.ts';
import type { TextCompiler } from './compile-text.ts';
import { allOf, ALWAYS, exactBut, exactly, NEVER, not } from './condition.ts';
import type { Condition } from './condition.ts';
import { severity, shownLevel, textColumn } from './log-table.ts';
import type { LogTable } from './log-table.ts';
import type { Parameters } from './parameters.ts';

/** What is asked of the level: `compileLevel`, in the server. */
export class LevelCompiler {
	readonly #table: LogTable;
	readonly #parameters: Parameters;
	readonly #texts: TextCompiler;

	constructor(table: LogTable, parameters: Parameters, texts: TextCompiler) {
		this.#table = table;
		this.#parameters = parameters;
		this.#texts = texts;
	}

	/** A level by its exact name in upper case. */
	named(name: string): Condition {
		return this.#oneOf([name]);
	}

	ordered(op: '<' | '<=' | '>' | '>=', bound: number): Condition {
		if (!Number.isFinite(bound)) {
			return bound < 0 === (op === '>' || op === '>=') ? ALWAYS : NEVER;
		}
		const order = severity(this.#table);
		return this.#certain(exactly(`${order} ${op} ${this.#parameters.add(bound, 'integer')}`));
	}

	test(test: ValueTest): Condition {
		switch (test.kind) {
			case 'exists':
				return ALWAYS;
			case 'null':
				return NEVER;
			case 'is':
				return this.#is(test.text);
			case 'differs':
				return not(this.#is(test.text));
			case 'equals':
				return this.#oneOf([test.text]);
			case 'compare':
				return this.ordered(test.op, severityIn(test.text));
			case 'range':
				return allOf([
					test.low === undefined
						? ALWAYS
						: this.ordered(test.withEnds ? '>=' : '>', severityIn(test.low)),
					test.high === undefined
						? ALWAYS
						: this.ordered(test.withEnds ? '<=' : '<', severityIn(test.high)),
				]);
			default:
				return this.#certain(this.#texts.like(shownLevel(this.#table), test, true));
		}
	}

	#is(text: string): Condition {
		const wanted = levelMeant(text);
		const synonyms = knownLevels()
			.map(([name]) => name)
			.filter((name) => canonicalLevel(name) === wanted);
		return this.#oneOf([...new Set([wanted, ...synonyms])]);
	}

	/**
	 * The order of known names is asked for as well: the index is on that, and has its rows by id. That
	 * the names say the same once more the planner must not take for a second reason to expect few rows:
	 * it would sort them all rather than read the newest. Of a CASE it expects nothing.
	 */
	#oneOf(names: readonly string[]): Condition {
		const clean = names.filter((name) => !name.includes('\0'));
		if (clean.length === 0) {
			return NEVER;
		}
		const level = exactly(`${shownLevel(this.#table)} = ANY (${this.#parameters.texts(clean)})`);
		const orders = new Map(knownLevels());
		const order = orders.get(clean[0] ?? '');
		const isOne = order !== undefined && clean.every((name) => orders.get(name) === order);
		return isOne && clean.every(isLevelName)
			? allOf([
					this.#certain(
						exactly(`${severity(this.#table)} = ${this.#parameters.add(order, 'integer')}`),
					),
					this.#certain(exactly(`CASE WHEN ${level.sql} THEN true ELSE false END`)),
				])
			: this.#certain(level);
	}

	/** Without ICU the server knows no capitals beyond ASCII. */
	#certain(condition: Condition): Condition {
		if (this.#table.hasIcu || condition.doubts.length > 0) {
			return condition;
		}
		const text = textColumn(this.#table, 'level');
		return exactBut(condition.sql, `octet_length(${text}) <> char_length(${text})`);
	}
}
