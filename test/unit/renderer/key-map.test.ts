import { describe, expect, test } from 'vitest';
import {
	giveKey,
	isOwn,
	keyMapOf,
	ownerOf,
	resetKeys,
	takeKey,
	whyNotGiven,
} from '../../../src/renderer/lib/key-map.ts';
import type { OwnKeys } from '../../../src/renderer/lib/key-map.ts';
import { commandOf } from '../../../src/renderer/lib/shortcuts.ts';

const NO_MODIFIERS = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

/** The command of a key without modifiers, in the table or elsewhere. */
function pressed(own: OwnKeys, key: string, inTable: boolean): string | undefined {
	const press = { ...NO_MODIFIERS, key, code: '' };
	return commandOf(press, { inTable, letterKeys: true }, keyMapOf(own));
}

describe('keys of a user', () => {
	test('stand beside or instead of a command’s own', () => {
		const both = giveKey({}, 'follow', 'F8');
		expect(both).toEqual({ follow: ['f', 'F8'] });
		const only = takeKey(both, 'follow', 'f');
		expect(only).toEqual({ follow: ['F8'] });
		expect([pressed(only, 'F8', true), pressed(only, 'f', true)]).toEqual(['follow', undefined]);
		expect(takeKey(only, 'follow', 'F8')).toEqual({ follow: [] });
	});

	test('are taken from the command that had them', () => {
		const own = giveKey({}, 'follow', 'e');
		expect(own).toEqual({ follow: ['f', 'e'], nextError: [] });
		expect(ownerOf(own, 'e')).toBe('follow');
		expect(keyMapOf(own).keys.get('nextError')).toEqual([]);
	});

	test('that are a command’s own again are nothing of the user’s', () => {
		const own = takeKey(giveKey({}, 'follow', 'F8'), 'follow', 'F8');
		expect([own, isOwn(own, 'follow')]).toEqual([{}, false]);
	});

	test('are reset, also where another command has got one meanwhile', () => {
		const own = giveKey({}, 'follow', 'e');
		expect(resetKeys(own, 'nextError')).toEqual({});
		expect(resetKeys(giveKey(own, 'follow', 'F8'), 'nextError')).toEqual({ follow: ['f', 'F8'] });
	});

	test('win over a command’s own, whatever was written into the settings', () => {
		const own = { follow: ['e'], compareRows: ['e'], nobody: ['e'] };
		expect([...keyMapOf(own).keys].filter(([, keys]) => keys.includes('e'))).toHaveLength(1);
		expect(['follow', 'compareRows']).toContain(pressed(own, 'e', true));
	});
});

describe('where a key of the user acts', () => {
	test.each([
		['export', 'F8', 'F8', true],
		['export', 'q', 'q', false],
		['follow', 'F8', 'F8', false],
	] as const)('%s, %s', (command, key, press, isAnywhere) => {
		const own = giveKey({}, command, key);
		expect(pressed(own, press, true)).toBe(command);
		expect(pressed(own, press, false)).toBe(isAnywhere ? command : undefined);
	});

	test('what edits text does so in a text field', () => {
		const { anywhere, inTable } = keyMapOf(giveKey({}, 'export', 'Ctrl+V'));
		expect([anywhere.get('Ctrl+V'), inTable.get('Ctrl+V')]).toEqual([undefined, 'export']);
	});
});

test('keys by which people get on can be given to no command', () => {
	expect(['Tab', 'Shift+Tab', 'Escape'].map(whyNotGiven)).not.toContain(undefined);
	expect(['Ctrl+J', '+', 'Ctrl++', 'Alt+Enter', 'q'].map(whyNotGiven)).toEqual(
		Array.from({ length: 5 }),
	);
});
