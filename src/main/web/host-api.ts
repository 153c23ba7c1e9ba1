import type { HostApi } from '#shared/api/host.ts';
import { AppError } from '#shared/errors.ts';
import { completePath } from '../complete-path.ts';
import { feedInfo } from '../feeds/feed-info.ts';
import { testEndpoint } from '../feeds/test-endpoint.ts';
import type { passwordApi } from '../passwords/password-api.ts';
import type { AllowedPaths } from './allowed-paths.ts';
import type { Downloads } from './downloads.ts';

/** What the web host can do for its pages: no dialogs, paths are typed, exports are downloads. */
export function createHostApi(
	app: { readonly version: string; readonly sample: string; readonly python: string },
	allowed: AllowedPaths,
	downloads: Pick<Downloads, 'offer'>,
	passwords: ReturnType<typeof passwordApi>,
): HostApi {
	return {
		getInfo: async () => ({
			version: app.version,
			canPickFiles: false,
			allowedFolders: allowed.folders,
			samplePath: app.sample,
			isMac: process.platform === 'darwin',
			keepsPasswordsIn: 'file',
			...feedInfo(app),
		}),
		...passwords,
		pickFiles: async () => {
			throw new AppError('not-allowed', 'A browser has no file dialog here: type the path');
		},
		completePath: ({ text }) => completePath(text, allowed.folders[0] ?? '', allowed.folders),
		testEndpoint: ({ address }) => testEndpoint(address),
		exportEntries: async ({ request, name }) => ({
			kind: 'download',
			...(await downloads.offer(request, name)),
		}),
		showExport: async () => {
			throw new AppError('not-allowed', 'The browser knows where it has saved the file');
		},
	};
}
