/** `npm test`: every check there is, the quick ones first. Ends after the first of them that fail. */
import { rmSync } from 'node:fs';
import { findChromium } from './support/find-chromium.ts';
import { findElectronProgram } from './support/hosts/test-host.ts';
import {
	bin,
	playwrightStep,
	RESULTS,
	runSideBySide,
	runStep,
	vitestStep,
} from './support/steps.ts';
import type { Outcome, Step, Totals } from './support/steps.ts';

const tsc = bin('typescript', 'bin', 'tsc');

/** Each of these keeps one processor busy and needs none of the others: the longest ones first. */
const CHECKS: readonly Step[] = [
	{
		title: 'Types: renderer',
		args: [
			bin('svelte-check', 'bin', 'svelte-check'),
			'--tsconfig=./tsconfig.web.json',
			'--fail-on-warnings',
		],
	},
	{
		title: 'Format',
		args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'],
	},
	{ title: 'Types: tests', args: [tsc, '-p', 'tsconfig.test.json'] },
	{ title: 'Types: engine and hosts', args: [tsc, '-p', 'tsconfig.node.json'] },
	{
		title: 'Build',
		args: [bin('electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel=warn'],
	},
	{ title: 'Types: shared', args: [tsc, '-p', 'tsconfig.shared.json', '--noEmit'] },
	{ title: 'Lint', args: [bin('oxlint', 'bin', 'oxlint'), '--deny-warnings'] },
];
const LANES = 2;

/** The hosts the browser tests run in, and why one does not. */
const HOSTS = [
	'web host',
	"built desktop app on a stand-in for Electron's module",
	findElectronProgram() === undefined
		? 'not in Electron itself (no program or no display here)'
		: 'desktop app in Electron',
];

async function runAll(): Promise<Totals> {
	rmSync(RESULTS, { recursive: true, force: true });
	let chromium: string;
	try {
		chromium = findChromium(console.log);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		return { passed: 0, failed: 1 };
	}
	console.log(`Node ${process.version}, ${chromium}`);
	const hosts = HOSTS.join(', ');
	const parts: readonly (() => Promise<readonly Outcome[]>)[] = [
		() => runSideBySide(CHECKS, LANES),
		async () => [await runStep(vitestStep('Unit and integration tests', 'vitest', []))],
		async () => [
			await runStep(playwrightStep(`Browser tests: ${hosts}`, { CHROMIUM_PATH: chromium })),
		],
	];
	let totals: Totals = { passed: 0, failed: 0 };
	for (const part of parts) {
		const outcomes = await part();
		totals = outcomes.reduce(
			(sum, { counted }) => ({
				passed: sum.passed + counted.passed,
				failed: sum.failed + counted.failed,
			}),
			totals,
		);
		if (!outcomes.every(({ isPassed }) => isPassed)) {
			// A step that fails without a failed test counts for one.
			return { ...totals, failed: Math.max(1, totals.failed) };
		}
	}
	return totals;
}

const { passed, failed } = await runAll();
process.exitCode = failed === 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed`);
