import { homedir } from 'node:os';
import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { AppError } from '#shared/errors.ts';
import type { PathAddress, StorageGuard } from '../storages/guard-storages.ts';

/** Asks the user, in a dialog that no page can answer, before a module is run or a file written. */
export function confirmStorages(window: BrowserWindow, named: readonly string[]): StorageGuard {
	/** What was confirmed in this window, so that it is asked once. */
	const confirmed = new Set<string>();
	return {
		base: homedir(),
		named,
		permit: async ({ kind, path }) => {
			if (!confirmed.has(`${kind}:${path}`)) {
				await confirm(window, kind, path);
				confirmed.add(`${kind}:${path}`);
			}
			return path;
		},
	};
}

async function confirm(
	window: BrowserWindow,
	kind: PathAddress['kind'],
	path: string,
): Promise<void> {
	const isModule = kind === 'custom';
	const { response } = await dialog.showMessageBox(window, {
		type: isModule ? 'warning' : 'question',
		title: 'AsyncZ Companion',
		message: isModule ? `Run the module ${path}?` : `Keep log entries in ${path}?`,
		detail: isModule
			? 'It is a program and can do whatever you can. Run only what you know.'
			: 'Entries are added to this file, which is made if it is not there.',
		buttons: ['Cancel', isModule ? 'Run it' : 'Use it'],
		defaultId: isModule ? 0 : 1,
		cancelId: 0,
		noLink: true,
	});
	if (response !== 1) {
		throw new AppError('not-allowed', `${path} is not used: you have not confirmed it.`);
	}
}
