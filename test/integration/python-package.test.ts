import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readDetails } from '#engine/pipeline/details.ts';
import { PYTHON_PACKAGE, pythonEnvironment, runPython } from '../support/python-env.ts';
import type { PythonEnvironment } from '../support/python-env.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';

const MINUTES = 60_000;
const MODULE = join(PYTHON_PACKAGE, 'asyncz_companion.py');

let environment: PythonEnvironment;
beforeAll(() => {
	environment = pythonEnvironment();
	if (environment.missing !== undefined) {
		process.stderr.write(`Left out: AsyncZ, structlog, types, pip. ${environment.missing}\n`);
	}
}, 10 * MINUTES);

it(
	'passes its own tests',
	() => {
		const printed = runPython(environment, [
			'-m',
			'unittest',
			'discover',
			'--verbose',
			'--top-level-directory=.',
			'--start-directory=tests',
		]);
		expect(printed).toMatch(environment.missing === undefined ? /^OK$/m : /^OK/m);
	},
	10 * MINUTES,
);

it('works as one copied file', () => {
	const folder = temporaryFolder();
	copyFileSync(MODULE, join(folder, 'asyncz_companion.py'));
	expect(writeOne(folder)).toMatchObject({ level: 'INFO', message: 'hello', task_id: 'daily' });
});

it(
	'installs with pip, with its types',
	(context) => {
		context.skip(environment.missing !== undefined, environment.missing);
		const folder = temporaryFolder();
		const installed = join(folder, 'installed');
		mkdirSync(installed);
		runPython(environment, ['-m', 'pip', 'install', '-q', '--target', installed, '.']);
		const [module, ...rest] = ['__init__.py', 'py.typed'].map((name) =>
			readFileSync(join(installed, 'asyncz_companion', name), 'utf8'),
		);
		expect([module, rest]).toEqual([readFileSync(MODULE, 'utf8'), ['']]);
		expect(writeOne(installed)).toMatchObject({ level: 'INFO', message: 'hello' });
		expect(
			runPython(environment, ['-m', 'mypy', '--cache-dir=/dev/null', 'asyncz_companion.py']),
		).toContain('Success');
	},
	5 * MINUTES,
);

it('writes tracebacks that the app shows as such', () => {
	const path = join(temporaryFolder(), 'log.jsonl');
	const program = `
import logging
from asyncz_companion import install_companion
install_companion(address="file:${path}")
try:
    [][0]
except IndexError:
    logging.getLogger("asyncz.task").exception("failed", extra={"run_id": "73c36fef8f2005bfb08c"})
logging.getLogger("asyncz.task").info("here", stack_info=True)
`;
	runPython(environment, ['-c', program]);
	const [failed = '', here = ''] = readFileSync(path, 'utf8').split('\n');
	expect(readDetails(here).exception).toMatch(
		/^Stack \(most recent call last\):\n {2}File "<string>"/,
	);
	const { format, exception, extra } = readDetails(failed);
	expect([format, exception?.split('\n')[0], exception?.split('\n').at(-1)]).toEqual([
		'AsyncZ',
		'Traceback (most recent call last):',
		'IndexError: list index out of range',
	]);
	expect(JSON.parse(extra ?? '')).toMatchObject({ run_id: '73c36fef8f2005bfb08c' });
});

/** Has the package that is in `folder` write an entry to a file. */
function writeOne(folder: string): unknown {
	const path = join(folder, 'log.jsonl');
	const program = `
import logging
from asyncz_companion import install_companion
install_companion(address="file:${path}")
logging.getLogger("asyncz.task").info("hello", extra={"task_id": "daily"})
`;
	runPython(environment, ['-c', program], { cwd: folder });
	return JSON.parse(readFileSync(path, 'utf8'));
}
