import type { BrowserContext } from 'playwright';
import type { MenuEntry } from '../electron-stand-in/protocol.ts';
import { ElectronStandIn } from '../electron-stand-in/stand-in.ts';
import type { StartOptions, TestHost } from './test-host.ts';

/** Starts the built desktop app on the stand-in; its window is a page of `context`. */
export async function startStandInHost(
	context: BrowserContext,
	{ dataFolder, cwd, files, socketFolder, watch }: StartOptions,
): Promise<TestHost> {
	const start = (more: readonly string[]): ElectronStandIn =>
		new ElectronStandIn({
			context,
			args: ['--data', dataFolder, ...more],
			cwd,
			env: { ...process.env, XDG_RUNTIME_DIR: socketFolder },
			watch,
		});
	const app = start(files);
	const page = await app.page();
	return {
		page,
		desktop: {
			willChoose: async (paths) => app.willChoose(paths),
			willPress: async (button) => app.willPress(button),
			messageBoxes: async () => app.boxes,
			shownFiles: async () => app.shownFiles,
			clickMenu: (...path) => app.clickMenu(...path),
			menuLabels: async (...path) => labelsBelow(await app.menu(), path),
			webPreferences: () => app.webPreferences(),
			setBounds: (bounds) => app.setBounds(bounds),
			size: async () => page.viewportSize() ?? { width: 0, height: 0 },
			startSecond: async (...more) => {
				await start(more).exited();
			},
			knowPath: (path) => app.knowPath(path),
		},
		stop: () => app.quit(),
		kill: () => app.kill(),
	};
}

function labelsBelow(entries: readonly MenuEntry[], path: readonly string[]): readonly string[] {
	const [label, ...rest] = path;
	return label === undefined
		? entries.map((entry) => (entry.checked ? `*${entry.label}` : entry.label))
		: labelsBelow(entries.find((entry) => entry.label === label)?.submenu ?? [], rest);
}
