import { withEngine } from './bench-engine.ts';
import type { BenchLog, Plan } from './plan.ts';
import { processorSeconds } from './process-usage.ts';
import { median, rounded, rounded2 } from './statistics.ts';
import { findTools, timeTool } from './tools.ts';
import type { Tool } from './tools.ts';

const RUNS = 3;

/** How one log was indexed. */
interface Indexed {
	/** From the call that opens it until every row and the search filter are on disk. */
	readonly ms: number;
	/** Until every row can be queried, which is before it is on disk. */
	readonly queryableMs: number;
	readonly cpuSeconds: number;
	readonly megabytes: number;
	/** Until the text is on disk as well; `undefined` where it is not to be kept. */
	readonly textMs: number | undefined;
	readonly textMegabytes: number | undefined;
}

/**
 * The whole of a log becomes an index on disk; beside it, in the same minutes, the tools that are
 * installed look at the same file. And how large the index is.
 */
export async function measureIndexing(plan: Plan): Promise<void> {
	const { tools, missing } = findTools();
	if (missing.length > 0) {
		plan.say(`not installed, left out: ${missing.join(', ')}`);
	}
	for (const log of plan.logs) {
		await measureLog(plan, log, tools, missing);
	}
}

async function measureLog(
	plan: Plan,
	log: BenchLog,
	tools: readonly Tool[],
	missing: readonly string[],
): Promise<void> {
	const { lines, bytes } = log;
	const indexed: Indexed[] = [];
	const times = new Map<string, number[]>(tools.map(({ name }) => [name, []]));
	for (let run = 0; run < RUNS; run++) {
		plan.say(`indexing ${lines} lines, run ${run + 1} of ${RUNS}`);
		indexed.push(await indexLog(plan.folder, log, true));
		for (const tool of tools.filter(({ runs }) => run < runs)) {
			plan.say(`  ${tool.name}`);
			times.get(tool.name)?.push(timeTool(tool, log.path, { home: plan.folder, lines }));
		}
	}
	plan.say(`indexing ${lines} lines without text`);
	const bare = await indexLog(plan.folder, log, false);
	const seconds = median(indexed.map(({ ms }) => ms)) / 1_000;
	const ratio = (tool: string) => {
		const ms = times.get(tool) ?? [];
		return ms.length === 0 ? null : rounded2((seconds * 1_000) / median(ms));
	};
	const lnav = times.get('lnav count(*)') ?? [];
	plan.print({
		measure: 'full index with search filter, persisted',
		unit: 's',
		value: rounded2(seconds),
		runs: indexed.map(({ ms }) => rounded2(ms / 1_000)),
		queryable: rounded2(median(indexed.map(({ queryableMs }) => queryableMs)) / 1_000),
		cpu: rounded2(median(indexed.map(({ cpuSeconds }) => cpuSeconds))),
		lines_per_s: Math.round(lines / seconds),
		x_json_parse: ratio('JSON.parse'),
		x_faster_than_lnav: lnav.length === 0 ? null : rounded(median(lnav) / (seconds * 1_000)),
		goal: '<= 0.5 x JSON.parse, then 0.25; >= 3 x faster than lnav, then 5',
		n: RUNS,
		lines,
		bytes,
		bytes_per_line: rounded(bytes / lines),
		ratios: Object.fromEntries(tools.map(({ name }) => [name, ratio(name)])),
		tool_seconds: Object.fromEntries(
			[...times].map(([name, ms]) => [name, ms.map((one) => rounded2(one / 1_000))]),
		),
		...(missing.length === 0 ? {} : { not_installed: missing }),
	});
	plan.print({
		measure: 'index and text, persisted',
		unit: 's',
		value: rounded2(median(indexed.map(({ textMs = NaN }) => textMs)) / 1_000),
		goal: 'none; behind everything else, so that nobody waits for it',
		n: RUNS,
		lines,
		database_mb: rounded(median(indexed.map(({ textMegabytes = NaN }) => textMegabytes))),
		database_mb_without_text: rounded(bare.megabytes),
		seconds_without_text: rounded2(bare.ms / 1_000),
	});
	plan.print({
		measure: 'index on disk, without text',
		unit: '% of the file',
		value: rounded((bare.megabytes * 1e8) / bytes),
		goal: '<= 15, then 12',
		n: 1,
		lines,
		bytes_per_row: rounded((bare.megabytes * 1e6) / lines),
	});
}

async function indexLog(folder: string, log: BenchLog, keepText: boolean): Promise<Indexed> {
	const work = withEngine(
		folder,
		async (engine): Promise<Indexed> => {
			const cpuBefore = processorSeconds(engine.pid);
			const started = performance.now();
			await engine.api.openSource({ type: 'file', path: log.path });
			const state = await engine.untilRead(log.lines);
			const queryableMs = performance.now() - started;
			await engine.untilPersisted(log.lines);
			const ms = performance.now() - started;
			const cpuSeconds = processorSeconds(engine.pid) - cpuBefore;
			if (state.storage.size !== log.lines) {
				throw new Error(`${state.storage.size} rows were made of ${log.lines} lines`);
			}
			const times = { ms, queryableMs, cpuSeconds };
			if (!keepText) {
				// Closed in order the database is one file, without a log of changes.
				return {
					...times,
					megabytes: await engine.close(),
					textMs: undefined,
					textMegabytes: undefined,
				};
			}
			const megabytes = engine.databaseMegabytes();
			await engine.untilTextKept();
			const textMs = performance.now() - started;
			return { ...times, megabytes, textMs, textMegabytes: await engine.close() };
		},
		{ keep_text: keepText },
	);
	return work;
}
