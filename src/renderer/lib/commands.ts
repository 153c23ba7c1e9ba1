/** Something the app does when it is told to, by a key or in the palette. */
export interface CommandInfo {
	readonly id: string;
	/** As the palette names it. */
	readonly title: string;
	/** Keys that act while the table has the focus, as `keyOf` writes them. */
	readonly keys?: readonly string[];
	/** Keys that act wherever the focus is. */
	readonly anywhere?: readonly string[];
	/** What the key sheet says; commands that say the same share one line of it. */
	readonly line?: string;
}

const ASK = [
	{ id: 'focusSearch', title: 'Search', keys: ['/'], anywhere: ['Ctrl+L'] },
	{ id: 'anyLevel', title: 'Any level', anywhere: ['Alt+0'] },
	{
		id: 'fromTRACE',
		title: 'TRACE and above',
		anywhere: ['Alt+1'],
		line: 'TRACE … CRITICAL and above',
	},
	{
		id: 'fromDEBUG',
		title: 'DEBUG and above',
		anywhere: ['Alt+2'],
		line: 'TRACE … CRITICAL and above',
	},
	{
		id: 'fromINFO',
		title: 'INFO and above',
		anywhere: ['Alt+3'],
		line: 'TRACE … CRITICAL and above',
	},
	{
		id: 'fromWARNING',
		title: 'WARNING and above',
		anywhere: ['Alt+4'],
		line: 'TRACE … CRITICAL and above',
	},
	{
		id: 'fromERROR',
		title: 'ERROR and above',
		anywhere: ['Alt+5'],
		line: 'TRACE … CRITICAL and above',
	},
	{
		id: 'fromCRITICAL',
		title: 'CRITICAL only',
		anywhere: ['Alt+6'],
		line: 'TRACE … CRITICAL and above',
	},
	{ id: 'reset', title: 'Reset: no filter, newest entry' },
] as const satisfies readonly CommandInfo[];

const MOVE = [
	{ id: 'rowUp', title: 'Row above', keys: ['ArrowUp', 'k'], line: 'Row above, row below' },
	{ id: 'rowDown', title: 'Row below', keys: ['ArrowDown', 'j'], line: 'Row above, row below' },
	{ id: 'pageUp', title: 'A screen up', keys: ['PageUp'], line: 'A screen up, a screen down' },
	{
		id: 'pageDown',
		title: 'A screen down',
		keys: ['PageDown'],
		line: 'A screen up, a screen down',
	},
	{ id: 'toNewest', title: 'Newest entry', keys: ['Home', 'g'] },
	{ id: 'toOldest', title: 'Oldest entry', keys: ['End', 'G'] },
	{ id: 'nextError', title: 'Next older error', keys: ['e'], line: 'Next older, next newer error' },
	{
		id: 'previousError',
		title: 'Next newer error',
		keys: ['E'],
		line: 'Next older, next newer error',
	},
	{
		id: 'nextWarning',
		title: 'Next older warning or worse',
		keys: ['w'],
		line: 'Next older, next newer warning or worse',
	},
	{
		id: 'previousWarning',
		title: 'Next newer warning or worse',
		keys: ['W'],
		line: 'Next older, next newer warning or worse',
	},
] as const satisfies readonly CommandInfo[];

const ROWS = [
	{ id: 'openDetails', title: 'Open the details', keys: ['Enter'] },
	{
		id: 'stepBack',
		title: 'Step back',
		keys: ['Escape'],
		line: 'Close the details, then let go of the row',
	},
	{ id: 'copyRow', title: 'Copy the row', keys: ['c', 'Ctrl+C'] },
] as const satisfies readonly CommandInfo[];

const SHOW = [
	{ id: 'togglePause', title: 'Pause or resume', keys: ['Space'], line: 'Pause, resume' },
	{ id: 'follow', title: 'Follow what comes, also out of a pause', keys: ['f'] },
	{ id: 'toggleTimeZone', title: 'Local time or UTC', keys: ['z'], line: 'Local time, UTC' },
	{ id: 'toggleSources', title: 'Show or hide the sources', anywhere: ['Ctrl+B'] },
	{ id: 'toggleDetails', title: 'Show or hide the details', anywhere: ['Ctrl+D'] },
] as const satisfies readonly CommandInfo[];

const APP = [
	{ id: 'showPalette', title: 'All commands', anywhere: ['Ctrl+K', 'Ctrl+Shift+P'] },
	{ id: 'openFile', title: 'Open file', anywhere: ['Ctrl+O'] },
	{ id: 'switchSource', title: 'Show only one source', anywhere: ['Ctrl+Shift+O'] },
	{ id: 'addSource', title: 'Add a source: file, folder or pattern' },
	{ id: 'openSettings', title: 'Settings' },
	{ id: 'toggleLetterKeys', title: 'Single letters as keys: on or off' },
	{ id: 'showKeys', title: 'All keys', keys: ['?'], anywhere: ['F1'], line: 'This list' },
] as const satisfies readonly CommandInfo[];

/** A stretch of the key sheet. */
export interface CommandGroup {
	readonly title: string;
	readonly commands: readonly (CommandInfo & { readonly id: Command })[];
}

/** Everything there is to tell the app, in the order of the key sheet. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
	{ title: 'Move', commands: MOVE },
	{ title: 'Rows', commands: ROWS },
	{ title: 'Ask', commands: ASK },
	{ title: 'Show', commands: SHOW },
	{ title: 'App', commands: APP },
];

/** What can be told. */
export type Command = (
	| (typeof ASK)[number]
	| (typeof MOVE)[number]
	| (typeof ROWS)[number]
	| (typeof SHOW)[number]
	| (typeof APP)[number]
)['id'];

/** All commands of all groups. */
export const COMMANDS = COMMAND_GROUPS.flatMap(({ commands }) => commands);
