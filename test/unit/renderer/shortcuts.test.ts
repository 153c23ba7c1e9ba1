import { describe, expect, test } from 'vitest';
import { keyMapOf } from '../../../src/renderer/lib/key-map.ts';
import { commandOf as commandOfKey, keyOf } from '../../../src/renderer/lib/shortcuts.ts';
import type { KeyPlace, KeyPress } from '../../../src/renderer/lib/shortcuts.ts';

const TABLE = { inTable: true, letterKeys: true };
const ELSEWHERE = { inTable: false, letterKeys: true };

function press(written: string): KeyPress {
	const parts = written.split('+');
	const key = parts.at(-1) ?? '';
	return {
		key,
		code: /^\d$/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`,
		ctrlKey: parts.includes('Ctrl'),
		metaKey: parts.includes('Cmd'),
		altKey: parts.includes('Alt'),
		shiftKey: parts.includes('Shift') || /^[A-Z]$/.test(key),
	};
}

function commandOf(key: KeyPress, place: KeyPlace): string | undefined {
	return commandOfKey(key, place, keyMapOf({}));
}

describe('a key', () => {
	test.each([
		['f', 'follow'],
		[' ', 'togglePause'],
		['G', 'toBottom'],
		['Home', 'toTop'],
		['e', 'nextError'],
		['E', 'previousError'],
		['?', 'showKeys'],
		['/', 'focusSearch'],
	])('%j does something in the table only', (key, command) => {
		expect(commandOf(press(key), TABLE)).toBe(command);
		expect(commandOf(press(key), ELSEWHERE)).toBeUndefined();
	});

	test.each([
		['Ctrl+l', 'focusSearch'],
		['Cmd+o', 'openFile'],
		['Ctrl+b', 'toggleSources'],
		['Ctrl+d', 'toggleDetails'],
		['Ctrl+k', 'showPalette'],
		['Ctrl+Shift+P', 'showPalette'],
		['Cmd+Shift+o', 'switchSource'],
		['Alt+1', 'fromTRACE'],
		['Alt+6', 'fromCRITICAL'],
		['Alt+0', 'anyLevel'],
		['F1', 'showKeys'],
	])('%j does something anywhere', (key, command) => {
		expect(commandOf(press(key), ELSEWHERE)).toBe(command);
		expect(commandOf(press(key), TABLE)).toBe(command);
	});

	test.each(['Ctrl+Shift+l', 'Alt+f', 'Ctrl+Alt+b', 'q', 'Tab', 'Alt+9'])(
		'%j is left to the browser',
		(key) => {
			expect(commandOf(press(key), TABLE)).toBeUndefined();
		},
	);

	test('copies in the table, and is left alone elsewhere', () => {
		expect(commandOf(press('Ctrl+c'), TABLE)).toBe('copyRow');
		expect(commandOf(press('Ctrl+c'), ELSEWHERE)).toBeUndefined();
	});

	test.each(['f', 'G', '/', '?'])('%j is no command where single characters are off', (key) => {
		expect(commandOf(press(key), { inTable: true, letterKeys: false })).toBeUndefined();
	});

	test.each(['Home', ' ', 'Enter', 'Ctrl+l', 'Alt+5', 'F1'])(
		'%j still is one where single characters are off',
		(key) => {
			expect(commandOf(press(key), { inTable: true, letterKeys: false })).toBe(
				commandOf(press(key), TABLE),
			);
		},
	);
});

test('the digits with Alt are known by their place', () => {
	expect(keyOf({ ...press('Alt+3'), key: '£' })).toBe('Alt+3');
});
