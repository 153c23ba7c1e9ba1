import { spawn } from 'node:child_process';

/** What decides whether there is a browser to open. */
export interface BrowserContext {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly platform: NodeJS.Platform;
}

/** Opens `url` in the system's browser, if there is one and somebody in front of it. */
export function openBrowser(url: string, context: BrowserContext): void {
	const command = browserCommand(url, context);
	if (command === undefined) {
		return;
	}
	const [program, ...args] = command;
	const child = spawn(program, args, { stdio: 'ignore', detached: true });
	child.on('error', () => {}); // no such program: the address has been printed anyway
	child.unref();
}

/** The command that opens `url`; `undefined` in CI and where there is no display. */
export function browserCommand(
	url: string,
	{ env, platform }: BrowserContext,
): readonly [string, ...string[]] | undefined {
	if (env['CI'] !== undefined) {
		return undefined;
	}
	switch (platform) {
		case 'darwin':
			return ['open', url];
		case 'win32':
			// `start` takes a quoted first argument for a window title.
			return ['cmd', '/c', 'start', '', url];
		default:
			return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : undefined;
	}
}
