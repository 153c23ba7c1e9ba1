import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './hosts/test-host.ts';
import { removeFolder } from './temp-folder.ts';

/** The folder of the Python package. */
export const PYTHON_PACKAGE = join(root, 'resources', 'python');

// The dashboard's extra brings lilya, without which AsyncZ's log handler cannot be imported.
const PACKAGES = ['asyncz[dashboard]==0.17.2', 'structlog==26.1.0', 'mypy==2.4.1'];

/** The Python that the package is tested with. */
export interface PythonEnvironment {
	/** The interpreter. */
	readonly python: string;
	/** Why the packages are not there, if they are not. */
	readonly missing?: string;
}

/**
 * A virtual environment with packages (the real AsyncZ, structlog and mypy), made once for all tests
 * on this machine: the first call may take minutes. Where they cannot be installed it is Python
 * alone, and `missing` says why; with `CI` set that is an error. Throws one sentence where there is
 * no Python.
 */
export function pythonEnvironment(packages: readonly string[] = PACKAGES): PythonEnvironment {
	const python = findPython();
	const version = execFileSync(python, ['-VV'], { encoding: 'utf8' }).trim();
	const key = createHash('sha256').update(JSON.stringify([python, version, packages]));
	const folder = join(tmpdir(), `asyncz-companion-python-${key.digest('hex').slice(0, 12)}`);
	if (!existsSync(folder)) {
		const problem = createAt(folder, python, packages);
		if (problem !== undefined && process.env['CI'] !== undefined) {
			throw new Error(`The tests need ${packages.join(', ')}: ${problem}`);
		}
		if (problem !== undefined) {
			return { python, missing: problem };
		}
	}
	return { python: join(folder, 'bin', 'python') };
}

/** What a program prints, run in the package's folder by default. Throws it if the program fails. */
export function runPython(
	{ python }: PythonEnvironment,
	args: readonly string[],
	options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): string {
	const ended = spawnSync(python, args, {
		cwd: options.cwd ?? PYTHON_PACKAGE,
		encoding: 'utf8',
		env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...options.env },
	});
	const printed = `${ended.stdout}${ended.stderr}`;
	if (ended.status !== 0) {
		throw new Error(`python ${args.join(' ')} ended with ${ended.status}:\n${printed}`);
	}
	return printed;
}

/** The first `python3` there is, or the one that `PYTHON` names. Throws one sentence if there is none. */
export function findPython(): string {
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	const candidates = folders.map((folder) => join(folder, 'python3'));
	const found = [process.env['PYTHON'] ?? '', ...candidates].find((path) => existsSync(path));
	if (found === undefined) {
		throw new Error('The Python package is tested with Python 3.9 or newer, and there is none.');
	}
	return found;
}

/** Says why it could not. */
function createAt(place: string, python: string, packages: readonly string[]): string | undefined {
	// An environment cannot be moved, and several tests may begin at once: what is at the place is a
	// link to one that is complete.
	const folder = mkdtempSync(`${place}-`);
	for (const [command, ...args] of [
		[python, '-m', 'venv', folder],
		[join(folder, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', ...packages],
	] as const) {
		const ended = spawnSync(command, args, { encoding: 'utf8' });
		if (ended.status !== 0) {
			removeFolder(folder);
			return ended.stderr.trim().split('\n').at(-1) ?? 'it ended without a word';
		}
	}
	try {
		symlinkSync(folder, place);
	} catch {
		// Another test was quicker.
		removeFolder(folder);
	}
	return undefined;
}
