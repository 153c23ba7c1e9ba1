import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { dialog, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import type { HostApi } from '#shared/api/host.ts';
import { AppError } from '#shared/errors.ts';
import { safeFileName } from '#shared/model/export.ts';
import { completePath } from '../complete-path.ts';
import type { EngineHost } from '../engine-host.ts';
import { feedInfo } from '../feeds/feed-info.ts';
import { testEndpoint } from '../feeds/test-endpoint.ts';
import { passwordApi } from '../passwords/password-api.ts';
import type { Passwords } from '../passwords/passwords.ts';

/** What the desktop can do for its window. */
export function createHostApi(options: {
	readonly version: string;
	readonly sample: string;
	readonly python: string;
	readonly window: BrowserWindow;
	readonly engine: EngineHost;
	readonly passwords: Passwords;
	/** The page is there and listens. */
	readonly onReady: () => void;
}): HostApi {
	/** Where exports went, by their ids: the page can have no other file shown. */
	const saved = new Map<number, string>();
	return {
		getInfo: async () => {
			options.onReady();
			return {
				version: options.version,
				canPickFiles: true,
				allowedFolders: [],
				samplePath: options.sample,
				isMac: process.platform === 'darwin',
				keepsPasswordsIn: await options.passwords.keepsIn(),
				...feedInfo(options),
			};
		},
		...passwordApi(options.passwords, options.engine),
		pickFiles: () => pickFiles(options.window),
		completePath: ({ text }) => completePath(text, homedir(), []),
		testEndpoint: ({ address }) => testEndpoint(address),
		exportEntries: async ({ request, name }) => {
			const path = await pickSavePath(options.window, safeFileName(name));
			if (path === undefined) {
				return { kind: 'cancelled' };
			}
			// The dialog has asked whether a file that is there may be replaced.
			const { id } = await options.engine.exports.saveExport({ request, path, overwrite: true });
			saved.set(id, path);
			return { kind: 'saving', id };
		},
		showExport: ({ id }) => showInFolder(saved.get(id)),
	};
}

/** The file manager says nothing about a file that has gone: we do. */
async function showInFolder(path: string | undefined): Promise<void> {
	if (path === undefined) {
		throw new AppError('export-failed', 'There is no such export');
	}
	try {
		await access(path);
	} catch (error) {
		throw new AppError('export-failed', `${path} is not there any more.`, { cause: error });
	}
	shell.showItemInFolder(path);
}

/** Shows the native dialog; the absolute paths chosen, none if it was cancelled. */
export async function pickFiles(window: BrowserWindow): Promise<readonly string[]> {
	const { filePaths } = await dialog.showOpenDialog(window, {
		title: 'Open log files',
		properties: ['openFile', 'multiSelections'],
	});
	return filePaths;
}

/** The folder that was saved in last. */
let lastFolder: string | undefined;

/** Shows the native dialog; `undefined` if it was cancelled. */
async function pickSavePath(window: BrowserWindow, name: string): Promise<string | undefined> {
	const { canceled, filePath } = await dialog.showSaveDialog(window, {
		title: 'Export entries',
		defaultPath: lastFolder === undefined ? name : join(lastFolder, name),
		properties: ['createDirectory', 'showOverwriteConfirmation'],
	});
	if (canceled || filePath === '') {
		return undefined;
	}
	lastFolder = dirname(filePath);
	return filePath;
}
