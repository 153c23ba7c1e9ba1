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

// Lines of the key sheet that several commands share.
const LEVEL = 'TRACE … CRITICAL and above';
const FOUND = 'Next older, next newer highlighted row';
const MARKED = 'Next older, next newer mark';
const OF_RUN = 'Next older, next newer row of this run';
const CELL = 'Cell at the left, at the right';
const VALUE = 'Include, exclude the value of the cell';
const MORE = 'Choose more rows, or fewer';
const PASS = 'Row above, row below, without choosing it';
const SAVED = 'Saved view 1 … 9';

const ASK = [
	{ id: 'focusSearch', title: 'Search', keys: ['/'], anywhere: ['Ctrl+L'] },
	{ id: 'anyLevel', title: 'Any level', anywhere: ['Alt+0'] },
	{
		id: 'fromTRACE',
		title: 'TRACE and above',
		anywhere: ['Alt+1'],
		line: LEVEL,
	},
	{
		id: 'fromDEBUG',
		title: 'DEBUG and above',
		anywhere: ['Alt+2'],
		line: LEVEL,
	},
	{
		id: 'fromINFO',
		title: 'INFO and above',
		anywhere: ['Alt+3'],
		line: LEVEL,
	},
	{
		id: 'fromWARNING',
		title: 'WARNING and above',
		anywhere: ['Alt+4'],
		line: LEVEL,
	},
	{
		id: 'fromERROR',
		title: 'ERROR and above',
		anywhere: ['Alt+5'],
		line: LEVEL,
	},
	{
		id: 'fromCRITICAL',
		title: 'CRITICAL only',
		anywhere: ['Alt+6'],
		line: LEVEL,
	},
	{ id: 'reset', title: 'Reset: no filter, newest entry' },
	{ id: 'whyNotHere', title: 'Why is this row not here?' },
	{ id: 'thisRun', title: 'Show this run only, or go back', keys: ['r'] },
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
	{ id: 'toTop', title: 'Top of the table', keys: ['Home', 'g'] },
	{ id: 'toBottom', title: 'Bottom of the table', keys: ['End', 'G'] },
	{ id: 'toNewest', title: 'Newest entry' },
	{ id: 'toOldest', title: 'Oldest entry' },
] as const satisfies readonly CommandInfo[];

const FIND = [
	{ id: 'goToTime', title: 'Go to a time', keys: ['t'] },
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
	{ id: 'highlight', title: 'Highlight: find without filtering', anywhere: ['Ctrl+F'] },
	{ id: 'nextFound', title: 'Next older highlighted row', keys: ['n'], line: FOUND },
	{ id: 'previousFound', title: 'Next newer highlighted row', keys: ['N'], line: FOUND },
	{ id: 'nextMark', title: 'Next older mark', keys: ['u', ']'], line: MARKED },
	{ id: 'previousMark', title: 'Next newer mark', keys: ['U', '['], line: MARKED },
	{ id: 'nextOfRun', title: 'Next older row of this run', keys: ['o'], line: OF_RUN },
	{ id: 'previousOfRun', title: 'Next newer row of this run', keys: ['O'], line: OF_RUN },
] as const satisfies readonly CommandInfo[];

const ROWS = [
	{ id: 'openDetails', title: 'Open the details', keys: ['Enter'] },
	{
		id: 'stepBack',
		title: 'Step back',
		keys: ['Escape'],
		line: 'Close the details, the highlight, the context; then let go of rows, cell and row',
	},
	{ id: 'toggleMark', title: 'Mark the row, or take its mark away', keys: ['m'] },
	{ id: 'clearMarks', title: 'Take all marks away' },
	{ id: 'writeNote', title: 'Write a note about the row' },
	{ id: 'showContext', title: 'Show the row in context, or go back', keys: ['v'] },
	{ id: 'togglePin', title: 'Pin the row on top, or let it go', keys: ['p'] },
	{ id: 'compareRows', title: 'Compare two chosen rows', keys: ['d'] },
	{ id: 'setOrigin', title: 'Count times from this row, or from the row before', keys: ['T'] },
] as const satisfies readonly CommandInfo[];

const CHOOSE = [
	{ id: 'cellLeft', title: 'Cell at the left', keys: ['ArrowLeft'], line: CELL },
	{ id: 'cellRight', title: 'Cell at the right', keys: ['ArrowRight'], line: CELL },
	{ id: 'onlyValue', title: 'Only the value of the cell', keys: ['='] },
	{ id: 'includeValue', title: 'Include the value of the cell', keys: ['+'], line: VALUE },
	{ id: 'excludeValue', title: 'Exclude the value of the cell', keys: ['-'], line: VALUE },
	{ id: 'extendUp', title: 'Choose the row above, too', keys: ['Shift+ArrowUp'], line: MORE },
	{ id: 'extendDown', title: 'Choose the row below, too', keys: ['Shift+ArrowDown'], line: MORE },
	{ id: 'passUp', title: 'Row above, without choosing it', keys: ['Ctrl+ArrowUp'], line: PASS },
	{ id: 'passDown', title: 'Row below, without choosing it', keys: ['Ctrl+ArrowDown'], line: PASS },
	{ id: 'toggleRow', title: 'Choose this row as well, or no longer', keys: ['Ctrl+Space'] },
	{ id: 'selectAll', title: 'Choose all rows', keys: ['Ctrl+A'] },
	{ id: 'copyRow', title: 'Copy the rows', keys: ['c', 'Ctrl+C'] },
	{ id: 'copyMarkdown', title: 'Copy the rows as a Markdown table', keys: ['Ctrl+Shift+C'] },
	{ id: 'copyJson', title: 'Copy the rows as JSON' },
	{ id: 'copyLines', title: 'Copy the lines of the rows as they stand in their logs' },
] as const satisfies readonly CommandInfo[];

const SHOW = [
	{ id: 'togglePause', title: 'Pause or resume', keys: ['Space'], line: 'Pause, resume' },
	{ id: 'onlyNew', title: 'Only what is new' },
	{ id: 'follow', title: 'Follow what comes, also out of a pause', keys: ['f'] },
	{ id: 'toggleTimeZone', title: 'Local time or UTC', keys: ['z'], line: 'Local time, UTC' },
	{ id: 'cyclePrecision', title: 'Seconds, milliseconds or microseconds', keys: ['.'] },
	{ id: 'chooseColumns', title: 'Choose columns' },
	{ id: 'turnRows', title: 'Newest entries at the top, or at the bottom' },
	{ id: 'cycleDensity', title: 'Rows nearer to each other, or further apart' },
	{ id: 'toggleWrap', title: 'Wrap messages, or cut them' },
	{ id: 'toggleZebra', title: 'Shade every second row, or none' },
	{ id: 'toggleSources', title: 'Show or hide sources and facets', anywhere: ['Ctrl+B'] },
	{ id: 'collapseRepeats', title: 'Collapse repeats, or show them', keys: ['x'] },
	{ id: 'toggleHistogram', title: 'Show or hide the histogram', keys: ['i'] },
	{ id: 'toggleDetails', title: 'Show or hide the details', anywhere: ['Ctrl+D'] },
] as const satisfies readonly CommandInfo[];

const VIEWS = [
	{ id: 'saveView', title: 'Save view', anywhere: ['Ctrl+S'] },
	{ id: 'defaultView', title: 'Default view: all entries', keys: ['0'] },
	{ id: 'view1', title: 'Saved view 1', keys: ['1'], line: SAVED },
	{ id: 'view2', title: 'Saved view 2', keys: ['2'], line: SAVED },
	{ id: 'view3', title: 'Saved view 3', keys: ['3'], line: SAVED },
	{ id: 'view4', title: 'Saved view 4', keys: ['4'], line: SAVED },
	{ id: 'view5', title: 'Saved view 5', keys: ['5'], line: SAVED },
	{ id: 'view6', title: 'Saved view 6', keys: ['6'], line: SAVED },
	{ id: 'view7', title: 'Saved view 7', keys: ['7'], line: SAVED },
	{ id: 'view8', title: 'Saved view 8', keys: ['8'], line: SAVED },
	{ id: 'view9', title: 'Saved view 9', keys: ['9'], line: SAVED },
	{ id: 'undo', title: 'Undo the last change of the view', keys: ['Ctrl+Z'] },
	{ id: 'redo', title: 'Redo the change of the view', keys: ['Ctrl+Y', 'Ctrl+Shift+Z'] },
] as const satisfies readonly CommandInfo[];

const APP = [
	{ id: 'showPalette', title: 'All commands', anywhere: ['Ctrl+K', 'Ctrl+Shift+P'] },
	{ id: 'openFile', title: 'Open file', anywhere: ['Ctrl+O'] },
	{ id: 'switchSource', title: 'Show only one source', anywhere: ['Ctrl+Shift+O'] },
	{
		id: 'addSource',
		title: 'Add source: files or a running scheduler',
		keys: ['a'],
		anywhere: ['Ctrl+Shift+A'],
	},
	{ id: 'listen', title: 'Listen for schedulers: addresses and lines of Python' },
	{ id: 'connect', title: 'Connect to a scheduler' },
	{ id: 'export', title: 'Export entries', anywhere: ['Ctrl+E'] },
	{ id: 'openSettings', title: 'Settings' },
	{ id: 'changeKeys', title: 'Change keys' },
	{ id: 'openStorage', title: 'Storage: where entries are kept, and mirrors' },
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
	{ title: 'Find', commands: FIND },
	{ title: 'Rows', commands: ROWS },
	{ title: 'Choose', commands: CHOOSE },
	{ title: 'Ask', commands: ASK },
	{ title: 'Show', commands: SHOW },
	{ title: 'Views', commands: VIEWS },
	{ title: 'App', commands: APP },
];

/** What can be told. */
export type Command = (
	| (typeof ASK)[number]
	| (typeof MOVE)[number]
	| (typeof FIND)[number]
	| (typeof ROWS)[number]
	| (typeof CHOOSE)[number]
	| (typeof SHOW)[number]
	| (typeof VIEWS)[number]
	| (typeof APP)[number]
)['id'];

/** All commands of all groups. */
export const COMMANDS = COMMAND_GROUPS.flatMap(({ commands }) => commands);

/** The command that opens a saved view, counted from 0; only the first nine have one. */
export function viewCommand(index: number): Command | undefined {
	return VIEWS.find(({ id }) => id === `view${index + 1}`)?.id;
}
