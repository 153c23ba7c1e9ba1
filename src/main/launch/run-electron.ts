import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { withHiddenPassword } from '../storages/storage-option.ts';
import { keepTail } from '../keep-tail.ts';

/** Electron that ends with an error sooner than this has not shown anybody anything. */
const AT_ONCE_MS = 10_000;

/** How a run of Electron ended: with a code to pass on, or for a reason that kept it from starting. */
export type ElectronRun =
	| { readonly kind: 'ended'; readonly code: number }
	| { readonly kind: 'not-started'; readonly reason: string };

/** Runs the app in Electron until it ends. Signals to this process are passed on. */
export async function runElectron(
	program: string,
	root: string,
	args: readonly string[],
): Promise<ElectronRun> {
	// Terminals inside Electron apps set this, and Electron would start as plain Node.
	const { ELECTRON_RUN_AS_NODE: _, ...ownEnv } = process.env;
	const { args: shown, env } = withHiddenPassword(args, ownEnv);
	const startedAt = performance.now();
	// Chromium's talk on stderr is for those who ask for it.
	const stderr = env['ELECTRON_ENABLE_LOGGING'] === undefined ? 'pipe' : 'inherit';
	const child = spawn(program, [root, ...shown], { env, stdio: ['ignore', 'inherit', stderr] });
	const lastWords = keepTail(child.stderr);
	const stopPassing = passSignals(child);
	const [code, problem] = await new Promise<[number | null, Error | undefined]>((resolve) => {
		child.once('error', (error) => resolve([null, error]));
		child.once('close', (exitCode) => resolve([exitCode, undefined]));
	});
	const wasAskedToStop = stopPassing();
	if (code === 0 || wasAskedToStop) {
		return { kind: 'ended', code: 0 };
	}
	if (problem !== undefined || performance.now() - startedAt < AT_ONCE_MS) {
		return { kind: 'not-started', reason: reasonIn(lastWords(), problem, code) };
	}
	return { kind: 'ended', code: code ?? 1 };
}

/** What kept Electron from starting, out of what it wrote on stderr. */
export function reasonIn(stderr: string, problem: Error | undefined, code: number | null): string {
	const library = /error while loading shared libraries: ([^\s:]+)/.exec(stderr)?.[1];
	if (library !== undefined) {
		return `the library ${library} is missing`;
	}
	if (/sandbox/i.test(stderr)) {
		return 'this system does not let it use its sandbox';
	}
	if (/missing x server|cannot open display|failed to connect to wayland/i.test(stderr)) {
		return 'the display cannot be reached';
	}
	return problem?.message ?? (code === null ? 'it crashed' : `it ended with code ${code}`);
}

/** Answers, when stopped, whether there was a signal. */
function passSignals(child: ChildProcess): () => boolean {
	let wasSignalled = false;
	const pass = (signal: NodeJS.Signals): void => {
		wasSignalled = true;
		child.kill(signal);
	};
	process.on('SIGINT', pass);
	process.on('SIGTERM', pass);
	return () => {
		process.off('SIGINT', pass);
		process.off('SIGTERM', pass);
		return wasSignalled;
	};
}
