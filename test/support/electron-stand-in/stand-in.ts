import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename, join as joinPath } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import { PageWindow } from './page-window.ts';
import { knowPathInPage } from './preload-shim.ts';
import { join } from './protocol.ts';
import type { AppHalf, MenuEntry, TestHalf } from './protocol.ts';

const root = joinPath(import.meta.dirname, '..', '..', '..');
const register = new URL('./register.ts', import.meta.url).href;

/** How to start the built desktop app on the stand-in. */
export interface StandInOptions {
	readonly context: BrowserContext;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Sees each page before anything happens in it. */
	readonly watch: (page: Page) => Promise<void>;
}

/** The built desktop app, run by plain Node; its window is a page of the context it was given. */
export class ElectronStandIn {
	readonly #child: ChildProcess;
	readonly #app;
	readonly #windows = new Map<number, Promise<PageWindow>>();
	readonly #exited: Promise<number | undefined>;
	#firstPage = pendingPage();
	#chosenFiles: (readonly string[])[] = [];
	#chosenButton: string | undefined;
	/** What message boxes said. */
	readonly boxes: string[] = [];
	/** What the app had shown in a file manager. */
	readonly shownFiles: string[] = [];
	#stderr = '';

	constructor({ context, args, cwd, env, watch }: StandInOptions) {
		this.#child = fork(joinPath(root, 'out', 'main', 'index.js'), args, {
			cwd,
			env,
			// A group of its own: killed, it takes the engine along, as a power cut does.
			detached: true,
			execArgv: ['--import', register],
			serialization: 'advanced',
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
		});
		this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
			this.#stderr += text;
		});
		this.#exited = once(this.#child, 'exit').then(([code]) => (code as number | null) ?? undefined);
		void this.#exited.then((code) =>
			this.#firstPage.reject(new Error(`The app ended with ${code}. ${this.#stderr}`)),
		);
		const testHalf: TestHalf = {
			openWindow: async (spec) => {
				const window = PageWindow.open(context, spec, this.#app, watch);
				this.#windows.set(spec.id, window);
				await window;
			},
			load: async ({ window, url }) => {
				const opened = await this.#window(window);
				await opened.load(url);
				this.#firstPage.resolve(opened.page);
			},
			reload: async ({ window }) => (await this.#window(window)).reload(),
			send: ({ window, channel, json }) => {
				void this.#windows.get(window)?.then((opened) => opened.send(channel, json));
			},
			close: async ({ window }) => {
				const opened = await this.#window(window);
				this.#windows.delete(window);
				this.#firstPage = pendingPage();
				await opened.page.close();
			},
			setColorScheme: (scheme) => {
				const colorScheme = scheme === 'system' ? null : scheme;
				for (const window of this.#windows.values()) {
					void window.then((opened) => opened.setColorScheme(colorScheme));
				}
			},
			chooseFiles: () => this.#chosenFiles.shift() ?? [],
			chooseButton: ({ message, buttons }) => {
				this.boxes.push(message);
				return this.#chosenButton ?? buttons[0] ?? '';
			},
			showFile: (path) => void this.shownFiles.push(path),
		};
		this.#app = join<AppHalf, TestHalf>(this.#child, testHalf);
	}

	/** The page in the app's window, once it is loaded. Rejects when the app ends instead. */
	page(): Promise<Page> {
		return this.#firstPage.promise;
	}

	/** What the next open or save dialog is answered with. */
	willChoose(paths: readonly string[]): void {
		this.#chosenFiles.push(paths);
	}

	/** The button that is pressed in message boxes from now on; until then it is the first one. */
	willPress(button: string): void {
		this.#chosenButton = button;
	}

	/** Lets a file dropped on the page have a path, as it has in Electron. */
	async knowPath(path: string): Promise<void> {
		await (await this.page()).evaluate(knowPathInPage, [basename(path), path] as const);
	}

	menu(): Promise<readonly MenuEntry[]> {
		return this.#app.menu();
	}

	clickMenu(...path: readonly string[]): Promise<void> {
		return this.#app.clickMenu(path);
	}

	webPreferences(): Promise<Readonly<Record<string, unknown>>> {
		return this.#app.webPreferences({ window: this.#windowId() });
	}

	/** Moves the window, as a person does. */
	setBounds(bounds: Readonly<Record<string, number>>): Promise<void> {
		return this.#app.setBounds({ window: this.#windowId(), bounds });
	}

	/** Closes the window by its own button. */
	closeWindow(): Promise<void> {
		return this.#app.closeWindow({ window: this.#windowId() });
	}

	/** Resolves with the exit code, `undefined` after a kill. */
	exited(): Promise<number | undefined> {
		return this.#exited;
	}

	/** Asks the app to quit and waits until it has. */
	async quit(): Promise<void> {
		this.#child.kill('SIGTERM');
		await this.#exited;
	}

	/** Ends the app and its engine as a power cut does. */
	async kill(): Promise<void> {
		const { pid, exitCode, signalCode } = this.#child;
		if (pid !== undefined && exitCode === null && signalCode === null) {
			process.kill(-pid, 'SIGKILL');
			await this.#exited;
		}
		for (const window of this.#windows.values()) {
			await (await window).page.close();
		}
		this.#windows.clear();
	}

	#windowId(): number {
		const [id] = this.#windows.keys();
		if (id === undefined) {
			throw new Error('The app has no window');
		}
		return id;
	}

	#window(id: number): Promise<PageWindow> {
		const window = this.#windows.get(id);
		return window ?? Promise.reject(new Error(`There is no window ${id}`));
	}
}

/** A page to come. That it never does is told to those who ask for it, if any. */
function pendingPage(): PromiseWithResolvers<Page> {
	const pending = Promise.withResolvers<Page>();
	pending.promise.catch(() => {});
	return pending;
}
