import { messageOf } from '#shared/errors.ts';
import type { Level } from '#shared/model/level.ts';
import { copyText } from '../lib/copy-text.ts';
import { rowText } from '../lib/row-text.ts';
import type { Command } from '../lib/shortcuts.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Does what a key says. What has to do with the focus is the caller's: `focusSearch`. */
export function runCommand(command: Exclude<Command, 'focusSearch'>, workspace: Workspace): void {
	const { view, cursor, fields, details, layout, settings } = workspace;
	switch (command) {
		case 'togglePause':
			return view.togglePause();
		case 'follow':
			return view.follow();
		case 'toNewest':
			return cursor.toNewest();
		case 'toOldest':
			return cursor.toOldest();
		case 'rowUp':
			return cursor.move(-1);
		case 'rowDown':
			return cursor.move(1);
		case 'pageUp':
			return cursor.movePages(-1);
		case 'pageDown':
			return cursor.movePages(1);
		case 'openDetails':
			if (!cursor.isVisible) {
				cursor.move(0);
			}
			return details.open();
		case 'stepBack':
			return details.isOpen ? details.close() : cursor.clear();
		case 'nextError':
			return void find(workspace, 'ERROR', 'older');
		case 'previousError':
			return void find(workspace, 'ERROR', 'newer');
		case 'nextWarning':
			return void find(workspace, 'WARNING', 'older');
		case 'previousWarning':
			return void find(workspace, 'WARNING', 'newer');
		case 'toggleTimeZone':
			return workspace.changeSettings({
				time_zone: settings.time_zone === 'utc' ? 'local' : 'utc',
			});
		case 'copyRow':
			return void copyRow(workspace);
		case 'toggleSources':
			layout.sourcesOpen = !layout.sourcesOpen;
			return;
		case 'toggleDetails':
			return details.isOpen ? details.close() : details.open();
		case 'openFile':
			return void workspace.files.ask();
		case 'showKeys':
			layout.dialog = { kind: 'keys' };
			return;
		case 'anyLevel':
			return fields.setLevel('');
		default:
			return fields.setLevel(`${command.slice('from'.length)}+`);
	}
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
