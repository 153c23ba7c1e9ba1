import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { emitPreventable } from './emitter.ts';
import { link } from './link.ts';
import type { PageMessage } from './protocol.ts';

interface Options {
	readonly width: number;
	readonly height: number;
	readonly x?: number;
	readonly y?: number;
	readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string };
}

type OpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

/** Plays `ipcMain`. */
export const ipcMain = new EventEmitter();

class WebContents extends EventEmitter {
	readonly id: number;
	readonly mainFrame = { url: '' };
	#isDestroyed = false;
	#openHandler: OpenHandler = () => ({ action: 'allow' });

	constructor(id: number) {
		super();
		this.id = id;
	}

	send(channel: string, ...args: unknown[]): void {
		void link.send({ window: this.id, channel, json: JSON.stringify(args) });
	}

	getURL(): string {
		return this.mainFrame.url;
	}

	isDestroyed(): boolean {
		return this.#isDestroyed;
	}

	setWindowOpenHandler(handler: OpenHandler): void {
		this.#openHandler = handler;
	}

	mayOpenWindow(url: string): boolean {
		return this.#openHandler({ url }).action === 'allow';
	}

	/** A message the page sent. */
	receive({ isMainFrame, url, channel, json }: PageMessage): void {
		if (isMainFrame) {
			this.mainFrame.url = url;
		}
		const senderFrame = isMainFrame ? this.mainFrame : { url };
		ipcMain.emit(channel, { sender: this, senderFrame }, ...(JSON.parse(json) as unknown[]));
	}

	destroy(): void {
		this.#isDestroyed = true;
		this.emit('destroyed');
	}
}

/** Plays `BrowserWindow`: the window itself is a page the test owns. */
export class BrowserWindow extends EventEmitter {
	static readonly #all = new Map<number, BrowserWindow>();
	static #nextId = 1;

	readonly id = BrowserWindow.#nextId++;
	readonly webContents = new WebContents(this.id);
	readonly webPreferences: Readonly<Record<string, unknown>>;
	#bounds: Readonly<Record<string, number>>;
	#isMaximized = false;
	#isClosing = false;

	constructor(options: Options) {
		super();
		const { x = 0, y = 0, width, height, webPreferences } = options;
		this.#bounds = { x, y, width, height };
		this.webPreferences = { ...webPreferences, sandbox: app.isSandboxEnabled };
		BrowserWindow.#all.set(this.id, this);
		app.emit('web-contents-created', {}, this.webContents);
		void link.openWindow({ id: this.id, width, height, preload: webPreferences.preload });
	}

	static getAllWindows(): BrowserWindow[] {
		return [...BrowserWindow.#all.values()];
	}

	static byId(id: number): BrowserWindow | undefined {
		return BrowserWindow.#all.get(id);
	}

	async loadURL(url: string): Promise<void> {
		this.webContents.mainFrame.url = url;
		await link.load({ window: this.id, url });
	}

	reload(): void {
		void link.reload({ window: this.id });
	}

	/** Asks as Electron does, then closes; answers whether it may. */
	async requestClose(): Promise<boolean> {
		if (!this.#isClosing && emitPreventable(this, 'close')) {
			this.#isClosing = true;
			await link.close({ window: this.id });
			BrowserWindow.#all.delete(this.id);
			this.webContents.destroy();
			this.emit('closed');
			if (BrowserWindow.#all.size === 0) {
				app.emit('window-all-closed');
			}
		}
		return this.#isClosing;
	}

	close(): void {
		void this.requestClose();
	}

	show(): void {}

	focus(): void {
		this.emit('focus');
	}

	restore(): void {}

	isMinimized(): boolean {
		return false;
	}

	maximize(): void {
		this.#isMaximized = true;
	}

	isMaximized(): boolean {
		return this.#isMaximized;
	}

	setBounds(bounds: Readonly<Record<string, number>>): void {
		this.#bounds = { ...this.#bounds, ...bounds };
	}

	getNormalBounds(): Readonly<Record<string, number>> {
		return this.#bounds;
	}
}

app.closeWindows = async () => {
	const answers = await Promise.all(
		BrowserWindow.getAllWindows().map((window) => window.requestClose()),
	);
	return answers.every(Boolean);
};
