import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeTempFolder, removeFolder } from '../temp-folder.ts';
import { plainEnv, root } from './test-host.ts';

/** A web host in a process of its own, as `npm run serve` starts it. */
export interface WebProcess {
	/** The printed address, token and all. */
	readonly url: string;
	readonly port: number;
	readonly pid: number;
	readonly token: string;
	/** Everything written to stdout so far. */
	stdout(): string;
	/** Everything written to stderr so far. */
	stderr(): string;
	isRunning(): boolean;
	/** Ends it by a signal and resolves with its exit code. */
	stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number | undefined>;
	/** Ends it, engine included, as a power cut does. */
	kill(): Promise<void>;
}

/** Where and what to run. */
interface RunOptions {
	readonly cwd: string;
	/** The script and its first arguments, instead of the built web host. */
	readonly script?: readonly string[];
	/** Changes of a plain environment. */
	readonly env?: object;
}

/** How a start went that ended by itself. */
export interface Ended {
	readonly code: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

/** Starts the built web host. Resolves once it has printed its address; rejects if it ends instead. */
export async function startWebProcess(
	args: readonly string[],
	options: RunOptions,
): Promise<WebProcess> {
	const { child, output, ended } = run(args, options);
	const url = await Promise.race([
		addressIn(child, output),
		ended.then(({ stderr }) => {
			throw new Error(`The web host ended: ${stderr}`);
		}),
	]);
	const { port, hash } = new URL(url);
	return {
		url,
		port: Number(port),
		pid: child.pid ?? -1,
		token: new URLSearchParams(hash.slice(1)).get('token') ?? '',
		stdout: () => output.stdout,
		stderr: () => output.stderr,
		isRunning: () => child.exitCode === null && child.signalCode === null,
		stop: async (signal = 'SIGTERM') => {
			child.kill(signal);
			return (await ended).code;
		},
		kill: async () => {
			if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
				process.kill(-child.pid, 'SIGKILL');
			}
			await ended;
		},
	};
}

/** Runs the web host, or `script`, until it ends. */
export function runWebProcess(args: readonly string[], options: RunOptions): Promise<Ended> {
	return run(args, options).ended;
}

function run(
	args: readonly string[],
	options: RunOptions,
): {
	readonly child: ChildProcess;
	readonly output: { stdout: string; stderr: string };
	readonly ended: Promise<Ended>;
} {
	const script = options.script ?? [join(root, 'out', 'main', 'web.js')];
	// The place for feeds is one for each user, but not for tests that run side by side.
	const socketFolder = makeTempFolder();
	const child = spawn(process.execPath, [...script, ...args], {
		cwd: options.cwd,
		env: { ...plainEnv(), XDG_RUNTIME_DIR: socketFolder, ...options.env },
		detached: true, // a group of its own, so that `kill` takes the engine along
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const output = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (text: string) => {
			output[name] += text;
		});
	}
	const ended = once(child, 'close').then(([code]) => {
		removeFolder(socketFolder);
		return { code: (code as number | null) ?? undefined, ...output };
	});
	return { child, output, ended };
}

function addressIn(child: ChildProcess, output: { readonly stdout: string }): Promise<string> {
	return new Promise((resolve) => {
		child.stdout?.on('data', () => {
			const url = /http:\/\/\S+(?=\n)/.exec(output.stdout)?.[0];
			if (url !== undefined) {
				resolve(url);
			}
		});
	});
}
