/** Entry of `export` and `query`: the engine without a window, in plain Node. */
import { join } from 'node:path';
import { messageOf } from '#shared/errors.ts';
import type { ExportStatus } from '#shared/model/export.ts';
import { findAppFiles } from './app-files.ts';
import { gatherFeeds } from './headless/gather-feeds.ts';
import { helpOf, parseHeadless } from './headless/headless-options.ts';
import type { HeadlessCommand } from './headless/headless-options.ts';
import { untilJournalsRead } from './headless/journals-read.ts';
import { createOutput } from './headless/output.ts';
import { createEngine } from './headless/run-engine.ts';
import type { RunningEngine } from './headless/run-engine.ts';
import { runFollowing, runHeadless } from './headless/run-headless.ts';
import type { HeadlessRun } from './headless/run-headless.ts';
import { checkOutput } from './headless/save-export.ts';
import { stopOnSignal, untilAborted } from './headless/stop-signal.ts';
import { watchEndpoints } from './headless/watch-endpoints.ts';
import { createWorkplace } from './headless/workplace.ts';
import { checkPaths } from './options.ts';
import { givenPasswords } from './storages/storage-option.ts';
import { passwordFile } from './passwords/password-file.ts';
import { Passwords } from './passwords/passwords.ts';

/** Erases the line that progress stands in. */
const ERASE = '\r\u001b[K';

/**
 * Runs one command and ends the process: 0 if all went well, also where nobody wanted to read to the
 * end; else 1, with one sentence on stderr.
 */
export async function runCommand(command: HeadlessCommand, args: readonly string[]): Promise<void> {
	let code = 0;
	try {
		await run(command, args);
	} catch (error) {
		process.stderr.write(`${messageOf(error)}\n`);
		code = 1;
	}
	process.exit(code);
}

async function run(command: HeadlessCommand, args: readonly string[]): Promise<void> {
	const options = parseHeadless(command, args, process.cwd(), process.env);
	const { stdout, stderr, env } = process;
	if (options.help) {
		stdout.write(helpOf(command));
		return;
	}
	checkPaths({ allowedFolders: [], files: options.files.filter((file) => file !== '-') });
	if (options.output !== undefined) {
		checkOutput({ path: options.output, overwrite: options.overwrite });
	}
	const tell = (sentence: string): void => void stderr.write(`${sentence}\n`);
	const { listen, connect } = options.addresses;
	const isFed = listen.length + connect.length > 0;
	const isKept = options.dataFolder !== undefined;
	const workplace = createWorkplace(options.dataFolder);
	const app = findAppFiles(import.meta.url);
	const passwords = new Passwords({
		file: passwordFile(workplace.dataFolder),
		given: givenPasswords(options.storage),
		onProblem: tell,
	});
	const known = await passwords.known();
	let running: RunningEngine | undefined;
	const start = (isFollowing: boolean, storage = options.storage?.address): RunningEngine => {
		running = createEngine(app, {
			dataFolder: workplace.dataFolder,
			endsLines: !isKept && !isFollowing,
			addresses: isFollowing && isFed ? options.addresses : undefined,
			storage,
			// A storage that nothing is to go into is neither made nor given anything.
			onlyReads: options.storage !== undefined && options.files.length === 0 && !isFed,
			passwords: known,
		});
		return running;
	};
	let closing: Promise<void> | undefined;
	const close = (): Promise<void> => {
		// What is not kept need not be closed in order.
		closing ??= (running?.close(isKept || options.storage !== undefined) ?? Promise.resolve()).then(
			() => workplace.remove(),
		);
		return closing;
	};
	const stop = stopOnSignal(
		options.follow || isFed,
		(code) => void close().finally(() => process.exit(code)),
	);
	const isShown = stdout.isTTY && options.output === undefined;
	const hasProgress = stderr.isTTY && !isShown && !options.follow;
	try {
		const isGathering = isFed && command === 'export';
		const feeds = isGathering
			? await gatherFeeds(start(true, 'sqlite'), options, { stop, tell })
			: [];
		const { engine, hangUp } = start(options.follow);
		const failed = options.follow ? watchEndpoints(engine, tell) : undefined;
		const opening = engine.open();
		const files: string[] = [];
		for (const file of options.files) {
			files.push(file === '-' ? await workplace.readStdin() : file);
		}
		await opening;
		const output = createOutput(stdout, isShown && options.format !== 'text' && !options.gzip);
		// Of files nothing is on its way; what a scheduler was told to be stored has to come out.
		const gone = isFed ? untilAborted(output.gone) : untilAborted(output.gone, stop);
		const onStop = async (): Promise<void> => {
			await hangUp();
			await untilJournalsRead(engine, join(workplace.dataFolder, 'feeds'));
		};
		const given: HeadlessRun = {
			engine,
			options,
			files,
			feeds,
			output,
			hasColour: isShown && !env['NO_COLOR'],
			onProgress: (status) => hasProgress && stderr.write(ERASE + progressText(status)),
			tell,
		};
		await (failed === undefined
			? runHeadless(given)
			: Promise.race([runFollowing(given, { stop, onStop }), failed, gone]));
		if (hasProgress) {
			stderr.write(ERASE);
		}
	} finally {
		await close();
	}
}

function progressText({ state, rows, fraction }: ExportStatus): string {
	return state === 'waiting'
		? 'reading …'
		: `${rows.toLocaleString('en-US')} entries, ${Math.floor(fraction * 100)} %`;
}
