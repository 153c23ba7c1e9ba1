import type { EntryRow } from '../model/entry.ts';
import { canonicalLevel, levelOfSeverity, severityOf } from '../model/level.ts';
import type { ValueTest } from './ast.ts';
import { compileText } from './text-test.ts';

/** What a level is tested by. */
export type LevelOf = Pick<EntryRow, 'level' | 'severity'>;

/**
 * A test of the level, ready to be used many times: synonyms are the level they stand for, numbers
 * are Python's, and order is that of severity.
 */
export function compileLevel(test: ValueTest): (entry: LevelOf) => boolean {
	switch (test.kind) {
		case 'exists':
			return ({ level }) => level !== '';
		case 'null':
			return () => false;
		case 'is':
			return isLevel(test.text);
		case 'differs': {
			const is = isLevel(test.text);
			return (entry) => entry.level !== '' && !is(entry);
		}
		case 'equals':
			return ({ level }) => level === test.text;
		case 'compare': {
			const bound = severityIn(test.text);
			switch (test.op) {
				case '<':
					return ({ severity }) => severity < bound;
				case '<=':
					return ({ severity }) => severity <= bound;
				case '>':
					return ({ severity }) => severity > bound;
				case '>=':
					return ({ severity }) => severity >= bound;
			}
		}
		case 'range': {
			const low = test.low === undefined ? -Infinity : severityIn(test.low);
			const high = test.high === undefined ? Infinity : severityIn(test.high);
			return test.withEnds
				? ({ severity }) => severity >= low && severity <= high
				: ({ severity }) => severity > low && severity < high;
		}
		default: {
			const matches = compileText(test, true);
			return ({ level }) => matches(level);
		}
	}
}

function isLevel(text: string): (entry: LevelOf) => boolean {
	const wanted = levelMeant(text);
	return ({ level }) => level.toUpperCase() === wanted || canonicalLevel(level) === wanted;
}

/** The standard name of the level that a query names; one nobody knows in upper case. */
export function levelMeant(text: string): string {
	return canonicalLevel(levelNamed(text));
}

/** `30` is how Python's `logging` numbers WARNING; a number between two is a level of its own. */
function levelNamed(text: string): string {
	const name = NUMBER.test(text) ? levelOfSeverity(Number(text)) : text;
	return NUMBER.test(text) && severityOf(name) !== Number(text) ? text : name;
}

const NUMBER = /^\d{1,3}$/;

/** The order of the level that a query names, by its name or by its number. */
export function severityIn(text: string): number {
	return NUMBER.test(text) ? Number(text) : severityOf(text);
}
