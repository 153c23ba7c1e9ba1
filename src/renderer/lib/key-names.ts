import { COMMAND_GROUPS } from './commands.ts';
import type { Command } from './commands.ts';

/** What is written on keys, where that differs from their name in the table of commands. */
const WRITTEN: Readonly<Record<string, string>> = {
	ArrowUp: '↑',
	ArrowDown: '↓',
	ArrowLeft: '←',
	ArrowRight: '→',
	PageUp: 'PgUp',
	PageDown: 'PgDn',
	Escape: 'Esc',
	Delete: 'Del',
};

/** A key as it is written on the keyboard: `Ctrl+↑`, or `⌘↑` on a Mac. */
export function keyName(key: string, isMac: boolean): string {
	const parts = key.endsWith('++') ? [...key.slice(0, -2).split('+'), '+'] : key.split('+');
	const last = key === '+' ? '+' : (parts.at(-1) ?? key);
	const modifiers = key === '+' ? '' : key.slice(0, key.length - last.length);
	const name = WRITTEN[last] ?? last;
	return isMac
		? modifiers.replace('Ctrl+', '⌘').replace('Alt+', '⌥').replace('Shift+', '⇧') + name
		: modifiers + name;
}

/** One line of the key sheet: keys by their names in the table of commands, and what they do. */
export interface KeyLine {
	/** `…` stands for those between two others. */
	readonly keys: readonly string[];
	readonly does: string;
}

/** A stretch of the key sheet. */
export interface KeySection {
	readonly title: string;
	/** They are those of commands, of which single letters may be turned off. */
	readonly ofCommands: boolean;
	readonly lines: readonly KeyLine[];
}

/** More keys than this on one line are told by the first and the last of them. */
const MAX_KEYS = 4;

/** Keys of parts of the window that see to them themselves. */
const OTHER_PLACES: readonly Omit<KeySection, 'ofCommands'>[] = [
	{
		title: 'In the query',
		lines: [
			{ keys: ['ArrowUp', 'ArrowDown'], does: 'Proposal above, proposal below' },
			{ keys: ['Tab'], does: 'Take the proposal, or the first one' },
			{ keys: ['Enter'], does: 'Ask, or take the chosen proposal' },
			{ keys: ['Escape'], does: 'Close the proposals, then go to the table' },
		],
	},
	{
		title: 'In the highlight',
		lines: [{ keys: ['Enter', 'Shift+Enter'], does: 'Next older, next newer row' }],
	},
	{
		title: 'On a value of a facet',
		lines: [
			{ keys: ['ArrowUp', 'ArrowDown'], does: 'Value above, value below' },
			{ keys: ['Enter'], does: 'Only it, or all again' },
			{ keys: ['+'], does: 'It, too' },
			{ keys: ['-', 'Delete'], does: 'Without it' },
		],
	},
	{
		title: 'In the histogram',
		lines: [
			{ keys: ['ArrowLeft', 'ArrowRight'], does: 'Bar before, bar after (with Shift: up to it)' },
			{ keys: ['Enter'], does: 'Only this stretch of time' },
			{ keys: ['Escape'], does: 'Let go of the stretch, then zoom out' },
		],
	},
	{
		title: 'On the head of a column',
		lines: [
			{ keys: ['ArrowLeft', 'ArrowRight'], does: 'Head before, head after' },
			{ keys: ['Alt+ArrowLeft', 'Alt+ArrowRight'], does: 'Column to the left, to the right' },
			{ keys: ['ArrowDown'], does: 'Its menu' },
		],
	},
	{
		title: 'On a column border',
		lines: [
			{ keys: ['ArrowLeft', 'ArrowRight'], does: 'Narrower, wider (with Shift: more)' },
			{ keys: ['ArrowUp', 'ArrowDown'], does: 'Border before, border after' },
			{ keys: ['Enter'], does: 'Width as at first' },
		],
	},
	{
		title: 'On a saved view',
		lines: [
			{ keys: ['ArrowUp', 'ArrowDown'], does: 'View above, view below' },
			{ keys: ['Alt+ArrowUp', 'Alt+ArrowDown'], does: 'Move it, and with it its key' },
			{ keys: ['F2'], does: 'Another name' },
			{ keys: ['Delete'], does: 'Delete it' },
		],
	},
	{
		title: 'In the tree of a line',
		lines: [
			{ keys: ['ArrowLeft', 'ArrowRight'], does: 'Fold, unfold' },
			{ keys: ['ArrowUp', 'ArrowDown'], does: 'Line above, line below' },
		],
	},
];

/** Every key that does something, in sections. `keysOf`: the keys each command has. */
export function keySheet(keysOf: (command: Command) => readonly string[]): readonly KeySection[] {
	const ofCommands = COMMAND_GROUPS.map(({ title, commands }) => {
		const lines = new Map<string, readonly string[]>();
		for (const { id, title: name, line = name } of commands) {
			lines.set(line, [...(lines.get(line) ?? []), ...keysOf(id)]);
		}
		return {
			title,
			ofCommands: true,
			lines: [...lines]
				.filter(([, keys]) => keys.length > 0)
				.map(([does, keys]) => ({ does, keys: shortened(keys) })),
		};
	});
	const ofPlaces = OTHER_PLACES.map((section) => ({ ...section, ofCommands: false }));
	return [...ofCommands.filter(({ lines }) => lines.length > 0), ...ofPlaces];
}

function shortened(keys: readonly string[]): readonly string[] {
	const [first, last] = [keys[0], keys.at(-1)];
	return keys.length <= MAX_KEYS || first === undefined || last === undefined
		? keys
		: [first, '…', last];
}
