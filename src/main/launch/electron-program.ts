import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { keepTail } from '../keep-tail.ts';

const DOWNLOAD_DEADLINE_MS = 10 * 60_000;

/** What decides whether a desktop window is possible at all. */
export interface DesktopContext {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly platform: NodeJS.Platform;
	readonly isRoot: boolean;
}

/** Why no desktop window can be opened here; `undefined` when nothing speaks against it. */
export function reasonAgainstDesktop({
	env,
	platform,
	isRoot,
}: DesktopContext): string | undefined {
	if (platform !== 'linux') {
		return undefined;
	}
	if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
		return 'there is no display';
	}
	// Chromium's sandbox does not work for root, and without it we don't show anybody's logs.
	return isRoot ? 'Electron does not run as root with its sandbox on' : undefined;
}

/**
 * Electron's program, downloaded if this is the first time it is wanted. The `electron` package
 * would do that by itself, but talks to the user while it does.
 */
export async function findElectron(root: string, say: (line: string) => void): Promise<string> {
	const folder = join(root, 'node_modules', 'electron');
	const installed = installedElectron(folder);
	if (installed !== undefined) {
		return installed;
	}
	say('Downloading Electron, once …');
	const child = spawn(process.execPath, [join(folder, 'install.js')], {
		stdio: ['ignore', 'ignore', 'pipe'],
		timeout: DOWNLOAD_DEADLINE_MS,
	});
	const lastWords = keepTail(child.stderr);
	await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
	const downloaded = installedElectron(folder);
	if (downloaded === undefined) {
		throw new AppError('internal', `Electron could not be downloaded${causeIn(lastWords())}`);
	}
	return downloaded;
}

/** Where the program is, if it has been downloaded. */
export function installedElectron(folder: string): string | undefined {
	const pathFile = join(folder, 'path.txt');
	const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
	const path = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name);
	return existsSync(path) ? path : undefined;
}

/** The cause among the lines of an error and its stack. */
function causeIn(text: string): string {
	const line = text.split('\n').find((candidate) => /\b(error|failed)\b/i.test(candidate));
	const cause = line?.replace(/^(\w*Error: )+/, '').trim();
	return cause ? `: ${cause.slice(0, 120)}` : '';
}
