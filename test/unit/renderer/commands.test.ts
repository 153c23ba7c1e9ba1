import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/renderer/lib/commands.ts';
import { keyMapOf } from '../../../src/renderer/lib/key-map.ts';
import { keyName, keySheet } from '../../../src/renderer/lib/key-names.ts';
import { matchWords } from '../../../src/renderer/lib/match-words.ts';

/** Those that are there more than once. */
function doubles(values: readonly string[]): readonly string[] {
	return values.filter((value, index) => values.indexOf(value) !== index);
}

describe('the table of commands', () => {
	test('gives no key to two commands', () => {
		const inTable = COMMANDS.flatMap(({ keys = [], anywhere = [] }) => [...keys, ...anywhere]);
		expect(doubles(inTable)).toEqual([]);
	});

	test('has no two commands of one name', () => {
		expect(doubles(COMMANDS.map(({ id }) => id))).toEqual([]);
		expect(doubles(COMMANDS.map(({ title }) => title))).toEqual([]);
	});

	test('has single characters act in the table only', () => {
		const anywhere = COMMANDS.flatMap(({ anywhere: keys = [] }) => keys);
		expect(anywhere.filter((key) => !/^(?:Ctrl|Alt)\+|^F\d+$/.test(key))).toEqual([]);
	});
});

describe('the key sheet', () => {
	test('names every key of every command, or the first and the last of many', () => {
		const { keys: keysOf } = keyMapOf({});
		const sheet = keySheet((command) => keysOf.get(command) ?? []);
		const named = sheet.flatMap(({ lines }) => lines).flatMap(({ keys }) => keys);
		const missing = COMMANDS.flatMap(({ keys = [], anywhere = [] }) => [...keys, ...anywhere])
			.filter((key) => !named.includes(key))
			.filter((key) => !/^(?:Alt\+)?[2-8]$/.test(key) && key !== 'Alt+5');
		expect(missing).toEqual([]);
	});

	test('tells the keys of parts that see to them themselves, which are on at all times', () => {
		const sheet = keySheet(() => []);
		expect(sheet.map(({ title, ofCommands }) => [title, ofCommands])).toEqual(
			[
				'In the query',
				'In the highlight',
				'On a value of a facet',
				'In the histogram',
				'On the head of a column',
				'On a column border',
				'On a saved view',
				'In the tree of a line',
			].map((title) => [title, false]),
		);
		for (const { title, lines } of sheet) {
			expect([title, new Set(lines.map(({ does }) => does)).size]).toEqual([title, lines.length]);
		}
	});

	test.each([
		['Ctrl+ArrowUp', 'Ctrl+↑', '⌘↑'],
		['Ctrl+Shift+P', 'Ctrl+Shift+P', '⌘⇧P'],
		['Alt+1', 'Alt+1', '⌥1'],
		['+', '+', '+'],
		['Escape', 'Esc', 'Esc'],
	])('writes %s as %s, on a Mac as %s', (key, elsewhere, mac) => {
		expect([keyName(key, false), keyName(key, true)]).toEqual([elsewhere, mac]);
	});
});

describe('words of the palette', () => {
	test('are found in any case and order', () => {
		expect(matchWords('ERROR older', 'Next older error')).toBeGreaterThan(0);
	});

	test('fit better at the beginning than inside, and as a piece than scattered', () => {
		const scores = ['Pause or resume', 'Local pause', 'Unpaused', 'Put a useful one'].map((text) =>
			matchWords('pau', text),
		);
		expect(scores).toEqual(scores.toSorted((a, b) => (b ?? 0) - (a ?? 0)));
		expect(new Set(scores).size).toBe(4);
	});

	test('all have to be found', () => {
		expect(matchWords('pause xyz', 'Pause or resume')).toBeUndefined();
	});

	test('that are none fit everything alike', () => {
		expect(matchWords('  ', 'Pause')).toBe(0);
	});
});
