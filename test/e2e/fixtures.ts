import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from 'playwright/test';
import type { BrowserContext, Page } from 'playwright/test';
import { startElectronHost } from '../support/hosts/electron-host.ts';
import { startStandInHost } from '../support/hosts/stand-in-host.ts';
import type {
	DesktopControls,
	HostKind,
	StartOptions,
	TestHost,
} from '../support/hosts/test-host.ts';
import { startWebHost } from '../support/hosts/web-host.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';

/** The app under test, the same in every host; each test has one of its own, with its own data. */
export class App {
	readonly hostKind: HostKind;
	/** Where files to be opened go: the host's current folder. */
	readonly folder: string;
	readonly dataFolder: string;
	/** The user's private folder for sockets. */
	readonly socketFolder: string;
	readonly #context: BrowserContext;
	#host: TestHost | undefined;
	#isUp = false;
	#problems: string[] = [];

	constructor(hostKind: HostKind, context: BrowserContext, folder: string) {
		this.hostKind = hostKind;
		this.#context = context;
		this.folder = join(folder, 'logs');
		this.dataFolder = join(folder, 'data');
		this.socketFolder = join(folder, 'sockets');
		mkdirSync(this.folder);
		mkdirSync(this.socketFolder, { mode: 0o700 });
	}

	/** The page of the running app. */
	get page(): Page {
		return this.#running().page;
	}

	/** The menu, dialogs and window of a desktop host. Throws in the web host, which has none. */
	get desktop(): DesktopControls {
		const { desktop } = this.#running();
		if (desktop === undefined) {
			throw new Error('The web host is no desktop');
		}
		return desktop;
	}

	/** Starts the app with files on its command line; the page is loaded when this resolves. */
	async start(...files: readonly string[]): Promise<Page> {
		const options: StartOptions = {
			dataFolder: this.dataFolder,
			cwd: this.folder,
			files,
			socketFolder: this.socketFolder,
			watch: async (page) => this.#watch(page),
		};
		this.#isUp = true;
		this.#host = await this.#startHost(options);
		return this.#host.page;
	}

	/** Ends the app as a person does. */
	async stop(): Promise<void> {
		this.#isUp = false;
		await this.#host?.stop();
		this.#host = undefined;
	}

	/** Ends the app and its engine as a power cut does. */
	async kill(): Promise<void> {
		this.#isUp = false;
		await this.#host?.kill();
	}

	/** Ends the app as a person does, and starts it again. */
	async restart(...files: readonly string[]): Promise<Page> {
		await this.stop();
		return this.start(...files);
	}

	/** Opens a file as a person does: by the dialog of the desktop, by typing its path in a browser. */
	async openFile(path: string): Promise<void> {
		const { page, desktop } = this.#running();
		await desktop?.willChoose([path]);
		await page.getByRole('button', { name: 'Open file' }).first().click();
		if (desktop === undefined) {
			await this.#typePath(page, 'Open a log', path);
		}
	}

	/** Opens a file, a folder or a pattern by typing its path, which every host has a dialog for. */
	async openPath(path: string): Promise<void> {
		const { page } = this.#running();
		await page.getByRole('button', { name: 'Add source' }).click();
		await this.#typePath(page, 'Add source', path);
	}

	/** Drops a file on the middle of the page, as from a file manager. */
	async drop(path: string): Promise<void> {
		const { page, desktop } = this.#running();
		await desktop?.knowPath(path);
		const session = await page.context().newCDPSession(page);
		const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
		const seen = await page.evaluateHandle(() => {
			const drops = { count: 0 };
			window.addEventListener('drop', () => drops.count++, { capture: true });
			return drops;
		});
		// A drop before the page has answered the drag over it is none: tried until it is one.
		await expect(async () => {
			for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
				await session.send('Input.dispatchDragEvent', {
					type,
					x: width / 2,
					y: height / 2,
					data: { items: [], files: [path], dragOperationsMask: 1 },
				});
			}
			expect(await seen.evaluate(({ count }) => count)).toBeGreaterThan(0);
		}).toPass();
		await session.detach();
	}

	/** The errors the pages reported so far. Those not taken here fail the test at its end. */
	takeProblems(): readonly string[] {
		const problems = this.#problems;
		this.#problems = [];
		return problems;
	}

	async #typePath(page: Page, title: string, path: string): Promise<void> {
		const dialog = page.getByRole('dialog', { name: title });
		await dialog.getByRole('combobox', { name: 'File, folder or pattern' }).fill(path);
		await dialog.getByRole('button', { name: 'Open', exact: true }).click();
	}

	#startHost(options: StartOptions): Promise<TestHost> {
		switch (this.hostKind) {
			case 'web':
				return startWebHost(this.#context, options);
			case 'electron-stand-in':
				return startStandInHost(this.#context, options);
			case 'electron':
				return startElectronHost(options);
		}
	}

	#running(): TestHost {
		if (this.#host === undefined) {
			throw new Error('The app is not running: call `start` first');
		}
		return this.#host;
	}

	#watch(page: Page): void {
		page.on('pageerror', (error) => this.#problems.push(String(error)));
		page.on('console', (message) => {
			// A host that was ended cannot be reached: that is what the test is about then.
			const isExpected = !this.#isUp && /WebSocket|Failed to load/.test(message.text());
			if (message.type() === 'error' && !isExpected) {
				this.#problems.push(message.text());
			}
		});
	}
}

interface Fixtures {
	/** The host these tests run in; set by the project. */
	hostKind: HostKind;
	app: App;
}

/** Playwright's `test` with the app: not started yet, stopped and cleaned up at the end. */
export const test = base.extend<Fixtures>({
	hostKind: ['web', { option: true }],
	app: async ({ hostKind, context }, use) => {
		const folder = makeTempFolder();
		const app = new App(hostKind, context, folder);
		await use(app);
		await app.kill();
		removeFolder(folder);
		expect(app.takeProblems(), 'errors reported by the page').toEqual([]);
	},
});

export { expect };
