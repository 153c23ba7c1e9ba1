/**
 * Entry of `npm start`, `npm run serve`, `npm run export`, `npm run query`, `npm run check-storage`
 * and of the command `asyncz-companion`: builds what is needed, then starts the right host.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError, messageOf } from '#shared/errors.ts';
import { build, isBuildStale } from './launch/build.ts';
import { findElectron, reasonAgainstDesktop } from './launch/electron-program.ts';
import { runElectron } from './launch/run-electron.ts';
import { checkPaths, HELP, parseOptions } from './options.ts';
import type * as Headless from './headless.ts';
import type * as WebHost from './web.ts';

const root = join(import.meta.dirname, '..', '..');

const COMMANDS = ['start', 'serve', 'export', 'query', 'check-storage'] as const;

const OVERVIEW = `AsyncZ Companion

  asyncz-companion start  [options] [log …]    open logs on the desktop
  asyncz-companion serve  [options] [log …]    open them in the browser
  asyncz-companion query  [options] log …      print entries
  asyncz-companion export [options] log …      write entries into a file or a pipe
  asyncz-companion check-storage STORAGE       check that a storage keeps its promises

Each of them has --help.
`;

/** The built entry of `check-storage`, which needs no host. */
interface CheckStorage {
	checkStorage(args: readonly string[]): Promise<void>;
}

function builtEntry(name: string): string {
	return pathToFileURL(join(root, 'out', 'main', `${name}.js`)).href;
}

async function launch(command: string | undefined, args: readonly string[]): Promise<void> {
	const { env, platform } = process;
	hideArguments(args);
	// npm runs scripts in the project's folder, whatever folder a person is in.
	const isScript = COMMANDS.some((name) => name === env['npm_lifecycle_event']);
	if (isScript && env['INIT_CWD'] !== undefined) {
		process.chdir(env['INIT_CWD']);
	}
	if (command === '--help' || command === '-h') {
		process.stdout.write(OVERVIEW);
		return;
	}
	if (command === 'export' || command === 'query') {
		if (isBuildStale(root)) {
			// What it writes to stdout is for another program.
			console.error('Building …');
			build(root);
		}
		const headless = (await import(builtEntry('headless'))) as typeof Headless;
		await headless.runCommand(command, args);
		return;
	}
	if (command === 'check-storage') {
		if (isBuildStale(root)) {
			console.error('Building …');
			build(root);
		}
		const { checkStorage } = (await import(builtEntry('check-storage'))) as CheckStorage;
		await checkStorage(args);
		return;
	}
	if (command !== 'start' && command !== 'serve') {
		const names = COMMANDS.join(', ');
		throw new AppError('invalid-options', `Expected one of ${names}, got ${command ?? 'nothing'}`);
	}
	const options = parseOptions(args, { cwd: process.cwd(), env, platform });
	if (options.help) {
		process.stdout.write(HELP);
		return;
	}
	checkPaths(options);
	if (isBuildStale(root)) {
		console.log('Building …');
		build(root);
	}
	if (command === 'start') {
		const reason = await runDesktop(args);
		if (reason === undefined) {
			return;
		}
		console.log(`No desktop window (${reason}): starting in the browser instead.`);
	}
	const web = (await import(builtEntry('web'))) as typeof WebHost;
	await web.runWebHost(args);
}

/** Lists of processes no longer show the arguments, if there is a password among them. */
function hideArguments(args: readonly string[]): void {
	if (args.some((arg) => /:\/\/.*@|password=/is.test(arg))) {
		process.title = 'asyncz-companion';
	}
}

/** Runs the app in Electron until it ends; answers with the reason when it cannot start at all. */
async function runDesktop(args: readonly string[]): Promise<string | undefined> {
	const { env, platform } = process;
	const reason = reasonAgainstDesktop({ env, platform, isRoot: process.getuid?.() === 0 });
	if (reason !== undefined) {
		return reason;
	}
	try {
		const run = await runElectron(await findElectron(root, console.log), root, args);
		if (run.kind === 'not-started') {
			return run.reason;
		}
		process.exitCode = run.code;
		return undefined;
	} catch (error) {
		return messageOf(error);
	}
}

try {
	await launch(process.argv[2], process.argv.slice(3));
} catch (error) {
	// Also what nobody foresaw: no stack is of use to whoever started this.
	console.error(messageOf(error));
	process.exitCode = 1;
}
