/**
 * `npm run bench`: prints one JSON line per figure, the first one about the machine. Files are
 * generated and removed again. `-- --quick` takes small sizes, to see whether it works;
 * `-- --only index,queries` measures these alone. Progress goes to stderr.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBrowser } from './browser.ts';
import { measureExport } from './export.ts';
import { measurePickle } from './feeds-pickle.ts';
import { measureFeeds } from './feeds.ts';
import { measureFirstPage } from './first-page.ts';
import { generateLog } from './generate-log.ts';
import { measureHeadless } from './headless.ts';
import { measureIndexing } from './indexing.ts';
import { measureJumps } from './jumps.ts';
import { measureLatency } from './latency.ts';
import { describeMachine } from './machine.ts';
import { measureMemory } from './memory.ts';
import type { BenchLog, Plan } from './plan.ts';
import { measurePostgres } from './postgres.ts';
import { measureQueries } from './queries.ts';
import { measureRedis } from './redis.ts';
import { measureMemoryStorage } from './storages.ts';
import { measureRetention } from './retention.ts';
import { benchRotation } from './rotation.ts';
import { measureJsonl } from './storage-jsonl.ts';

const MEASURES: Readonly<Record<string, (plan: Plan) => Promise<void>>> = {
	'first-page': measureFirstPage,
	index: measureIndexing,
	memory: measureMemory,
	queries: measureQueries,
	jumps: measureJumps,
	live: measureLatency,
	retention: measureRetention,
	rotation: benchRotation,
	export: measureExport,
	headless: measureHeadless,
	feeds: measureFeeds,
	browser: measureBrowser,
	'feeds-pickle': measurePickle,
	storages: measureMemoryStorage,
	postgres: measurePostgres,
	redis: measureRedis,
	jsonl: measureJsonl,
};
/** Those that need no generated logs. */
const WITHOUT_LOGS = new Set(
	'live retention rotation feeds browser feeds-pickle storages postgres redis jsonl'.split(' '),
);
const SIZES = [100_000, 1_000_000, 5_000_000];
const QUICK_SIZES = [20_000, 100_000, 300_000];
const QUICK_SCALE = 10;

const { values } = parseArgs({
	options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const names = values.only?.split(',') ?? Object.keys(MEASURES);
const unknown = names.filter((name) => !(name in MEASURES));
if (unknown.length > 0) {
	throw new Error(
		`There is no measure "${unknown.join('", "')}". There are: ${Object.keys(MEASURES).join(', ')}`,
	);
}

const folder = mkdtempSync(join(tmpdir(), 'asyncz-bench-'));
const started = performance.now();
const print = (figure: Record<string, unknown>) => console.log(JSON.stringify(figure));
const say = (text: string) =>
	console.error(`[${Math.round((performance.now() - started) / 1_000)} s] ${text}`);

/** Writes the logs that several measures share. */
function generateLogs(): BenchLog[] {
	return (values.quick ? QUICK_SIZES : SIZES).map((lines) => {
		say(`generating ${lines} lines`);
		const path = join(folder, `${lines}.jsonl`);
		return { path, lines, bytes: generateLog(path, lines) };
	});
}

try {
	print({ machine: describeMachine(undefined), quick: values.quick });
	const needsLogs = names.some((name) => !WITHOUT_LOGS.has(name));
	const plan: Plan = {
		folder,
		logs: needsLogs ? generateLogs() : [],
		scale: values.quick ? QUICK_SCALE : 1,
		print,
		say,
	};
	for (const name of names) {
		try {
			await MEASURES[name]?.(plan);
		} catch (error) {
			// The others are still worth having.
			process.exitCode = 1;
			print({ measure: name, failed: error instanceof Error ? error.message : String(error) });
		}
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
