/**
 * `npm run test:long`: the tests whose worth grows with their length, ten times as long as in
 * `npm test`, kills and churn also without a watcher, and ten minutes of rotation under load. A part
 * that fails does not keep the others from running; the last lines say how each of them went.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRotation } from './bench/rotation.ts';
import { runStep, vitestStep } from './support/steps.ts';
import type { Outcome, Step } from './support/steps.ts';

const SCALE = 10;

/** A part of the long run: the test files of `project` that have one of `names` in their paths. */
function long(title: string, project: string, names: readonly string[], env: object = {}): Step {
	return vitestStep(
		title,
		`long-${title.toLowerCase().replaceAll(' ', '-')}`,
		[
			`--project=${project}`,
			`--testTimeout=${30 * 60_000}`,
			'--no-file-parallelism',
			...names.map((name) => `/${name}`),
		],
		{ ...env, TEST_SCALE: String(SCALE) },
	);
}

const PARTS: readonly Step[] = [
	long('Random sequences of rotation', 'unit', ['log-follower-model']),
	long('Random queries and filters', 'unit', ['agreement', 'query-agreement']),
	long('Random lines for the scanner', 'unit', ['scan/']),
	long('Torn databases', 'unit', ['torn']),
	long('Kills and mutated frames of feeds', 'unit', ['acked-kill', 'mutated-frames']),
	long('Kills of hosts with feeds, and ten million lines exported', 'integration', [
		'feeds-kill',
		'headless.test',
	]),
	long('Kills and churn', 'integration', ['engine-kill', 'engine-churn']),
	long('Kills and churn without a watcher', 'integration', ['engine-kill', 'engine-churn'], {
		ASYNCZ_COMPANION_WATCHER: 'off',
	}),
];

async function rotate(): Promise<Pick<Outcome, 'isPassed' | 'summary'>> {
	const title = 'Ten minutes of rotation under load';
	console.log(`\n── ${title}`);
	const folder = mkdtempSync(join(tmpdir(), 'asyncz-long-'));
	try {
		const figure = await measureRotation({ folder, rate: 10_000, seconds: 600, rotations: 100 });
		console.log(JSON.stringify(figure));
		const { written, rotations, lost, doubled, ledgerAddsUp } = figure;
		const isPassed = lost === 0 && doubled === 0 && ledgerAddsUp;
		const sum = ledgerAddsUp ? 'adds up' : 'does not add up';
		const found = `${written} lines, ${rotations} rotations, ${lost} lost, ${doubled} doubled`;
		return {
			isPassed,
			summary: `── ${title}: ${isPassed ? 'done' : 'FAILED'}, ${found}, the account ${sum}`,
		};
	} catch (error) {
		console.error(error);
		return { isPassed: false, summary: `── ${title}: FAILED, it could not be measured` };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const started = Date.now();
const outcomes: Pick<Outcome, 'isPassed' | 'summary'>[] = [];
for (const part of PARTS) {
	outcomes.push(await runStep(part));
}
outcomes.push(await rotate());
console.log(`\n${outcomes.map(({ summary }) => summary).join('\n')}`);
console.log(`${Math.round((Date.now() - started) / 60_000)} minutes`);
process.exitCode = outcomes.every(({ isPassed }) => isPassed) ? 0 : 1;
