/** Entry of `npm start` and `npm run serve`: builds what is needed, then starts the right host. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError, messageOf } from '#shared/errors.ts';
import { build, isBuildStale } from './launch/build.ts';
import { findElectron, reasonAgainstDesktop } from './launch/electron-program.ts';
import { runElectron } from './launch/run-electron.ts';
import { checkPaths, HELP, parseOptions } from './options.ts';
import type * as WebHost from './web.ts';

const root = join(import.meta.dirname, '..', '..');

async function launch(command: string | undefined, args: readonly string[]): Promise<void> {
	const { env, platform } = process;
	// npm runs scripts in the project's folder, whatever folder a person is in.
	const isScript = env['npm_lifecycle_event'] === 'start' || env['npm_lifecycle_event'] === 'serve';
	if (isScript && env['INIT_CWD'] !== undefined) {
		process.chdir(env['INIT_CWD']);
	}
	if (command !== 'start' && command !== 'serve') {
		throw new AppError('invalid-options', `Expected "start" or "serve", got ${command}`);
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
	const built = pathToFileURL(join(root, 'out', 'main', 'web.js')).href;
	const web = (await import(built)) as typeof WebHost;
	await web.runWebHost(args);
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
