import { isUtf8 } from 'node:buffer';
import { EntryFlag } from '#shared/model/entry.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { NOW } from './entries.ts';
import type { Random } from './entries.ts';

/** Words with what is hard to search for: case beyond ASCII, escapes, signs of SQL and of patterns. */
const WORDS = [
	'job',
	'Report built',
	'failed after',
	'3 retries',
	'100%',
	'a_b',
	'*.?[x]',
	'Straße',
	'ÄRGER',
	'İstanbul',
	'\u212Aelvin',
	'ſtop',
	'\u1E9E',
	'日本語',
	'😀',
	'e\u0301',
	'"quoted"',
	'back\\slash',
	'\ttab',
	'new\nline',
	'nul\u0000!',
	'\u2028',
	'\ud800',
	'a/b',
	'<&>',
	"it's",
	'Σίσυφος',
	'id=9007199254740993',
	'kKsS',
] as const;

const LEVELS = [
	'DEBUG',
	'INFO',
	'info',
	'WARNING',
	'warn',
	'ERROR',
	'CRITICAL',
	'fatal',
	'NOTICE',
	'odd level',
	'two\nlines',
	'INFO+2',
] as const;
const LOGGERS = ['asyncz.task', 'app', 'ключ', '', 'a"b'] as const;
const TASKS = ['nightly', 'Nightly', 'task-1', 'täsk', '', ' spaced ', '007'] as const;

/** Words one after the other, not well formed at times. */
export function randomMessage(random: Random): string {
	const words = Array.from({ length: 1 + random.below(4) }, () => random.pick(WORDS));
	return words.join(random.pick([' ', '', ', ']));
}

function randomTime(random: Random): string {
	const day = 10 + random.below(18);
	const micros = String(random.below(1_000_000)).padStart(6, '0');
	const zone = random.pick(['+00:00', 'Z', '+02:00']);
	return `2026-11-${day} 10:19:${10 + random.below(49)}.${micros}${zone}`;
}

/** As Python's `json.dumps` writes it: all beyond ASCII is escaped. */
function inAscii(json: string): string {
	return json.replace(
		/[\u007f-\uffff]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

function asyncz(random: Random): string {
	const json = JSON.stringify({
		ts: randomTime(random),
		level: random.pick(LEVELS),
		message: randomMessage(random),
		logger: random.pick(LOGGERS),
		task_id: random.chance(0.3) ? null : random.pick(TASKS),
		extra: random.chance(0.7) ? null : { note: randomMessage(random) },
	});
	return random.chance(0.3) ? inAscii(json) : json;
}

const TRACEBACK = [
	'Traceback (most recent call last):',
	'  File "/app/jobs.py", line 12, in run',
	'    work()',
	'ValueError: no such job',
];

const KINDS: readonly ((random: Random) => string)[] = [
	asyncz,
	asyncz,
	asyncz,
	asyncz,
	(random) => `${asyncz(random)}\n${TRACEBACK.join('\n')}`,
	(random) =>
		JSON.stringify({
			time: NOW - random.below(1e9),
			level: random.pick([10, 20, 30, 40, 50, 60]),
			msg: randomMessage(random),
			name: 'pino-app',
			pid: 1,
			hostname: 'h',
		}),
	(random) =>
		JSON.stringify({
			'@t': '2026-11-20T10:00:00.1234567Z',
			'@mt': '{Job} of {User} took {Ms} ms',
			'@l': random.pick(['Warning', 'Error', 'Fatal']),
			Job: randomMessage(random),
			User: random.pick(WORDS),
			Ms: random.below(1_000),
		}),
	(random) =>
		JSON.stringify({
			resourceLogs: [
				{
					scopeLogs: [
						{
							scope: { name: 'scope' },
							logRecords: Array.from({ length: 1 + random.below(5) }, () => ({
								timeUnixNano: `${NOW - random.below(1e9)}000000`,
								severityText: random.pick(['INFO', 'ERROR']),
								body: { stringValue: randomMessage(random) },
							})),
						},
					],
				},
			],
		}),
	(random) => asyncz(random).slice(0, 30 + random.below(40)),
	(random) => `${random.pick(['INFO', 'ERROR:', '[warn]'])} ${oneLine(randomMessage(random))}`,
	(random) => `worker ${oneLine(randomMessage(random))}\n${TRACEBACK.join('\n')}`,
	(random) => JSON.stringify({ level: 'error', nested: { message: randomMessage(random) } }),
	(random) => `{"level":"INFO","message":"twice","message":"${oneLine(random.pick(['a', 'b']))}"}`,
	(random) => JSON.stringify(randomMessage(random)),
];

function oneLine(text: string): string {
	return text.replace(/[\r\n]/g, ' ').toWellFormed();
}

/** The lines of one entry in a log, and what it has to read as. */
export interface GivenEntry {
	readonly bytes: Buffer;
	/** One for most, several for a line that holds several. */
	readonly rows: readonly Omit<EntryRow, 'seq' | 'source'>[];
	/** How many lines it is, blank ones behind it too. */
	readonly lines: number;
}

/** An entry of any of the formats, as the decoder alone says it reads. */
export function randomEntry(random: Random, mapping?: Mapping): GivenEntry {
	const text = random.pick(KINDS)(random);
	const end = random.chance(0.1) ? '\r\n' : '\n';
	const blank = random.chance(0.05) ? '\n' : '';
	const isBroken = random.chance(0.03);
	const body = Buffer.from(text.replaceAll('\n', end));
	const bytes = isBroken ? Buffer.concat([body, Buffer.from([0xff, 0xfe])]) : body;
	return givenEntry(Buffer.concat([bytes, Buffer.from(end + blank)]), mapping);
}

/** What these lines of one entry read as. */
export function givenEntry(bytes: Buffer, mapping?: Mapping): GivenEntry {
	const text = bytes.toString('utf8').trimEnd();
	const head = bytes.subarray(0, bytes.indexOf(0x0a));
	const more = isUtf8(head) ? 0 : EntryFlag.quarantined;
	const isContinued = text.includes('\n') ? EntryFlag.continued : 0;
	const rows = decodeEntry(bytes.toString('utf8').replace(/[\r\n]+$/, ''), {
		arrival: NOW * 1_000,
		...(mapping === undefined ? {} : { mapping }),
	}).map(({ ts, level, severity, logger, task_id, message, flags }) => ({
		ts,
		level,
		severity,
		logger,
		...(task_id === undefined ? {} : { task_id }),
		message,
		flags: flags | more | isContinued,
	}));
	return { bytes, rows, lines: bytes.toString('latin1').split('\n').length - 1 };
}

/** Entries one after the other. */
export function randomEntries(random: Random, count: number, mapping?: Mapping): GivenEntry[] {
	return Array.from({ length: count }, () => randomEntry(random, mapping));
}

export function bytesOf(entries: readonly GivenEntry[]): Buffer {
	return Buffer.concat(entries.map(({ bytes }) => bytes));
}

/** Something to search for: mostly a part of a message, in any case. */
export function randomText(random: Random, rows: readonly Pick<EntryRow, 'message'>[]): string {
	if (random.chance(0.2)) {
		return random.pick([...WORDS, 'absent', 'zzzz', '%', '_', '\\', '"', 'k', 's', 'ß', '\u0000']);
	}
	const { message } = random.pick(rows);
	const from = random.below(message.length);
	const part = message.slice(from, from + 1 + random.below(12));
	return random.pick([part, part.toUpperCase(), part.toLowerCase(), ` ${part} `]);
}
