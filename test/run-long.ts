/**
 * `npm run test:long`: the tests whose worth grows with their length, ten times as long as in
 * `npm test`, and ten minutes of rotation under load.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRotation } from './bench/rotation.ts';
import { root } from './support/hosts/test-host.ts';

const SCALE = 10;

/** Random sequences, kills, torn databases and fuzzing. */
const LONG_TESTS = ['model', 'kill', 'torn', 'agreement', 'scan'];

const started = Date.now();
const tests = spawnSync(
	process.execPath,
	[
		join(root, 'node_modules/vitest/vitest.mjs'),
		'run',
		`--testTimeout=${30 * 60_000}`,
		'--no-file-parallelism',
		...LONG_TESTS,
	],
	{ cwd: root, stdio: 'inherit', env: { ...process.env, TEST_SCALE: String(SCALE) } },
);
const folder = mkdtempSync(join(tmpdir(), 'asyncz-long-'));
try {
	const figure = await measureRotation({ folder, rate: 10_000, seconds: 600, rotations: 100 });
	console.log(JSON.stringify(figure));
	const isExact = figure.lost === 0 && figure.doubled === 0 && figure.ledgerAddsUp;
	console.log(`${Math.round((Date.now() - started) / 60_000)} minutes`);
	process.exitCode = tests.status === 0 && isExact ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}
