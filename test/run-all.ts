/** `npm test`: every check there is, the quick ones first. Ends at the first step that fails. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { findChromium } from './support/find-chromium.ts';
import { findElectronProgram, root } from './support/hosts/test-host.ts';

const results = join(root, 'test-results');
const vitestReport = join(results, 'vitest.json');
const unwatchedReport = join(results, 'vitest-unwatched.json');
const playwrightReport = join(results, 'playwright.json');

const vitestSchema = v.object({ numPassedTests: v.number(), numFailedTests: v.number() });
const playwrightSchema = v.object({
	stats: v.object({ expected: v.number(), unexpected: v.number(), flaky: v.number() }),
});

/** How many tests passed and failed. */
interface Totals {
	readonly passed: number;
	readonly failed: number;
}

interface Step {
	readonly title: string;
	/** Arguments of node: a script and its own. */
	readonly args: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** What the step's report counts, if it runs tests. */
	readonly count?: () => Totals;
}

const bin = (name: string, ...path: readonly string[]): string =>
	join(root, 'node_modules', name, ...path);
const tsc = bin('typescript', 'bin', 'tsc');

function stepsWith(chromium: string): readonly Step[] {
	return [
		{ title: 'Types: shared', args: [tsc, '-p', 'tsconfig.shared.json', '--noEmit'] },
		{ title: 'Types: engine and hosts', args: [tsc, '-p', 'tsconfig.node.json'] },
		{ title: 'Types: tests', args: [tsc, '-p', 'tsconfig.test.json'] },
		{
			title: 'Types: renderer',
			args: [
				bin('svelte-check', 'bin', 'svelte-check'),
				'--tsconfig=./tsconfig.web.json',
				'--fail-on-warnings',
			],
		},
		{ title: 'Lint', args: [bin('oxlint', 'bin', 'oxlint'), '--deny-warnings'] },
		{
			title: 'Format',
			args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'],
		},
		{
			title: 'Build',
			args: [bin('electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel=warn'],
		},
		{
			title: 'Unit and integration tests',
			args: [
				bin('vitest', 'vitest.mjs'),
				'run',
				'--reporter=default',
				'--reporter=json',
				`--outputFile.json=${vitestReport}`,
			],
			count: () => {
				const report = v.parse(vitestSchema, readReport(vitestReport));
				return { passed: report.numPassedTests, failed: report.numFailedTests };
			},
		},
		{
			// No watcher is ever the truth: what follows logs is right without one, only slower.
			title: 'Following logs without a watcher',
			args: [
				bin('vitest', 'vitest.mjs'),
				'run',
				'test/unit/engine/sources',
				'test/integration/engine-follow',
				'test/integration/engine-churn',
				'test/integration/engine-kill',
				'--reporter=default',
				'--reporter=json',
				`--outputFile.json=${unwatchedReport}`,
			],
			env: { ASYNCZ_COMPANION_WATCHER: 'off' },
			count: () => {
				const report = v.parse(vitestSchema, readReport(unwatchedReport));
				return { passed: report.numPassedTests, failed: report.numFailedTests };
			},
		},
		{
			title: `Browser tests: ${hosts().join(', ')}`,
			args: [bin('playwright', 'cli.js'), 'test', '--reporter=dot,json'],
			env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
			count: () => {
				const { stats } = v.parse(playwrightSchema, readReport(playwrightReport));
				return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
			},
		},
	];
}

function runAll(): Totals {
	rmSync(results, { recursive: true, force: true });
	mkdirSync(results, { recursive: true });
	let chromium: string;
	try {
		chromium = findChromium(console.log);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		return { passed: 0, failed: 1 };
	}
	console.log(`Node ${process.version}, ${chromium}`);
	let totals: Totals = { passed: 0, failed: 0 };
	for (const step of stepsWith(chromium)) {
		const { isPassed, counted } = run(step);
		totals = { passed: totals.passed + counted.passed, failed: totals.failed + counted.failed };
		if (!isPassed) {
			// A step that fails without a failed test counts for one.
			return { ...totals, failed: Math.max(1, totals.failed) };
		}
	}
	return totals;
}

function run(step: Step): { readonly isPassed: boolean; readonly counted: Totals } {
	console.log(`\n── ${step.title}`);
	const startedAt = performance.now();
	const { status } = spawnSync(process.execPath, step.args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, ...step.env },
	});
	const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
	const counted = step.count?.() ?? { passed: 0, failed: 0 };
	const isPassed = status === 0 && counted.failed === 0;
	console.log(`── ${isPassed ? 'done' : 'FAILED'} in ${seconds} s`);
	return { isPassed, counted };
}

function readReport(path: string): unknown {
	// A runner that ended before its first test leaves none: nothing passed.
	return existsSync(path)
		? JSON.parse(readFileSync(path, 'utf8'))
		: {
				numPassedTests: 0,
				numFailedTests: 0,
				stats: { expected: 0, unexpected: 0, flaky: 0 },
			};
}

/** The hosts the browser tests run in, and why one does not. */
function hosts(): readonly string[] {
	return [
		'web host',
		"built desktop app on a stand-in for Electron's module",
		findElectronProgram() === undefined
			? 'not in Electron itself (no program or no display here)'
			: 'desktop app in Electron',
	];
}

const { passed, failed } = runAll();
process.exitCode = failed === 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed`);
