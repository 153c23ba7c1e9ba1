import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { plainEnv, root } from './hosts/test-host.ts';

/** How a command ended. */
export interface CommandResult {
	readonly code: number | undefined;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/** Starts `asyncz-companion` with these arguments; temporary files go into `tmp`. */
export function startCommand(
	args: readonly string[],
	{ cwd, tmp }: { readonly cwd: string; readonly tmp: string },
): ChildProcess {
	const script = join(root, 'src', 'main', 'launch.ts');
	return spawn(process.execPath, [script, ...args], {
		cwd,
		env: { ...plainEnv(), TMPDIR: tmp, TEMP: tmp },
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
