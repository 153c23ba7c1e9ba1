import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './hosts/test-host.ts';
import { PYTHON_PACKAGE } from './python-env.ts';
import type { PythonEnvironment } from './python-env.ts';

const SCRIPTS = join(root, 'test', 'support', 'python');

/** A Python script that is spoken to by lines, with the package at hand. */
export class PythonProcess {
	readonly #child: ChildProcessWithoutNullStreams;
	readonly #lines: AsyncIterator<string>;
	readonly #exited: Promise<unknown>;
	#stderr = '';

	/** Starts a script of `test/support/python`. */
	constructor(
		{ python }: PythonEnvironment,
		[script, ...args]: readonly [script: string, ...args: string[]],
		env: Readonly<Record<string, string>> = {},
	) {
		this.#child = spawn(python, [join(SCRIPTS, script), ...args], {
			env: { ...process.env, PYTHONPATH: PYTHON_PACKAGE, PYTHONDONTWRITEBYTECODE: '1', ...env },
		});
		this.#child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
		this.#child.stdin.on('error', () => {}); // it has ended: `read` says so
		this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
		this.#exited = once(this.#child, 'close');
	}

	get pid(): number {
		return this.#child.pid ?? -1;
	}

	/** The next line it prints. Rejects with what it wrote to stderr if it ends before. */
	async read(): Promise<string> {
		const { value, done } = await this.#lines.next();
		if (done === true) {
			throw new Error(`The Python script has ended: ${this.#stderr}`);
		}
		return value;
	}

	/** Writes a line to its input. */
	write(line: string): void {
		this.#child.stdin.write(`${line}\n`);
	}

	/** Ends its input, and waits for its end. */
	async end(): Promise<void> {
		this.#child.stdin.end();
		await this.#exited;
	}

	/** Ends it as a power cut does. */
	async kill(): Promise<void> {
		this.#child.kill('SIGKILL');
		await this.#exited;
	}
}
