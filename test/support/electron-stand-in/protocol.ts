/**
 * What the two halves of the stand-in say to each other. The app's half runs in the process of the
 * built bundle and plays the module `electron`; the test's half owns the real browser page that
 * plays the window.
 */
import { createBirpc } from 'birpc';
import type { BirpcReturn } from 'birpc';

/** A request of the page, as the app's half sees it. */
export interface PageRequest {
	readonly url: string;
	readonly method: string;
}

/** The app's answer to a request; `undefined` when it was cancelled. */
export type PageResponse =
	| {
			readonly status: number;
			readonly headers: Readonly<Record<string, string>>;
			readonly body: Uint8Array;
	  }
	| undefined;

/** A message a page sent with `ipcRenderer.send`. */
export interface PageMessage {
	readonly window: number;
	readonly isMainFrame: boolean;
	readonly url: string;
	readonly channel: string;
	/** The arguments, as JSON. */
	readonly json: string;
}

/** An entry of the application's menu. */
export interface MenuEntry {
	readonly label: string;
	readonly type: string;
	readonly enabled: boolean;
	readonly checked: boolean;
	readonly submenu: readonly MenuEntry[];
}

/** How a window was made. */
export interface WindowSpec {
	readonly id: number;
	readonly width: number;
	readonly height: number;
	readonly preload: string;
}

/** What the test's half asks of the app's. */
export interface AppHalf {
	request(request: PageRequest): Promise<PageResponse>;
	message(message: PageMessage): void;
	mayNavigate(params: { window: number; url: string; isMainFrame: boolean }): boolean;
	mayOpenWindow(params: { window: number; url: string }): boolean;
	/** Which of Electron's permissions the page has. */
	permissions(params: { window: number; names: readonly string[] }): readonly string[];
	/** What the app set for the window's page. */
	webPreferences(params: { window: number }): Readonly<Record<string, unknown>>;
	loaded(params: { window: number }): void;
	/** As a person does by the window's own button. */
	closeWindow(params: { window: number }): void;
	/** As a person does with the mouse. */
	setBounds(params: { window: number; bounds: Readonly<Record<string, number>> }): void;
	menu(): readonly MenuEntry[];
	clickMenu(path: readonly string[]): void;
}

/** What the app's half asks of the test's. */
export interface TestHalf {
	openWindow(spec: WindowSpec): Promise<void>;
	load(params: { window: number; url: string }): Promise<void>;
	reload(params: { window: number }): Promise<void>;
	send(params: { window: number; channel: string; json: string }): void;
	close(params: { window: number }): Promise<void>;
	setColorScheme(scheme: 'light' | 'dark' | 'system'): void;
	/** The paths a person chooses in an open or save dialog; none to cancel. */
	chooseFiles(): readonly string[];
	/** The button a person presses in a message box. */
	chooseButton(box: { message: string; buttons: readonly string[] }): string;
	/** A file manager is to show this file. */
	showFile(path: string): void;
}

/** Something messages can be sent to: `process` in the child, the child in its parent. */
interface Peer {
	send?: ((message: object, callback: () => void) => unknown) | undefined;
	on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** Joins one half to the other over the processes' own message pipe. */
export function join<Remote extends object, Local extends object>(
	peer: Peer,
	local: Local,
): BirpcReturn<Remote, Local> {
	return createBirpc<Remote, Local>(local, {
		post: (message) => {
			// The callback takes the error of an end that has just gone.
			peer.send?.(message, () => {});
		},
		on: (listener) => {
			peer.on('message', listener);
		},
		timeout: -1,
	});
}
