import { DENSITY_CHOICES } from '#shared/model/settings.ts';
import type { Settings } from '#shared/model/settings.ts';
import type { Command } from '../lib/commands.ts';
import { focusHighlight, focusSearch, openColumnChooser } from '../lib/focus-places.ts';
import { saidIfCut } from './table/choose-rows.ts';
import { copyRows } from './table/copy-rows.ts';
import {
	attempt,
	compareRows,
	goToFound,
	goToLevel,
	goToMark,
	toggleContext,
	toggleMark,
	toggleOrigin,
	togglePin,
	writeNote,
} from './table/row-commands.ts';
import { askValue } from './value-actions.ts';
import { showOnlyNew } from './query/only-new.ts';
import { toggleRepeats } from './query/repeats.ts';
import type { Workspace } from './workspace.svelte.ts';

type Handlers = Readonly<Record<Command, (workspace: Workspace) => void>>;

const HANDLERS: Handlers = {
	focusSearch,
	anyLevel: ({ fields }) => fields.setLevel(''),
	fromTRACE: ({ fields }) => fields.setLevel('TRACE+'),
	fromDEBUG: ({ fields }) => fields.setLevel('DEBUG+'),
	fromINFO: ({ fields }) => fields.setLevel('INFO+'),
	fromWARNING: ({ fields }) => fields.setLevel('WARNING+'),
	fromERROR: ({ fields }) => fields.setLevel('ERROR+'),
	fromCRITICAL: ({ fields }) => fields.setLevel('CRITICAL+'),
	reset: (workspace) => workspace.reset(),
	whyNotHere: ({ layout }) => {
		layout.dialog = { kind: 'why' };
	},
	thisRun: (workspace) => attempt(workspace, workspace.tools.runs.toggleOnly()),

	rowUp: ({ cursor }) => cursor.move(-1),
	rowDown: ({ cursor }) => cursor.move(1),
	pageUp: ({ cursor }) => cursor.movePages(-1),
	pageDown: ({ cursor }) => cursor.movePages(1),
	toTop: ({ cursor }) => cursor.toTop(),
	toBottom: ({ cursor }) => cursor.toBottom(),
	toNewest: ({ cursor }) => cursor.toNewest(),
	toOldest: ({ cursor }) => cursor.toOldest(),
	nextError: (workspace) => attempt(workspace, goToLevel(workspace, 'ERROR', 'older')),
	previousError: (workspace) => attempt(workspace, goToLevel(workspace, 'ERROR', 'newer')),
	nextWarning: (workspace) => attempt(workspace, goToLevel(workspace, 'WARNING', 'older')),
	previousWarning: (workspace) => attempt(workspace, goToLevel(workspace, 'WARNING', 'newer')),
	goToTime: ({ layout }) => {
		layout.dialog = { kind: 'goToTime' };
	},
	highlight: ({ tools }) => {
		tools.highlight.open();
		focusHighlight();
	},
	nextFound: (workspace) => attempt(workspace, goToFound(workspace, 'older')),
	previousFound: (workspace) => attempt(workspace, goToFound(workspace, 'newer')),
	nextMark: (workspace) => attempt(workspace, goToMark(workspace, 'older')),
	previousMark: (workspace) => attempt(workspace, goToMark(workspace, 'newer')),
	nextOfRun: (workspace) => attempt(workspace, workspace.tools.runs.go('older')),
	previousOfRun: (workspace) => attempt(workspace, workspace.tools.runs.go('newer')),

	openDetails: ({ cursor, details }) => {
		if (!cursor.isVisible) {
			cursor.move(0);
		}
		details.open();
	},
	stepBack,
	toggleMark,
	clearMarks: ({ tools }) => tools.marks.clear(),
	writeNote,
	showContext: toggleContext,
	togglePin,
	compareRows,
	setOrigin: toggleOrigin,

	cellLeft: ({ cell }) => cell.move(-1),
	cellRight: ({ cell }) => cell.move(1),
	onlyValue: (workspace) => askValue(workspace, 'only', workspace.cell.value),
	includeValue: (workspace) => askValue(workspace, 'include', workspace.cell.value),
	excludeValue: (workspace) => askValue(workspace, 'exclude', workspace.cell.value),
	extendUp: (workspace) => void saidIfCut(workspace, workspace.selection.extend(-1)),
	extendDown: (workspace) => void saidIfCut(workspace, workspace.selection.extend(1)),
	passUp: ({ selection }) => selection.moveOnly(-1),
	passDown: ({ selection }) => selection.moveOnly(1),
	toggleRow: ({ selection }) => selection.toggleCurrent(),
	selectAll: (workspace) => void saidIfCut(workspace, workspace.selection.all()),
	copyRow: (workspace) => void copyRows(workspace, 'text'),
	copyMarkdown: (workspace) => void copyRows(workspace, 'markdown'),
	copyJson: (workspace) => void copyRows(workspace, 'json'),
	copyLines: (workspace) => void copyRows(workspace, 'lines'),

	togglePause: ({ view }) => view.togglePause(),
	follow: ({ view }) => view.follow(),
	onlyNew: showOnlyNew,
	toggleTimeZone: (workspace) =>
		workspace.changeSettings({
			time_zone: workspace.settings.time_zone === 'utc' ? 'local' : 'utc',
		}),
	cyclePrecision: (workspace) => workspace.changeSettings({ precision: nextPrecision(workspace) }),
	chooseColumns: openColumnChooser,
	turnRows: (workspace) =>
		workspace.changeSettings({ newest: workspace.settings.newest === 'top' ? 'bottom' : 'top' }),
	cycleDensity: (workspace) => workspace.changeSettings({ density: nextDensity(workspace) }),
	toggleWrap: (workspace) => workspace.changeSettings({ wrap: !workspace.settings.wrap }),
	toggleZebra: (workspace) => workspace.changeSettings({ zebra: !workspace.settings.zebra }),
	collapseRepeats: ({ query }) => toggleRepeats(query),
	toggleHistogram: (workspace) =>
		workspace.changeSettings({ histogram: !workspace.settings.histogram }),
	toggleSources: ({ layout }) => {
		layout.sourcesOpen = !layout.sourcesOpen;
	},
	toggleDetails: ({ details }) => (details.isOpen ? details.close() : details.open()),

	saveView: ({ layout }) => {
		layout.dialog = { kind: 'nameView' };
	},
	defaultView: ({ tools }) => tools.views.openDefault(),
	view1: ({ tools }) => tools.views.open(0),
	view2: ({ tools }) => tools.views.open(1),
	view3: ({ tools }) => tools.views.open(2),
	view4: ({ tools }) => tools.views.open(3),
	view5: ({ tools }) => tools.views.open(4),
	view6: ({ tools }) => tools.views.open(5),
	view7: ({ tools }) => tools.views.open(6),
	view8: ({ tools }) => tools.views.open(7),
	view9: ({ tools }) => tools.views.open(8),
	undo: ({ history, notices }) => {
		if (!history.undo()) {
			notices.remark('There is no change of the view to undo.');
		}
	},
	redo: ({ history, notices }) => {
		if (!history.redo()) {
			notices.remark('There is no change of the view to redo.');
		}
	},

	showPalette: ({ layout }) => {
		layout.dialog = { kind: 'palette' };
	},
	openFile: ({ files }) => void files.ask(),
	switchSource: ({ layout }) => {
		layout.dialog = { kind: 'palette', only: 'sources' };
	},
	addSource: ({ layout }) => {
		layout.dialog = { kind: 'addSource', way: 'files' };
	},
	listen: ({ layout }) => {
		layout.dialog = { kind: 'addSource', way: 'listen' };
	},
	connect: ({ layout }) => {
		layout.dialog = { kind: 'addSource', way: 'connect' };
	},
	export: ({ layout }) => {
		layout.dialog = { kind: 'export' };
	},
	openSettings: ({ layout }) => {
		layout.dialog = { kind: 'settings' };
	},
	changeKeys: ({ layout }) => {
		layout.dialog = { kind: 'changeKeys' };
	},
	openStorage: ({ layout }) => {
		layout.dialog = { kind: 'storage' };
	},
	toggleLetterKeys: (workspace) => {
		const letter_keys = !workspace.settings.letter_keys;
		workspace.changeSettings({ letter_keys });
		workspace.notices.remark(
			letter_keys ? 'Single letters are keys again.' : 'Single letters do nothing any more.',
		);
	},
	showKeys: ({ layout }) => {
		layout.dialog = { kind: 'keys' };
	},
};

/** Does what a key or a line of the palette says. */
export function runCommand(command: Command, workspace: Workspace): void {
	HANDLERS[command](workspace);
}

/** One step back: out of the details, the highlight, the context, then of what is chosen. */
function stepBack(workspace: Workspace): void {
	const { details, tools, context, selection, cell, origin, cursor } = workspace;
	if (details.isOpen) {
		details.close();
	} else if (tools.highlight.isOpen) {
		tools.highlight.close();
	} else if (context.isOpen) {
		context.close();
	} else if (selection.size > 0) {
		selection.clear();
	} else if (cell.index !== -1) {
		cell.clear();
	} else if (origin.isSet) {
		origin.clear();
	} else {
		cursor.clear();
	}
}

function nextDensity({ settings }: Workspace): Settings['density'] {
	const next = (DENSITY_CHOICES.indexOf(settings.density) + 1) % DENSITY_CHOICES.length;
	return DENSITY_CHOICES[next] ?? 'normal';
}

function nextPrecision({ settings }: Workspace): Settings['precision'] {
	return settings.precision === 0 ? 3 : settings.precision === 3 ? 6 : 0;
}
