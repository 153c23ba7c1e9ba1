import type { Command } from './commands.ts';
import type { KeyMap } from './key-map.ts';

/** A key press, as far as it decides about a command. */
export type KeyPress = Pick<
	KeyboardEvent,
	'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'
>;

/** Where a key was pressed. */
export interface KeyPlace {
	/** The table has the focus. */
	readonly inTable: boolean;
	/** Single characters are commands there, too. */
	readonly letterKeys: boolean;
}

/**
 * A key press as it is written in the table of commands: `Ctrl+Shift+P`, `Alt+1`, `ArrowUp`, `E`.
 * Cmd stands for Ctrl; a character alone is written as it was typed, without its Shift.
 */
export function keyOf(press: KeyPress): string {
	const ctrl = press.ctrlKey || press.metaKey;
	const isCharacter = press.key.length === 1 && !ctrl && !press.altKey;
	return [
		ctrl ? 'Ctrl+' : '',
		press.altKey ? 'Alt+' : '',
		press.shiftKey && !isCharacter ? 'Shift+' : '',
		nameOf(press, isCharacter),
	].join('');
}

function nameOf({ key, code, altKey }: KeyPress, isCharacter: boolean): string {
	if (key === ' ') {
		return 'Space';
	}
	// By place: with Alt the digits write other characters on some keyboards.
	if (altKey && /^Digit\d$/.test(code)) {
		return code.slice('Digit'.length);
	}
	return isCharacter || key.length > 1 ? key : key.toUpperCase();
}

/** Whether only a key was pressed that is held while others are, or none that is known. */
export function isModifier({ key }: Pick<KeyPress, 'key'>): boolean {
	return /^(?:Shift|Control|Alt|AltGraph|Meta|CapsLock|Dead|Process|Unidentified)$/.test(key);
}

/** Whether it is a character that speech input or a screen reader may send, and no command to them. */
export function isLetterKey(key: string): boolean {
	return key.length === 1;
}

/**
 * The command of a key. Single characters act in the table only, and can be turned off: speech
 * input may send them anywhere.
 */
export function commandOf(
	press: KeyPress,
	place: KeyPlace,
	{ inTable, anywhere }: Pick<KeyMap, 'inTable' | 'anywhere'>,
): Command | undefined {
	const key = keyOf(press);
	if (place.inTable && (place.letterKeys || !isLetterKey(key))) {
		return inTable.get(key) ?? anywhere.get(key);
	}
	return anywhere.get(key);
}
