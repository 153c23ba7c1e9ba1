import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';

/** One of each part; the renderer's is written last. */
const OUTPUTS = [
	'main/index.js',
	'main/web.js',
	'main/headless.js',
	'preload/index.cjs',
	'renderer/index.html',
];

/** Whether the built app is missing, or older than what it is built from. */
export function isBuildStale(root: string): boolean {
	const outputs = OUTPUTS.map((name) => join(root, 'out', name));
	if (!outputs.every((path) => existsSync(path))) {
		return true;
	}
	const builtAt = Math.min(...outputs.map((path) => statSync(path).mtimeMs));
	return ['src', 'package.json', 'electron.vite.config.ts'].some(
		(name) => newestChange(join(root, name)) > builtAt,
	);
}

/** Builds the app. Throws with what the build said when it fails. */
export function build(root: string): void {
	const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
	if (!existsSync(tool)) {
		throw new AppError('internal', 'The app cannot be built: run "npm install" first');
	}
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[tool, 'build', '--logLevel', 'warn'],
		{ cwd: root, encoding: 'utf8' },
	);
	if (status !== 0) {
		throw new AppError('internal', `The build failed:\n\n${withoutStack(stdout + stderr)}`);
	}
}

/** What a tool said, without the places in its own code that its errors came from. */
export function withoutStack(text: string): string {
	return text.replaceAll(/^\s+at .*(?:\n|$)/gm, '').trimEnd();
}

// Folders count too: their time tells of files that were removed.
function newestChange(path: string): number {
	const status = statSync(path);
	const inside = status.isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [];
	return Math.max(status.mtimeMs, ...inside.map((child) => newestChange(child)));
}
