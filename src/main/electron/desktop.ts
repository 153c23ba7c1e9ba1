import { nativeTheme } from 'electron';
import type { BrowserWindow } from 'electron';
import type { HostEvents } from '#shared/api/host.ts';
import { messageOf } from '#shared/errors.ts';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import type { Settings } from '#shared/model/settings.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import type { AppFiles } from '../app-files.ts';
import type { EngineHost } from '../engine-host.ts';
import { sourceConfigOf } from '../source-of-path.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { guardStorages } from '../storages/guard-storages.ts';
import { openWindowRpc } from '../window-rpc.ts';
import { confirmStorages } from './confirm-storage.ts';
import { createHostApi, pickFiles } from './host-api.ts';
import { setMenu } from './menu.ts';
import { createWindowChannel } from './window-channel.ts';
import { createWindow } from './window.ts';

/** The desktop's side of the app: its one window and menu, and the files handed to it. */
export class Desktop {
	readonly #engine: EngineHost;
	readonly #passwords: Passwords;
	readonly #storages: readonly string[];
	readonly #app: AppFiles;
	readonly #dataFolder: string;
	/** Resolves when the engine has opened its data folder, or can't: whether it could. */
	readonly #isEngineOpen: Promise<boolean>;
	#window: BrowserWindow | undefined;
	#page: Client<HostEvents> | undefined;
	#isPageReady = false;
	#unread: string[] = [];

	constructor(options: {
		readonly engine: EngineHost;
		/** What `EngineHost.open` answered. */
		readonly engineOpened: Promise<void>;
		readonly app: AppFiles;
		readonly dataFolder: string;
		readonly passwords: Passwords;
		/** The storages of the command line. */
		readonly storages: readonly string[];
	}) {
		const { engine } = options;
		this.#engine = engine;
		this.#passwords = options.passwords;
		this.#storages = options.storages;
		this.#app = options.app;
		this.#dataFolder = options.dataFolder;
		// Why it could not be opened is told to the page when it asks for its state.
		this.#isEngineOpen = options.engineOpened.then(
			() => true,
			() => false,
		);
		engine.subscribe({
			settingsChanged: (settings) => this.#applySettings(settings),
			engineChanged: ({ up }) => {
				if (up) {
					void this.#readSettings();
				}
			},
		});
	}

	/** Shows the window, opening it if there is none. */
	show(): void {
		if (this.#window !== undefined) {
			if (this.#window.isMinimized()) {
				this.#window.restore();
			}
			this.#window.focus();
			return;
		}
		if (this.#page === undefined) {
			this.#applySettings(DEFAULT_SETTINGS);
		}
		const window = createWindow({ ...this.#app, dataFolder: this.#dataFolder });
		this.#window = window;
		this.#page = openWindowRpc(createWindowChannel(window.webContents), {
			engine: guardStorages(this.#engine.api, confirmStorages(window, this.#storages)),
			subscribe: this.#engine.subscribe.bind(this.#engine),
			host: createHostApi({
				...this.#app,
				window,
				engine: this.#engine,
				passwords: this.#passwords,
				onReady: () => this.#tellUnread(),
			}),
		});
		window.on('closed', () => {
			this.#window = undefined;
			this.#isPageReady = false;
		});
	}

	/** Opens files, folders and patterns one after the other; what can't be opened is told in the window. */
	async openFiles(paths: readonly string[]): Promise<void> {
		if (!(await this.#isEngineOpen)) {
			return; // the page says why nothing can be opened; once is enough
		}
		for (const path of paths) {
			try {
				await this.#engine.api.openSource(sourceConfigOf(path));
			} catch (error) {
				this.notify(messageOf(error));
			}
		}
	}

	/** Says a sentence in the window, as soon as there is one to say it in. */
	notify(message: string): void {
		this.#unread.push(message);
		if (this.#isPageReady) {
			this.#tellUnread();
		}
	}

	#tellUnread(): void {
		this.#isPageReady = true;
		for (const message of this.#unread) {
			this.#page?.notify({ message });
		}
		this.#unread = [];
	}

	async #readSettings(): Promise<void> {
		try {
			this.#applySettings((await this.#engine.api.getState({})).settings);
		} catch (error) {
			this.notify(`The settings can't be read: ${messageOf(error)}`);
		}
	}

	#applySettings(settings: Settings): void {
		nativeTheme.themeSource = settings.theme;
		setMenu(settings, {
			open: () => void this.#pickAndOpen(),
			openRecent: (path) => void this.openFiles([path]),
			setTheme: (theme) => void this.#changeTheme(theme),
		});
	}

	async #pickAndOpen(): Promise<void> {
		this.show();
		if (this.#window !== undefined) {
			await this.openFiles(await pickFiles(this.#window));
		}
	}

	async #changeTheme(theme: Settings['theme']): Promise<void> {
		try {
			await this.#engine.api.updateSettings({ theme });
		} catch (error) {
			this.notify(messageOf(error));
		}
	}
}
