import { describe, expect, test } from 'vitest';
import { commandOf, KEY_SHEET } from '../../../src/renderer/lib/shortcuts.ts';
import type { KeyPress } from '../../../src/renderer/lib/shortcuts.ts';

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

describe('a key', () => {
	test.each([
		['f', 'follow'],
		[' ', 'togglePause'],
		['G', 'toOldest'],
		['Home', 'toNewest'],
		['e', 'nextError'],
		['E', 'previousError'],
		['?', 'showKeys'],
		['/', 'focusSearch'],
	])('%j does something in the table only', (key, command) => {
		expect(commandOf(press(key), true)).toBe(command);
		expect(commandOf(press(key), false)).toBeUndefined();
	});

	test.each([
		['Ctrl+l', 'focusSearch'],
		['Cmd+o', 'openFile'],
		['Ctrl+b', 'toggleSources'],
		['Ctrl+d', 'toggleDetails'],
		['Alt+3', 'fromWARNING'],
		['Alt+0', 'anyLevel'],
		['F1', 'showKeys'],
	])('%j does something anywhere', (key, command) => {
		expect(commandOf(press(key), false)).toBe(command);
		expect(commandOf(press(key), true)).toBe(command);
	});

	test.each(['Ctrl+f', 'Ctrl+Shift+l', 'Alt+f', 'Ctrl+Alt+b', 'x', 'Tab', 'Alt+6'])(
		'%j is left to the browser',
		(key) => {
			expect(commandOf(press(key), true)).toBeUndefined();
		},
	);

	test('copies in the table, and is left alone elsewhere', () => {
		expect(commandOf(press('Ctrl+c'), true)).toBe('copyRow');
		expect(commandOf(press('Ctrl+c'), false)).toBeUndefined();
	});
});

test('the key sheet names no key that does nothing', () => {
	const names: Readonly<Record<string, string>> = {
		'↑': 'ArrowUp',
		'↓': 'ArrowDown',
		PgUp: 'PageUp',
		PgDn: 'PageDown',
		Space: ' ',
		Esc: 'Escape',
	};
	const lines = KEY_SHEET.filter(
		({ title }) => title === 'Anywhere' || title === 'In the table',
	).flatMap(({ lines: all }) => all);
	const dead = lines
		.flatMap(({ keys }) => keys)
		.filter((key) => key !== '…')
		.filter(
			(key) =>
				commandOf(press((names[key] ?? key).replace(/[A-Z]$/, lowerAfterCtrl(key))), true) ===
				undefined,
		);
	expect(dead).toEqual([]);
});

/** `Ctrl+L` is written so on the key, and pressed without Shift. */
function lowerAfterCtrl(key: string): (letter: string) => string {
	return (letter) => (key.startsWith('Ctrl+') ? letter.toLowerCase() : letter);
}
