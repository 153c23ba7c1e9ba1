import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { root } from './hosts/test-host.ts';

/** Where steps leave what they have to say to a program. */
export const RESULTS = join(root, 'test-results');

/** How many tests passed and failed. */
export interface Totals {
	readonly passed: number;
	readonly failed: number;
}

/** One program that has to end well. */
export interface Step {
	readonly title: string;
	/** Arguments of node: a script and its own. */
	readonly args: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** What the step's report counts, if it runs tests. */
	readonly count?: () => Totals;
}

/** How a step went. */
export interface Outcome {
	readonly isPassed: boolean;
	readonly counted: Totals;
	/** One line: its title, whether it passed, its tests and how long it took. */
	readonly summary: string;
}

const vitestSchema = v.object({ numPassedTests: v.number(), numFailedTests: v.number() });
const playwrightSchema = v.object({
	stats: v.object({ expected: v.number(), unexpected: v.number(), flaky: v.number() }),
});

/** A file of a package, by its name and the parts of its path. */
export function bin(name: string, ...path: readonly string[]): string {
	return join(root, 'node_modules', name, ...path);
}

/** A run of vitest. `name`: of its report's file, another one for each run. */
export function vitestStep(
	title: string,
	name: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Step {
	const report = join(RESULTS, `${name}.json`);
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	return {
		title,
		args: [bin('vitest', 'vitest.mjs'), 'run', ...args, ...reporters],
		env,
		count: () => {
			const { numPassedTests, numFailedTests } = readReport(report, vitestSchema, {
				numPassedTests: 0,
				numFailedTests: 0,
			});
			return { passed: numPassedTests, failed: numFailedTests };
		},
	};
}

/** A run of Playwright. */
export function playwrightStep(title: string, env: Readonly<Record<string, string>>): Step {
	const report = join(RESULTS, 'playwright.json');
	return {
		title,
		args: [bin('playwright', 'cli.js'), 'test', '--reporter=dot,json'],
		env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
		count: () => {
			const { stats } = readReport(report, playwrightSchema, {
				stats: { expected: 0, unexpected: 0, flaky: 0 },
			});
			return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
		},
	};
}

/** Runs a step; what it prints is seen as it comes. */
export function runStep(step: Step): Promise<Outcome> {
	console.log(`\n── ${step.title}`);
	return run(step, false);
}

/** Runs steps that do not need each other, so many at a time; each prints when it has ended. */
export async function runSideBySide(
	steps: readonly Step[],
	lanes: number,
): Promise<readonly Outcome[]> {
	const left = [...steps];
	const outcomes: Outcome[] = [];
	const lane = async (): Promise<void> => {
		for (let step = left.shift(); step !== undefined; step = left.shift()) {
			outcomes.push(await run(step, true));
		}
	};
	await Promise.all(Array.from({ length: lanes }, lane));
	return outcomes;
}

async function run(step: Step, isHeldBack: boolean): Promise<Outcome> {
	mkdirSync(RESULTS, { recursive: true });
	const startedAt = performance.now();
	const stdio = isHeldBack ? 'pipe' : 'inherit';
	const child = spawn(process.execPath, step.args, {
		cwd: root,
		stdio: ['ignore', stdio, stdio],
		env: { ...process.env, ...step.env },
	});
	const said: Buffer[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (part: Buffer) => said.push(part));
	}
	const [status] = (await once(child, 'close')) as [number | null];
	process.stdout.write(Buffer.concat(said));
	const counted = step.count?.() ?? { passed: 0, failed: 0 };
	const isPassed = status === 0 && counted.failed === 0;
	const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
	const tests =
		step.count === undefined ? '' : `, ${counted.passed} passed, ${counted.failed} failed`;
	const summary = `── ${step.title}: ${isPassed ? 'done' : 'FAILED'} in ${seconds} s${tests}`;
	console.log(summary);
	return { isPassed, counted, summary };
}

/** What a runner has written; one that ended before its first test leaves nothing: `none`. */
function readReport<T>(path: string, schema: v.GenericSchema<unknown, T>, none: T): T {
	return existsSync(path) ? v.parse(schema, JSON.parse(readFileSync(path, 'utf8'))) : none;
}
