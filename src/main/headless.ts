/** Entry of `export` and `query`: the engine without a window, in plain Node. */
import { messageOf } from '#shared/errors.ts';
import type { ExportStatus } from '#shared/model/export.ts';
import { findAppFiles } from './app-files.ts';
import { EngineHost } from './engine-host.ts';
import { helpOf, parseHeadless } from './headless/headless-options.ts';
import type { HeadlessCommand } from './headless/headless-options.ts';
import { createOutput } from './headless/output.ts';
import { runHeadless } from './headless/run-headless.ts';
import { createWorkplace } from './headless/workplace.ts';
import { checkPaths } from './options.ts';
import { forkEngine } from './fork-engine.ts';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

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
	const options = parseHeadless(command, args, process.cwd());
	const { stdout, stderr, env } = process;
	if (options.help) {
		stdout.write(helpOf(command));
		return;
	}
	checkPaths({ allowedFolders: [], files: options.files.filter((file) => file !== '-') });
	const workplace = createWorkplace(options.dataFolder);
	const isKept = options.dataFolder !== undefined;
	const engine = new EngineHost({
		startProcess: () => forkEngine(findAppFiles(import.meta.url).engine),
		dataFolder: workplace.dataFolder,
		endsLines: !isKept,
		restartDelaysMs: [],
	});
	let isClosing = false;
	const close = async (): Promise<void> => {
		if (!isClosing) {
			isClosing = true;
			// What is not kept need not be closed in order.
			await engine.close(isKept ? undefined : 0);
			workplace.remove();
		}
	};
	for (const [signal, code] of Object.entries(SIGNALS)) {
		process.once(signal, () => void close().finally(() => process.exit(code)));
	}
	try {
		const opening = engine.open();
		const files: string[] = [];
		for (const file of options.files) {
			files.push(file === '-' ? await workplace.readStdin() : file);
		}
		await opening;
		const isShown = stdout.isTTY && options.output === undefined;
		const hasProgress = stderr.isTTY && !isShown;
		await runHeadless({
			engine,
			options,
			files,
			output: createOutput(stdout, isShown && options.format !== 'text' && !options.gzip),
			hasColour: isShown && !env['NO_COLOR'],
			onProgress: (status) => hasProgress && stderr.write(ERASE + progressText(status)),
		});
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
