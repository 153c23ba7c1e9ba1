import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CountQuery } from '#shared/model/query.ts';
import { withEngine } from './bench-engine.ts';
import type { BenchEngine } from './bench-engine.ts';
import { rareLines } from './generate-log.ts';
import { measurePatterns, measureRepeats } from './patterns.ts';
import { largestLog } from './plan.ts';
import type { BenchLog, Plan } from './plan.ts';
import { RandomFilters } from './random-filters.ts';
import { measureShapes } from './shapes.ts';
import { StampedWriter } from './stamped-writer.ts';
import { median, rounded, rounded2, spread } from './statistics.ts';
import { countByRg, findTools } from './tools.ts';

const QUESTIONS = 50;
const ROWS = 200;
const LIVE_RATE = 5_000;
const LIVE_SECONDS = 20;
const FREQUENT = ['submitted', 'snapshot', 'artefact', 'executed', 'customer'];

/** Structured filters and searches over the largest log, each asked until the answer is complete. */
export async function measureQueries(plan: Plan): Promise<void> {
	const log = largestLog(plan);
	await withEngine(plan.folder, async (engine) => {
		plan.say(`indexing ${log.lines} lines for queries`);
		await engine.api.openSource({ type: 'file', path: log.path });
		await engine.untilRead(log.lines);
		await engine.untilTextKept();
		const filters = new RandomFilters(log, 7);
		await measureStructured(plan, engine, filters, log.lines);
		await measureSearches(plan, engine, filters, log);
		await measureFrequent(plan, engine, log);
		await measurePatterns(plan, engine, log.lines);
		await measureShapes(plan, engine, filters, log.lines);
		await measureWhileLive(plan, engine, filters, log.lines);
		await measureRepeats(plan, engine, filters, log);
	});
}

/** The same pages while lines arrive at a steady rate in another log. */
async function measureWhileLive(
	plan: Plan,
	engine: BenchEngine,
	filters: RandomFilters,
	lines: number,
): Promise<void> {
	const seconds = Math.max(LIVE_SECONDS / plan.scale, 3);
	plan.say(`structured filters while ${LIVE_RATE} lines/s arrive`);
	const path = join(plan.folder, 'arriving.jsonl');
	writeFileSync(path, '');
	await engine.api.openSource({ type: 'file', path });
	const writer = new StampedWriter(path);
	try {
		const written = writer.write({ rate: LIVE_RATE, seconds });
		const end = performance.now() + seconds * 1_000;
		const asked: CountQuery[] = [];
		const times: number[] = [];
		while (performance.now() < end) {
			const questions = filters.structured(10);
			asked.push(...questions);
			times.push(
				...(await timesOf(questions, (filter) => engine.rows({ ...filter, limit: ROWS }))),
			);
		}
		await written;
		plan.print({
			measure: `structured filter, newest 200, while ${LIVE_RATE} lines/s arrive`,
			unit: 'ms',
			...spreadOf(asked, times),
			goal: 'p99 < 50',
			n: times.length,
			lines,
		});
	} finally {
		writer.close();
		rmSync(path, { force: true });
	}
}

async function measureStructured(
	plan: Plan,
	engine: BenchEngine,
	filters: RandomFilters,
	lines: number,
): Promise<void> {
	plan.say('structured filters');
	const paged = filters.structured(QUESTIONS);
	const pages = await timesOf(paged, (filter) => engine.rows({ ...filter, limit: ROWS }));
	plan.print({
		measure: 'structured filter, newest 200',
		unit: 'ms',
		...spreadOf(paged, pages),
		goal: 'p99 < 50, then 20',
		n: pages.length,
		lines,
	});
	const counted = filters.structured(QUESTIONS);
	const counts = await timesOf(counted, (filter) => engine.count(filter));
	plan.print({
		measure: 'exact count of a structured filter',
		unit: 'ms',
		...spreadOf(counted, counts),
		goal: '< 100, then 40',
		n: counts.length,
		lines,
	});
}

async function measureSearches(
	plan: Plan,
	engine: BenchEngine,
	filters: RandomFilters,
	{ lines }: BenchLog,
): Promise<void> {
	const rare = rareLines(lines);
	const kinds: readonly [string, CountQuery[], (matched: number) => boolean][] = [
		['rare words', filters.rare(QUESTIONS), (matched) => matched === rare],
		['absent word', filters.absent(QUESTIONS), none],
		['uuid prefix, present', filters.present(QUESTIONS, / (\w{8}-\w{4})-4/), atLeastOne],
		['uuid prefix, absent', filters.absentUuids(QUESTIONS), none],
		['8 hex digits', filters.present(QUESTIONS, /for customer (\w{8})/), atLeastOne],
		['IP address', filters.present(QUESTIONS, /from (10\.\d+\.\d+\.\d+)/), atLeastOne],
		['number with unit', filters.present(QUESTIONS, /(\d{3} ms)/), atLeastOne],
	];
	for (const [kind, questions, isRight] of kinds) {
		plan.say(`search: ${kind}`);
		let found = 0;
		const times = await timesOf(questions, async (filter) => {
			const { matched } = await engine.count(filter);
			const rows = await engine.rows({ ...filter, limit: ROWS });
			if (!isRight(matched) || rows.length !== Math.min(matched, ROWS)) {
				throw new Error(`${JSON.stringify(filter)} was found ${matched} times`);
			}
			found += matched;
		});
		plan.print({
			measure: `${kind}: exact count and newest 200`,
			unit: 'ms',
			...spreadOf(questions, times),
			goal: 'p50 < 50, p99 < 150, then p99 < 50',
			n: times.length,
			lines,
			matched_on_average: rounded(found / times.length),
		});
	}
}

function atLeastOne(matched: number): boolean {
	return matched > 0;
}

function none(matched: number): boolean {
	return matched === 0;
}

/** The worst there is: nothing can be left out, every message is looked into. */
async function measureFrequent(plan: Plan, engine: BenchEngine, log: BenchLog): Promise<void> {
	plan.say('search: frequent words');
	const hasRg = findTools().tools.some(({ command }) => command === 'rg');
	const own: number[] = [];
	const pages: number[] = [];
	const rgs: number[] = [];
	for (const word of FREQUENT) {
		pages.push(
			...(await timesOf([{ q: word }], (filter) => engine.rows({ ...filter, limit: 200 }))),
		);
		let matched = 0;
		own.push(
			...(await timesOf([{ q: word }], async (filter) => {
				({ matched } = await engine.count(filter));
			})),
		);
		if (hasRg) {
			const rg = countByRg(word, log.path);
			rgs.push(rg.ms);
			if (rg.matched !== matched) {
				throw new Error(`"${word}" was counted ${matched} times, by rg ${rg.matched} times`);
			}
		}
	}
	plan.print({
		measure: 'frequent word: exact count',
		unit: 'ms',
		...spread(own),
		goal: '<= 1 x rg -ci',
		n: own.length,
		lines: log.lines,
		newest_200: spread(pages),
		rg_ci: hasRg ? spread(rgs) : 'not installed',
		x_rg_ci: hasRg ? rounded2(median(own) / median(rgs)) : null,
	});
}

/** Spread of the times and the question that took longest: one slow kind, or a slow moment? */
function spreadOf(
	questions: readonly CountQuery[],
	times: readonly number[],
): ReturnType<typeof spread> & { readonly slowest: object } {
	const place = times.indexOf(Math.max(...times));
	return { ...spread(times), slowest: { place: place + 1, asked: questions[place] } };
}

/** Milliseconds until each question is answered, one after the other. */
async function timesOf(
	questions: readonly CountQuery[],
	ask: (filter: CountQuery) => Promise<unknown>,
): Promise<number[]> {
	const times: number[] = [];
	for (const question of questions) {
		const started = performance.now();
		await ask(question);
		times.push(performance.now() - started);
	}
	return times;
}
