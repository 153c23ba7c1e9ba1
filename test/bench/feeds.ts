import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startWebProcess } from '../support/hosts/web-process.ts';
import { until } from '../support/until.ts';
import { connectClient } from '../support/web-client.ts';
import type { WebClient } from '../support/web-client.ts';
import { latenciesOf, WARM_LINES } from './latency.ts';
import type { Plan } from './plan.ts';
import { processorSeconds } from './process-usage.ts';
import { QueryPulse } from './query-pulse.ts';
import { StampedWriter } from './stamped-writer.ts';
import { rounded, rounded2, spread } from './statistics.ts';

const RATE = 100_000;
const SECONDS = 20;
/** Often, for the latency; seldom, for what the feed itself costs. */
const POLLS_MS = [5, 100];
const SENDERS = 4;
const SENDER_RATE = 2_500;
const SENDER_SECONDS = 60;
const FRAMES = 400_000;
const IDLE_MS = 10_000;

/** The built web host with the receiver of feeds, on a data folder of its own. */
interface FeedBench {
	readonly client: WebClient;
	readonly socketPath: string;
	/** Seconds of processor time that the host, its receiver in it, and the engine have used. */
	processor(): number;
}

/** What feeds cost from the socket to the query. */
export async function measureFeeds(plan: Plan): Promise<void> {
	for (const pollMs of POLLS_MS) {
		await withHost(plan, (bench) => measureLines(plan, bench, pollMs));
	}
	await withHost(plan, (bench) => measureFrames(plan, bench));
	await withHost(plan, (bench) => measureSenders(plan, bench));
	await withHost(plan, (bench) => measureIdle(plan, bench));
}

async function measureLines(plan: Plan, bench: FeedBench, pollMs: number): Promise<void> {
	const seconds = Math.max(SECONDS / plan.scale, 3);
	plan.say(`feeds: ${RATE} lines/s for ${seconds} s`);
	const writer = new StampedWriter(bench.socketPath);
	const { engine } = bench.client;
	const pulse = new QueryPulse(
		{ rows: async (query) => [...(await engine.query({ offset: 0, limit: 1, ...query })).rows] },
		pollMs,
	);
	try {
		// The first lines of a feed make a source, and the engine's code is still cold.
		const sentAt = performance.now();
		await writer.write({ end: WARM_LINES });
		await untilStored(bench, WARM_LINES);
		const coldMs = performance.now() - sentAt;
		await delay(1_000);
		const before = bench.processor();
		const started = performance.now();
		const report = await writer.write({ rate: RATE, seconds });
		await untilStored(bench, report.written);
		await until('the last line', () => pulse.newest === report.written - 1);
		const took = (performance.now() - started) / 1_000;
		const cpu = bench.processor() - before;
		plan.print({
			measure: 'feeds: line sent over a unix socket to queryable',
			unit: 'ms',
			rate: RATE,
			...spread(latenciesOf(report, pulse.beats)),
			cpu_percent_of_a_core: rounded((cpu / took) * 100),
			lost: report.written - (await sizeOf(bench)),
			goal: 'p99 < 50 and < 50 % of a core, then p99 < 15',
			n: report.written - WARM_LINES,
			rate_reached: Math.round((report.written - WARM_LINES) / report.seconds),
			asked_every_ms: pollMs,
			first_lines_of_a_new_feed_ms: rounded(coldMs),
		});
	} finally {
		await pulse.stop();
		writer.close();
	}
}

/** Writes one frame as Python's own handler makes it. */
const FRAME = `
import logging, logging.handlers, sys
record = logging.makeLogRecord({'name': 'jobs', 'levelno': 20, 'levelname': 'INFO', 'msg': 'record of a job that has run', 'task_id': 'daily', 'created': 1795687205.123456})
sys.stdout.buffer.write(logging.handlers.SocketHandler('', None).makePickle(record))
`;

async function measureFrames(plan: Plan, bench: FeedBench): Promise<void> {
	const frames = FRAMES / plan.scale;
	plan.say(`feeds: ${frames} frames of SocketHandler`);
	const frame = execFileSync('python3', ['-c', FRAME]);
	const many = Buffer.concat(Array.from({ length: 1_000 }, () => frame));
	const socket = connect(bench.socketPath);
	await once(socket, 'connect');
	const started = performance.now();
	for (let sent = 0; sent < frames; sent += 1_000) {
		if (!socket.write(many)) {
			await once(socket, 'drain');
		}
	}
	await untilStored(bench, frames);
	const seconds = (performance.now() - started) / 1_000;
	socket.destroy();
	plan.print({
		measure: 'feeds: frames of SocketHandler, sent to stored',
		unit: 'frames/s',
		median: Math.round(frames / seconds),
		lost: frames - (await sizeOf(bench)),
		goal: '40,000',
		n: frames,
	});
}

async function measureSenders(plan: Plan, bench: FeedBench): Promise<void> {
	const seconds = Math.max(SENDER_SECONDS / plan.scale, 3);
	plan.say(`feeds: ${SENDERS} senders x ${SENDER_RATE} lines/s for ${seconds} s`);
	const writers = Array.from({ length: SENDERS }, () => new StampedWriter(bench.socketPath));
	const reports = await Promise.all(
		writers.map((writer) => writer.write({ rate: SENDER_RATE, seconds })),
	);
	const written = reports.reduce((sum, report) => sum + report.written, 0);
	await untilStored(bench, written);
	writers.forEach((writer) => writer.close());
	plan.print({
		measure: 'feeds: lost of several senders',
		unit: 'lines',
		median: written - (await sizeOf(bench)),
		goal: '0',
		n: written,
	});
}

async function measureIdle(plan: Plan, bench: FeedBench): Promise<void> {
	plan.say('feeds: a connected, silent feed');
	const socket = connect(bench.socketPath);
	await once(socket, 'connect');
	socket.write('{"hello":1,"source":"silent"}\nthe only line\n');
	await untilStored(bench, 1);
	const waitMs = Math.max(IDLE_MS / plan.scale, 5_000);
	// What the first line woke goes to sleep again.
	await delay(waitMs);
	const before = bench.processor();
	await delay(waitMs);
	plan.print({
		measure: 'feeds: processor time of a silent feed',
		unit: '% of a core',
		median: rounded2(((bench.processor() - before) / waitMs) * 100_000),
		goal: '~0',
		n: 1,
	});
	socket.destroy();
}

async function withHost(plan: Plan, measure: (bench: FeedBench) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(plan.folder, 'feeds-'));
	const run = join(folder, 'run');
	mkdirSync(run, { mode: 0o700 });
	const web = await startWebProcess(['--data', join(folder, 'data'), '--no-open'], {
		cwd: folder,
		env: { XDG_RUNTIME_DIR: run },
	});
	try {
		const client = await connectClient(web);
		const [engine = ''] = execFileSync('pgrep', ['-P', String(web.pid)], {
			encoding: 'utf8',
		}).split('\n');
		await until('the socket', async () =>
			(await client.engine.getState({})).endpoints.some(({ state }) => state === 'listening'),
		);
		await measure({
			client,
			socketPath: join(run, 'asyncz-companion', 'feed.sock'),
			processor: () => processorSeconds(web.pid) + processorSeconds(Number(engine)),
		});
	} finally {
		await web.stop();
	}
}

async function sizeOf({ client }: FeedBench): Promise<number> {
	return (await client.engine.getState({})).storage.size;
}

async function untilStored(bench: FeedBench, count: number): Promise<void> {
	await until(`${count} entries`, async () => (await sizeOf(bench)) >= count, {
		deadlineMs: 120_000,
		instead: () => sizeOf(bench),
	});
}
