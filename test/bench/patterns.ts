import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CountQuery } from '#shared/model/query.ts';
import { clauseFor } from '#shared/query/clause-text.ts';
import { patternOf } from '#shared/query/pattern.ts';
import type { BenchEngine } from './bench-engine.ts';
import { createLineSource } from './generate-log.ts';
import type { BenchLog, Plan } from './plan.ts';
import type { RandomFilters } from './random-filters.ts';
import { spread } from './statistics.ts';
import { until } from '../support/until.ts';

const QUESTIONS = 30;
const ROWS = 200;
const MOST_REPEATING = 500_000;

/** Messages that are alike: what no column tells. */
export async function measurePatterns(
	plan: Plan,
	engine: BenchEngine,
	lines: number,
): Promise<void> {
	plan.say('patterns');
	const newest = await engine.rows({ limit: 1_000 });
	const patterns = [...new Set(newest.map(({ message }) => patternOf(message)))];
	const questions = patterns.slice(0, QUESTIONS).map((pattern) => ({
		filter: { query: clauseFor('pattern', pattern) },
		isAlike: (message: string) => patternOf(message) === pattern,
	}));
	await measure(plan, engine, { kind: 'pattern of a message', lines, questions });
}

/** Entries that only repeat the one before them, in a log that has many beside one that has none. */
export async function measureRepeats(
	plan: Plan,
	engine: BenchEngine,
	filters: RandomFilters,
	log: BenchLog,
): Promise<void> {
	plan.say('repeats');
	const path = join(plan.folder, 'repeats.jsonl');
	const repeating = writeRepeats(path, Math.min(log.lines, MOST_REPEATING));
	try {
		const { appended } = (await engine.state()).storage;
		await engine.api.openSource({ type: 'file', path });
		// Not until all are read: a log that another measure has removed is waited for in vain.
		await until(
			'the repeats to be read',
			async () => (await engine.state()).storage.appended >= appended + repeating,
			{ deadlineMs: 300_000 },
		);
		for (const [kind, query] of [
			['only repeats', 'is:repeat'],
			['without repeats', '-is:repeat'],
		] as const) {
			// Each with another filter: what was counted once is remembered.
			const questions = [{}, ...filters.structured(QUESTIONS - 1)].map((filter) => ({
				filter: { ...filter, query },
			}));
			await measure(plan, engine, { kind, lines: appended + repeating, questions });
		}
	} finally {
		rmSync(path, { force: true });
	}
}

/** Writes a log of about so many lines, each of which comes up to five times; how many there are. */
function writeRepeats(path: string, lines: number): number {
	const next = createLineSource(11);
	let text = '';
	let written = 0;
	for (let index = 0; written < lines; index++) {
		const times = 1 + (index % 5);
		text += next(index).repeat(times);
		written += times;
	}
	writeFileSync(path, text);
	return written;
}

async function measure(
	plan: Plan,
	engine: BenchEngine,
	asked: {
		readonly kind: string;
		readonly lines: number;
		readonly questions: readonly {
			readonly filter: CountQuery;
			readonly isAlike?: (message: string) => boolean;
		}[];
	},
): Promise<void> {
	const pages: number[] = [];
	const counts: number[] = [];
	let found = 0;
	for (const { filter, isAlike = () => true } of asked.questions) {
		const started = performance.now();
		const rows = await engine.rows({ ...filter, limit: ROWS });
		const paged = performance.now();
		const { matched } = await engine.count(filter);
		pages.push(paged - started);
		counts.push(performance.now() - paged);
		found += matched;
		if (rows.length !== Math.min(matched, ROWS) || !rows.every(({ message }) => isAlike(message))) {
			throw new Error(`${JSON.stringify(filter)} was answered with other entries`);
		}
	}
	const { kind, lines, questions } = asked;
	const about = {
		lines,
		n: questions.length,
		matched_on_average: Math.round(found / pages.length),
	};
	plan.print({ measure: `${kind}: newest 200`, unit: 'ms', ...spread(pages), ...about });
	plan.print({ measure: `${kind}: exact count`, unit: 'ms', ...spread(counts), ...about });
}
