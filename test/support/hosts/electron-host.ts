import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { _electron } from 'playwright';
import type { ElectronApplication } from 'playwright';
import { findElectronProgram, plainEnv, root } from './test-host.ts';
import type { DesktopControls, StartOptions, TestHost } from './test-host.ts';

/** Starts the built desktop app in a real Electron. */
export async function startElectronHost({
	dataFolder,
	cwd,
	files,
	socketFolder,
	watch,
}: StartOptions): Promise<TestHost> {
	const executablePath = findElectronProgram() ?? '';
	const app = await _electron.launch({
		executablePath,
		args: [root, '--data', dataFolder, ...files],
		cwd,
		env: { ...plainEnv(), XDG_RUNTIME_DIR: socketFolder },
	});
	const page = await app.firstWindow();
	await watch(page);
	await page.waitForLoadState();
	return {
		page,
		desktop: controls(app, { executablePath, dataFolder, cwd }),
		stop: () => app.close(),
		kill: async () => {
			const child = app.process();
			child.kill('SIGKILL');
			await once(child, 'exit');
		},
	};
}

function controls(
	app: ElectronApplication,
	start: { readonly executablePath: string; readonly dataFolder: string; readonly cwd: string },
): DesktopControls {
	return {
		shownFiles: () =>
			app.evaluate(() => (globalThis as { shownFiles?: readonly string[] }).shownFiles ?? []),
		willPress: (button) =>
			app.evaluate(({ dialog }, label) => {
				const seen = globalThis as { messageBoxes?: string[] };
				// Electron has it with and without a window; the app always has one.
				dialog.showMessageBox = (async (
					_window: unknown,
					{ message, buttons }: { readonly message: string; readonly buttons: readonly string[] },
				) => {
					(seen.messageBoxes ??= []).push(message);
					return { response: buttons.indexOf(label), checkboxChecked: false };
				}) as typeof dialog.showMessageBox;
			}, button),
		messageBoxes: () =>
			app.evaluate(() => (globalThis as { messageBoxes?: readonly string[] }).messageBoxes ?? []),
		willChoose: (paths) =>
			app.evaluate(({ dialog, shell }, filePaths) => {
				const [filePath = ''] = filePaths;
				dialog.showOpenDialog = async () => ({ canceled: filePath === '', filePaths });
				dialog.showSaveDialog = async () => ({ canceled: filePath === '', filePath });
				const seen = globalThis as { shownFiles?: string[] };
				shell.showItemInFolder = (path) => void (seen.shownFiles ??= []).push(path);
			}, paths as string[]),
		clickMenu: (...path) =>
			app.evaluate(({ Menu }, labels) => {
				let items = Menu.getApplicationMenu()?.items ?? [];
				for (const [index, label] of labels.entries()) {
					const item = items.find((one) => one.label.replaceAll(/&(.)/g, '$1') === label);
					if (index === labels.length - 1) {
						item?.click();
					}
					items = item?.submenu?.items ?? [];
				}
			}, path),
		menuLabels: (...path) =>
			app.evaluate(({ Menu }, labels) => {
				let items = Menu.getApplicationMenu()?.items ?? [];
				for (const label of labels) {
					const item = items.find((one) => one.label.replaceAll(/&(.)/g, '$1') === label);
					items = item?.submenu?.items ?? [];
				}
				return items.map(
					(item) => (item.checked ? '*' : '') + item.label.replaceAll(/&(.)/g, '$1'),
				);
			}, path),
		webPreferences: () =>
			app.evaluate(({ BrowserWindow }) => {
				const [window] = BrowserWindow.getAllWindows();
				// Not among the documented methods, but what Electron's own checklist names.
				const contents = window?.webContents as unknown as
					{ getLastWebPreferences(): Record<string, unknown> } | undefined;
				return contents?.getLastWebPreferences() ?? {};
			}),
		setBounds: (bounds) =>
			app.evaluate(({ BrowserWindow }, wanted) => {
				BrowserWindow.getAllWindows()[0]?.setBounds(wanted);
			}, bounds),
		size: () =>
			app.evaluate(({ BrowserWindow }) => {
				const { width = 0, height = 0 } = BrowserWindow.getAllWindows()[0]?.getBounds() ?? {};
				return { width, height };
			}),
		startSecond: async (...files) => {
			const args = [root, '--data', start.dataFolder, ...files];
			const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
			const second = spawn(start.executablePath, [...sandbox, ...args], {
				cwd: start.cwd,
				env: plainEnv(),
				stdio: 'ignore',
			});
			await once(second, 'exit');
		},
		// A real drop carries its path.
		knowPath: async () => {},
	};
}
