import { join } from 'node:path';
import type { Page } from 'playwright';
import { installedElectron } from '../../../src/main/launch/electron-program.ts';

/** The hosts there are. The stand-in is the built desktop app with Electron's part played by Node. */
export type HostKind = 'web' | 'electron-stand-in' | 'electron';

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..', '..');

/** What only a desktop host has. */
export interface DesktopControls {
	/** Answers the next open or save dialog; no path cancels it. */
	willChoose(paths: readonly string[]): Promise<void>;
	/** Presses this button in message boxes from now on; until then they are cancelled. */
	willPress(button: string): Promise<void>;
	/** What the message boxes said so far. */
	messageBoxes(): Promise<readonly string[]>;
	/** The files that the app had shown in the file manager; there is none in a test of Electron. */
	shownFiles(): Promise<readonly string[]>;
	clickMenu(...path: readonly string[]): Promise<void>;
	/** The labels below an entry of the menu, checked ones with a `*` before them. */
	menuLabels(...path: readonly string[]): Promise<readonly string[]>;
	webPreferences(): Promise<Readonly<Record<string, unknown>>>;
	setBounds(bounds: Readonly<Record<string, number>>): Promise<void>;
	size(): Promise<{ readonly width: number; readonly height: number }>;
	/** Starts the app a second time, with these files, and waits until that start has ended. */
	startSecond(...files: readonly string[]): Promise<void>;
	/** Lets a file that is about to be dropped have its path. */
	knowPath(path: string): Promise<void>;
}

/** One run of the app in some host, as a test drives it. */
export interface TestHost {
	readonly page: Page;
	readonly desktop: DesktopControls | undefined;
	/** Ends it as a person does. */
	stop(): Promise<void>;
	/** Ends it, engine included, as a power cut does. */
	kill(): Promise<void>;
}

/** What every host is started with. */
export interface StartOptions {
	readonly dataFolder: string;
	/** The current folder; what lies in it may be opened. */
	readonly cwd: string;
	readonly files: readonly string[];
	/** The user's private folder for sockets: two apps under test must not meet at one. */
	readonly socketFolder: string;
	/** Sees each page before anything happens in it. */
	readonly watch: (page: Page) => Promise<void>;
}

/** The environment of a person's shell: nothing of npm or CI in it. */
export function plainEnv(): Record<string, string> {
	return Object.fromEntries(
		Object.entries(process.env).filter(
			(entry): entry is [string, string] =>
				entry[1] !== undefined && !/^(npm_|INIT_CWD$|CI$|ELECTRON_|NODE_OPTIONS$)/.test(entry[0]),
		),
	);
}

/** A real Electron that can be run here: its program is there, and a display. */
export function findElectronProgram(): string | undefined {
	const program = installedElectron(join(root, 'node_modules', 'electron'));
	const hasDisplay = process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
	return process.platform !== 'linux' || hasDisplay ? program : undefined;
}
