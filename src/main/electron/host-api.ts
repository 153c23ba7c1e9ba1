import { homedir } from 'node:os';
import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { HostApi } from '#shared/api/host.ts';
import { completePath } from '../complete-path.ts';
import { feedInfo } from '../feeds/feed-info.ts';
import { testEndpoint } from '../feeds/test-endpoint.ts';

/** What the desktop can do for its window. */
export function createHostApi(options: {
	readonly version: string;
	readonly sample: string;
	readonly python: string;
	readonly window: BrowserWindow;
	/** The page is there and listens. */
	readonly onReady: () => void;
}): HostApi {
	return {
		getInfo: async () => {
			options.onReady();
			return {
				version: options.version,
				canPickFiles: true,
				allowedFolders: [],
				samplePath: options.sample,
				isMac: process.platform === 'darwin',
				...feedInfo(options),
			};
		},
		pickFiles: () => pickFiles(options.window),
		completePath: ({ text }) => completePath(text, homedir(), []),
		testEndpoint: ({ address }) => testEndpoint(address),
	};
}

/** Shows the native dialog; the absolute paths chosen, none if it was cancelled. */
export async function pickFiles(window: BrowserWindow): Promise<readonly string[]> {
	const { filePaths } = await dialog.showOpenDialog(window, {
		title: 'Open log files',
		properties: ['openFile', 'multiSelections'],
	});
	return filePaths;
}
