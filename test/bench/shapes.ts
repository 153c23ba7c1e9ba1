import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CountQuery, Shape } from '#shared/model/query.ts';
import type { BenchEngine } from './bench-engine.ts';
import { createLineSource } from './generate-log.ts';
import type { Plan } from './plan.ts';
import type { RandomFilters } from './random-filters.ts';
import { spread } from './statistics.ts';

const QUESTIONS = 50;
const BUCKETS = 120;
const FIELDS = ['level', 'task_id', 'logger'];

/** Lines that come between two of the same questions. */
const GROWTH = 1_000;
const ROUNDS = 20;

/**
 * Count, histogram and three facets of structured filters, then the same ones again and again while
 * another log grows.
 */
export async function measureShapes(
	plan: Plan,
	engine: BenchEngine,
	filters: RandomFilters,
	lines: number,
): Promise<void> {
	plan.say('count, histogram and facets');
	const asked = filters.structured(QUESTIONS);
	const times: number[] = [];
	for (const filter of asked) {
		times.push(await timeOf(() => ask(engine, filter)));
	}
	const place = times.indexOf(Math.max(...times));
	plan.print({
		measure: 'count, histogram and three facets of a structured filter',
		unit: 'ms',
		...spread(times),
		slowest: { place: place + 1, asked: asked[place] },
		goal: '< 100, then 40',
		n: times.length,
		lines,
	});
	plan.say('the same while a log grows');
	const grown = await timesWhileGrowing(plan, engine, [{}, ...asked.slice(0, 9)], lines);
	plan.print({
		measure: `the same asked again after ${GROWTH} lines`,
		unit: 'ms',
		...spread(grown),
		goal: '< 10',
		n: grown.length,
		lines,
	});
}

async function timesWhileGrowing(
	plan: Plan,
	engine: BenchEngine,
	filters: readonly CountQuery[],
	lines: number,
): Promise<number[]> {
	const path = join(plan.folder, 'growing.jsonl');
	writeFileSync(path, '');
	const next = createLineSource(2);
	const { id } = await engine.api.openSource({ type: 'file', path });
	const times: number[] = [];
	try {
		for (let round = 0; round < ROUNDS; round++) {
			const first = round * GROWTH;
			const text = Array.from({ length: GROWTH }, (_, index) => next(first + index)).join('');
			appendFileSync(path, text);
			await engine.untilRead(lines + first + GROWTH);
			for (const filter of filters) {
				const time = await timeOf(() => ask(engine, filter));
				// The first round asks of what was never counted.
				if (round > 0) {
					times.push(time);
				}
			}
		}
	} finally {
		await engine.api.closeSource({ id });
		rmSync(path);
	}
	return times;
}

/** Asks as a client does, again until both answers are complete. */
async function ask(engine: BenchEngine, filter: CountQuery): Promise<Shape> {
	const { matched } = await engine.count(filter);
	const facets = FIELDS.map((field) => ({ field, limit: 10 }));
	for (;;) {
		const shape = await engine.api.shape({ ...filter, buckets: BUCKETS, facets });
		if (shape.complete) {
			if (shape.matched !== matched) {
				throw new Error(`${JSON.stringify(filter)}: ${shape.matched} instead of ${matched}`);
			}
			return shape;
		}
	}
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
	const started = performance.now();
	await work();
	return performance.now() - started;
}
