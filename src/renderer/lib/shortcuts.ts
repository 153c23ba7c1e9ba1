import type { Level } from '#shared/model/level.ts';

/** What a key can do. */
export type Command =
	| 'focusSearch'
	| 'togglePause'
	| 'follow'
	| 'toNewest'
	| 'toOldest'
	| 'rowUp'
	| 'rowDown'
	| 'pageUp'
	| 'pageDown'
	| 'openDetails'
	| 'stepBack'
	| 'nextError'
	| 'previousError'
	| 'nextWarning'
	| 'previousWarning'
	| 'toggleTimeZone'
	| 'copyRow'
	| 'toggleSources'
	| 'toggleDetails'
	| 'openFile'
	| 'showKeys'
	| 'anyLevel'
	| `from${Level}`;

/** A key press, as far as it decides about a command. */
export type KeyPress = Pick<
	KeyboardEvent,
	'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'
>;

// Single letters act in the table only: a screen reader or speech input may send them anywhere.
const IN_TABLE = new Map<string, Command>([
	['/', 'focusSearch'],
	[' ', 'togglePause'],
	['f', 'follow'],
	['Home', 'toNewest'],
	['g', 'toNewest'],
	['End', 'toOldest'],
	['G', 'toOldest'],
	['ArrowUp', 'rowUp'],
	['k', 'rowUp'],
	['ArrowDown', 'rowDown'],
	['j', 'rowDown'],
	['PageUp', 'pageUp'],
	['PageDown', 'pageDown'],
	['Enter', 'openDetails'],
	['Escape', 'stepBack'],
	['e', 'nextError'],
	['E', 'previousError'],
	['w', 'nextWarning'],
	['W', 'previousWarning'],
	['z', 'toggleTimeZone'],
	['c', 'copyRow'],
	['?', 'showKeys'],
]);

const WITH_CTRL = new Map<string, Command>([
	['l', 'focusSearch'],
	['b', 'toggleSources'],
	['d', 'toggleDetails'],
	['o', 'openFile'],
]);

// By place: with Alt the digits write other characters on some keyboards.
const WITH_ALT = new Map<string, Command>([
	['Digit0', 'anyLevel'],
	['Digit1', 'fromDEBUG'],
	['Digit2', 'fromINFO'],
	['Digit3', 'fromWARNING'],
	['Digit4', 'fromERROR'],
	['Digit5', 'fromCRITICAL'],
]);

/** The command of a key, wherever the focus is (`inTable`: in the table). Cmd stands for Ctrl. */
export function commandOf(press: KeyPress, inTable: boolean): Command | undefined {
	const ctrl = press.ctrlKey || press.metaKey;
	if (press.key === 'F1') {
		return 'showKeys';
	}
	if (ctrl && !press.altKey && !press.shiftKey) {
		const key = press.key.toLowerCase();
		return inTable && key === 'c' ? 'copyRow' : WITH_CTRL.get(key);
	}
	if (press.altKey && !ctrl && !press.shiftKey) {
		return WITH_ALT.get(press.code);
	}
	return inTable && !ctrl && !press.altKey ? IN_TABLE.get(press.key) : undefined;
}

/** One line of the key sheet: keys as they are written on them, and what they do. */
export interface KeyLine {
	readonly keys: readonly string[];
	readonly does: string;
}

/** Everything that works, for the key sheet. */
export const KEY_SHEET: readonly { readonly title: string; readonly lines: readonly KeyLine[] }[] =
	[
		{
			title: 'Anywhere',
			lines: [
				{ keys: ['Ctrl+L'], does: 'Search' },
				{ keys: ['Ctrl+O'], does: 'Open file' },
				{ keys: ['Ctrl+B'], does: 'Show or hide the sources' },
				{ keys: ['Ctrl+D'], does: 'Show or hide the details' },
				{ keys: ['Alt+1', '…', 'Alt+5'], does: 'DEBUG … CRITICAL and above' },
				{ keys: ['Alt+0'], does: 'Any level' },
				{ keys: ['F1'], does: 'This list' },
			],
		},
		{
			title: 'On a column border',
			lines: [
				{ keys: ['←', '→'], does: 'Narrower, wider (with Shift: more)' },
				{ keys: ['↑', '↓'], does: 'Border before, border after' },
				{ keys: ['Enter'], does: 'Width as at first' },
			],
		},
		{
			title: 'In the tree of a line',
			lines: [
				{ keys: ['←', '→'], does: 'Fold, unfold' },
				{ keys: ['↑', '↓'], does: 'Line above, line below' },
			],
		},
		{
			title: 'In the table',
			lines: [
				{ keys: ['↑', '↓', 'k', 'j'], does: 'Row above, row below' },
				{ keys: ['PgUp', 'PgDn'], does: 'A screen up, a screen down' },
				{ keys: ['Home', 'g'], does: 'Newest entry' },
				{ keys: ['End', 'G'], does: 'Oldest entry' },
				{ keys: ['f'], does: 'Follow what comes, also out of a pause' },
				{ keys: ['Space'], does: 'Pause, resume' },
				{ keys: ['Enter'], does: 'Open the details' },
				{ keys: ['Esc'], does: 'Close the details, then let go of the row' },
				{ keys: ['e', 'E'], does: 'Next older, next newer error' },
				{ keys: ['w', 'W'], does: 'Next older, next newer warning or worse' },
				{ keys: ['c', 'Ctrl+C'], does: 'Copy the row' },
				{ keys: ['z'], does: 'Local time, UTC' },
				{ keys: ['/'], does: 'Search' },
				{ keys: ['?'], does: 'This list' },
			],
		},
	];
