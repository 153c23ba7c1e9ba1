import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { plainEnv, root } from './hosts/test-host.ts';
import { until } from './until.ts';

/** How a command ended. */
export interface CommandResult {
	readonly code: number | undefined;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/**
 * Starts `asyncz-companion` with these arguments; temporary files go into `tmp`. `script`: what it is
 * started by, within the project.
 */
export function startCommand(
	args: readonly string[],
	{
		cwd,
		tmp,
		env = {},
		script = 'src/main/launch.ts',
	}: {
		readonly cwd: string;
		readonly tmp: string;
		readonly env?: Readonly<Record<string, string>>;
		readonly script?: string;
	},
): ChildProcess {
	return spawn(process.execPath, [join(root, script), ...args], {
		cwd,
		env: { ...plainEnv(), TMPDIR: tmp, TEMP: tmp, ...env },
		stdio: ['pipe', 'pipe', 'pipe'],
	});
}

/** Runs it to its end; `input` is what it reads from stdin. */
export async function runCommand(
	args: readonly string[],
	options: { readonly cwd: string; readonly tmp: string; readonly input?: string },
): Promise<CommandResult> {
	const child = startCommand(args, options);
	const stdout: Buffer[] = [];
	let stderr = '';
	child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes));
	child.stderr?.on('data', (bytes: Buffer) => {
		stderr += bytes.toString();
	});
	child.stdin?.end(options.input ?? '');
	const [code] = (await once(child, 'close')) as [number | null];
	return { code: code ?? undefined, stdout: Buffer.concat(stdout), stderr };
}

/** A command that goes on until it is stopped, and what it has written so far. */
export class EndlessCommand {
	readonly child: ChildProcess;
	readonly #stdout: Buffer[] = [];
	readonly #closed: Promise<unknown[]>;
	stderr = '';

	/** `env`: variables beside those of this process. It is killed with the test. */
	constructor(
		args: readonly string[],
		folders: { readonly cwd: string; readonly tmp: string; readonly script?: string },
		env: Readonly<Record<string, string>> = {},
	) {
		this.child = startCommand(args, { ...folders, env });
		this.child.stdout?.on('data', (bytes: Buffer) => this.#stdout.push(bytes));
		this.child.stderr?.on('data', (bytes: Buffer) => {
			this.stderr += bytes.toString();
		});
		this.#closed = once(this.child, 'close');
		onTestFinished(() => void this.child.kill('SIGKILL'));
	}

	get stdout(): string {
		return Buffer.concat(this.#stdout).toString();
	}

	/** Waits until it has printed so many lines. */
	async untilLines(count: number): Promise<void> {
		await this.until(`${count} lines`, () => this.stdout.split('\n').length > count);
	}

	/** Waits until it has said something on stderr that contains this. */
	async untilSaid(text: string): Promise<void> {
		await this.until(`"${text}" on stderr`, () => this.stderr.includes(text));
	}

	/** Waits until something is so. */
	async until(what: string, isSo: () => boolean): Promise<void> {
		await until(what, isSo, {
			deadlineMs: 90_000,
			instead: () => ({ stdout: this.stdout.slice(-2_000), stderr: this.stderr }),
		});
	}

	/** Presses Ctrl+C as a terminal does, that tells the command and who started it, who tells it too. */
	interrupt(): void {
		this.child.kill('SIGINT');
		this.child.kill('SIGINT');
	}

	/** Its exit code, once it has ended. */
	async ended(): Promise<number | undefined> {
		const [code] = (await this.#closed) as [number | null];
		return code ?? undefined;
	}
}
