import { messageOf } from '#shared/errors.ts';
import type { Level } from '#shared/model/level.ts';
import type { Command } from '../lib/commands.ts';
import { copyText } from '../lib/copy-text.ts';
import { focusSearch } from '../lib/focus-places.ts';
import { rowText } from '../lib/row-text.ts';
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

	rowUp: ({ cursor }) => cursor.move(-1),
	rowDown: ({ cursor }) => cursor.move(1),
	pageUp: ({ cursor }) => cursor.movePages(-1),
	pageDown: ({ cursor }) => cursor.movePages(1),
	toNewest: ({ cursor }) => cursor.toNewest(),
	toOldest: ({ cursor }) => cursor.toOldest(),
	nextError: (workspace) => void find(workspace, 'ERROR', 'older'),
	previousError: (workspace) => void find(workspace, 'ERROR', 'newer'),
	nextWarning: (workspace) => void find(workspace, 'WARNING', 'older'),
	previousWarning: (workspace) => void find(workspace, 'WARNING', 'newer'),

	openDetails: ({ cursor, details }) => {
		if (!cursor.isVisible) {
			cursor.move(0);
		}
		details.open();
	},
	stepBack: ({ cursor, details }) => (details.isOpen ? details.close() : cursor.clear()),
	copyRow: (workspace) => void copyRow(workspace),

	togglePause: ({ view }) => view.togglePause(),
	follow: ({ view }) => view.follow(),
	toggleTimeZone: (workspace) =>
		workspace.changeSettings({
			time_zone: workspace.settings.time_zone === 'utc' ? 'local' : 'utc',
		}),
	toggleSources: ({ layout }) => {
		layout.sourcesOpen = !layout.sourcesOpen;
	},
	toggleDetails: ({ details }) => (details.isOpen ? details.close() : details.open()),

	showPalette: ({ layout }) => {
		layout.dialog = { kind: 'palette' };
	},
	openFile: ({ files }) => void files.ask(),
	switchSource: ({ layout }) => {
		layout.dialog = { kind: 'palette', only: 'sources' };
	},
	addSource: ({ files }) => files.askForPath(),
	openSettings: ({ layout }) => {
		layout.dialog = { kind: 'settings' };
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

async function find(
	workspace: Workspace,
	level: Level,
	direction: 'older' | 'newer',
): Promise<void> {
	try {
		if (!(await workspace.cursor.find(level, direction))) {
			const what = level === 'ERROR' ? 'error' : 'warning or error';
			workspace.notices.remark(`No ${direction} ${what} among the entries shown.`);
		}
	} catch (error) {
		workspace.notices.error(error);
	}
}

async function copyRow(workspace: Workspace): Promise<void> {
	const { cursor, notices, services, settings } = workspace;
	const seq = cursor.row?.seq;
	if (seq === undefined) {
		notices.remark('Choose a row first, then copy it.');
		return;
	}
	try {
		const entry = await services.engine.getEntry({ seq });
		const text = entry === undefined ? undefined : rowText(entry, settings.time_zone);
		const done = text !== undefined && (await copyText(text));
		notices.remark(done ? 'Copied the row.' : 'The row could not be copied.');
	} catch (error) {
		notices.error(new Error(`The row could not be copied: ${messageOf(error)}`));
	}
}
