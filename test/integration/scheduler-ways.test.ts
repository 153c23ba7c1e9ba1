import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import { sendingLines, servingLines } from '../../src/renderer/lib/python-lines.ts';
import { FeedApp } from '../support/feed-app.ts';
import { pythonEnvironment } from '../support/python-env.ts';
import { PythonProcess } from '../support/python-process.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';

/**
 * What a way can carry of a real scheduler beside what it logs:
 * - `everything`: each record with its task and run, and each event with its traceback.
 * - `history`: AsyncZ's dashboard turns what becomes of a run into an entry. Records that AsyncZ
 *   itself writes know their run; those of a task only what they say themselves.
 * - `records`: Python's SocketHandler knows log records alone. AsyncZ logs nothing of a task that
 *   fails, and its records say neither task nor run.
 * - `both`: the first two together.
 */
type Carries = 'everything' | 'history' | 'both' | 'records';

interface Way {
	readonly name: string;
	readonly carries: Carries;
	/** The source's name where it is not the scheduler's own. */
	readonly source?: string;
	/** Whether its scheduler begins when the app listens; others keep what they have until then. */
	readonly waits?: true;
	readonly lines: (places: Places) => string;
}

interface Places {
	/** The companion's own address. */
	readonly fixed: string;
	readonly tcp: string;
	/** Where a scheduler serves. */
	readonly served: string;
	readonly file: string;
}

const STORAGE = `from asyncz.contrib.dashboard.admin import AsynczAdmin
from asyncz_companion import CompanionLogStorage

AsynczAdmin(scheduler=scheduler, log_storage=CompanionLogStorage())`;

/** What a user pastes; where the app shows the lines, they are those. */
const WAYS: readonly Way[] = [
	{
		name: 'install_companion, unix socket',
		carries: 'everything',
		lines: ({ fixed }) => shown(sendingLines(fixed, 'package', fixed)),
	},
	{
		name: 'install_companion, TCP',
		carries: 'everything',
		waits: true, // for the port
		lines: ({ fixed, tcp }) => shown(sendingLines(tcp, 'package', fixed)),
	},
	{
		name: 'CompanionServer',
		carries: 'everything',
		lines: ({ served }) => shown(servingLines(served)),
	},
	{
		name: 'JSONL file',
		carries: 'everything',
		source: 'scheduler.jsonl',
		lines: ({ file }) =>
			`from asyncz_companion import install_companion\ninstall_companion(scheduler, "file:${file}")`,
	},
	{
		name: 'CompanionLogStorage',
		carries: 'history',
		source: 'scheduler',
		lines: () => STORAGE,
	},
	{
		name: 'CompanionLogStorage beside install_companion',
		carries: 'both',
		lines: ({ fixed }) => `${STORAGE}\n${shown(sendingLines(fixed, 'package', fixed))}`,
	},
	{
		name: 'SocketHandler',
		carries: 'records',
		source: 'SocketHandler',
		waits: true,
		lines: ({ fixed, tcp }) => shown(sendingLines(tcp, 'stdlib', fixed)),
	},
];

/** What a scheduler says itself of what was logged, and of its events. */
interface Account {
	readonly records: readonly (readonly [
		level: string,
		logger: string,
		message: string,
		exception: string | null,
	])[];
	readonly events: readonly (readonly [
		name: string,
		task: string | null,
		run: string | null,
		exception: string | null,
	])[];
}

/** How many entries say that the run of one task failed. */
const FAILURES = { everything: 1, history: 1, both: 2, records: 0 } as const;
const STATUS: Readonly<Record<string, string>> = {
	TASK_SUBMITTED: 'running',
	TASK_EXECUTED: 'succeeded',
	TASK_ERROR: 'failed',
	TASK_MISSED: 'missed',
	TASK_MAX_INSTANCES: 'max_instances',
};
const MINUTE = 60_000;
const HISTORY = 'asyncz.dashboard.history';
const EVENTS = 'asyncz.events';

const environment = pythonEnvironment();
if (environment.missing !== undefined) {
	process.stderr.write(`Left out: real schedulers. ${environment.missing}\n`);
}

describe.skipIf(environment.missing !== undefined)('a real scheduler', () => {
	const base = makeTempFolder();
	const served = join(base, 'served', 'feed.sock');
	const file = join(base, 'scheduler.jsonl');
	const env = { XDG_RUNTIME_DIR: join(base, 'run') };
	const app = new FeedApp(base, ['--listen', 'tcp:0', '--connect', `unix:${served}`, file]);
	const schedulers: PythonProcess[] = [];
	const accounts = new Map<Way, Account>();

	beforeAll(async () => {
		writeFileSync(file, ''); // the app opens a file that is there
		schedulers.push(
			...WAYS.map((way) => new PythonProcess(environment, ['scheduler.py', identityOf(way)], env)),
		);
		await Promise.all(schedulers.map((scheduler) => scheduler.read()));
		const places = { fixed: `unix:${app.socketPath}`, served: `unix:${served}`, file };
		const begin = (isEarly: boolean, tcp: string) => {
			for (const [at, way] of WAYS.entries()) {
				if ((way.waits !== true) === isEarly) {
					schedulers[at]?.write(JSON.stringify(way.lines({ ...places, tcp })));
				}
			}
		};
		begin(true, '');
		await app.start();
		begin(false, (await app.untilEndpoint('tcp:127.0.0.1:', 'listening')).address);
		for (const [at, way] of WAYS.entries()) {
			accounts.set(way, JSON.parse((await schedulers[at]?.read()) ?? '') as Account);
		}
	}, 3 * MINUTE);
	afterAll(async () => {
		await Promise.all(schedulers.map((scheduler) => scheduler.kill()));
		await app.kill();
		removeFolder(base);
	});

	test.each(WAYS)(
		'$name: each record once, with what that way can carry',
		{ timeout: MINUTE },
		async (way) => {
			const { records, events } = accounts.get(way) ?? { records: [], events: [] };
			const sent = eventsOf(way, events);
			const query = `source="${way.source ?? identityOf(way)}"`;
			await app.untilCount(records.length + sent.length, query);
			// What it would send twice, it has sent now.
			await schedulers[WAYS.indexOf(way)]?.end();
			const rows = await app.rows(query, FIELDS);
			expect(
				rows
					.filter((row) => !isEvent(row))
					.map(recordText)
					.toSorted(),
			).toEqual(
				records.map(([level, logger, message]) => `${level} ${logger} ${message}`).toSorted(),
			);
			expect(rows.filter(isEvent).map(eventText).toSorted()).toEqual(sent.toSorted());

			const find = (message: string) => {
				const found = rows.filter((row) => row.message.startsWith(message));
				expect([message, found.length]).toEqual([message, 1]);
				return found[0] as EntryRow;
			};
			const runOf = (task: string) =>
				events.find((event) => event[0] === 'TASK_SUBMITTED' && event[1] === task)?.[2];
			for (const task of ['report', 'manual']) {
				const built = find(`Report ${task} built`);
				expect([built.task_id, runIn(built)]).toEqual([
					task,
					['everything', 'both'].includes(way.carries) ? runOf(task) : null,
				]);
			}
			for (const [message, task] of [
				['Running task "Daily report', 'report'],
				['Running task "Manual', 'manual'],
				["Run time of task 'Late", 'late'],
			] as const) {
				const row = find(message);
				expect([row.task_id, runIn(row)]).toEqual(
					way.carries === 'records' ? [undefined, null] : [task, runOf(task)],
				);
			}
			const tried = await exceptionOf(find('Trying again'));
			expect(tried).toContain('in read_config');
			expect(tried).toBe(records.find(([, , message]) => message === 'Trying again')?.[3]);
			const failed = rows.filter((row) => row.fields?.[1] === 'failed');
			expect(failed.map((row) => [row.level, row.task_id])).toEqual(
				Array.from({ length: FAILURES[way.carries] }, () => ['ERROR', 'broken']),
			);
			for (const row of failed) {
				expect(await app.rows(`${query} run_id=${runOf('broken')}`)).toContainEqual(
					expect.objectContaining({ seq: row.seq }),
				);
				const exception = await exceptionOf(row);
				expect(exception).toContain('The above exception was the direct cause');
				expect(exception).toBe(events.find(([name]) => name === 'TASK_ERROR')?.[3]);
			}
		},
	);

	test('what structlog logs, however it is set up, with its message and its task', async () => {
		const program = new PythonProcess(environment, ['structlog_ways.py'], env);
		expect(await program.read()).toBe('True');
		await app.untilCount(6, 'source=structlog');
		const rows = await app.rows('source=structlog', ['by']);
		expect(rows.map((row) => [row.level, row.message, row.task_id, row.fields?.[0]])).toEqual(
			['wrap_for_formatter', 'render_to_log_kwargs', 'JSONRenderer'].flatMap((by) => [
				['INFO', 'Report built', 'daily', by],
				['ERROR', 'Report failed', 'daily', by],
			]),
		);
		for (const row of rows.filter(({ level }) => level === 'ERROR')) {
			expect(await exceptionOf(row)).toMatch(/^Traceback [^]*\nValueError: bad input$/);
		}
		await program.end();
	});

	const exceptionOf = async ({ seq }: EntryRow) =>
		(await app.client.engine.getEntry({ seq }))?.exception;
});

/** The fields of an event, by which it is told apart from all others. */
const FIELDS = ['run_id', 'status', 'event'];

const isEvent = ({ logger }: EntryRow) => logger === EVENTS || logger === HISTORY;
const runIn = (row: EntryRow) => row.fields?.[0];
const recordText = ({ level, logger, message }: EntryRow) => `${level} ${logger} ${message}`;
const eventText = ({ task_id: task, fields = [] }: EntryRow) => [task ?? null, ...fields].join(' ');

/** What of a scheduler's events has to be there, in the words of `eventText`. */
function eventsOf({ carries }: Way, events: Account['events']): readonly string[] {
	const history = historyOf(events).map(([name, task, run]) => `${task} ${run} ${STATUS[name]} `);
	const own = events
		.filter(([name]) => !/^(?:EXECUTOR|STORE)_/.test(name)) // they are DEBUG
		.map(([name, task, run]) => {
			const event = name.toLowerCase().replace('_', '.');
			return [task, run, STATUS[name], event].join(' ');
		});
	return {
		everything: own,
		history,
		both: [...own, ...history],
		records: [],
	}[carries];
}

/** What the dashboard has of them: that a run began not if it is over by then. */
function historyOf(events: Account['events']): Account['events'] {
	return events.filter(
		([name, , run], at) =>
			name in STATUS &&
			!(name === 'TASK_SUBMITTED' && events.slice(0, at).some((earlier) => earlier[2] === run)),
	);
}

function identityOf(way: Way): string {
	return `worker ${WAYS.indexOf(way) + 1}`;
}

function shown(lines: string | undefined): string {
	if (lines === undefined) {
		throw new Error('There are no lines for this address');
	}
	return lines;
}
