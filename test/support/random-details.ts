import type { Random } from './entries.ts';

/** Keys as logs have them, and some that are hard to find. */
export const KEYS = [
	'user',
	'status',
	'duration_ms',
	'run_id',
	'tags',
	'ключ',
	'a.b',
	'scope',
	'7',
];

/** Values as JSON text: numbers in odd spellings, escapes, arrays, null. */
export const VALUES = [
	'500',
	'5e2',
	'5.00E+2',
	'-0',
	'1.5',
	'9007199254740993',
	'1e400',
	'"500"',
	'"1.5s"',
	'"250ms"',
	'"10 MB"',
	'"ok"',
	'"OK"',
	'"\\u006fk"',
	'"not found"',
	'"a\\/b"',
	'"ſtop"',
	'"\u212Aelvin"',
	'"4f0efcc6c8a3"',
	'"2026-11-20T10:00:00Z"',
	'"2026-11-20"',
	'""',
	'"null"',
	'null',
	'true',
	'false',
	'NaN',
	'[1, 500, "ok"]',
	'[{"id": 7}, {"id": 42}]',
	'[]',
	'{}',
] as const;

/** JSON text of an object, nested at times. */
export function randomExtra(random: Random, depth = 0): string {
	const members = Array.from({ length: random.below(4) }, () => {
		const value =
			depth < 2 && random.chance(0.25) ? randomExtra(random, depth + 1) : random.pick(VALUES);
		return `${JSON.stringify(random.pick(KEYS))}: ${value}`;
	});
	return `{${members.join(', ')}}`;
}

const FRAMES =
	'Traceback (most recent call last):\\n  File \\"/app/jobs.py\\", line 12, in run\\nValueError: no such job';

/** Lines of loggers that make an exception or an extra of parts, or wrap what others wrote. */
export const DETAILED: readonly ((random: Random) => string)[] = [
	asyncz,
	asyncz,
	asyncz,
	(random) => {
		const exc = `{"exc_type":"ValueError","exc_value":"no such job","frames":[{"filename":"/app/jobs.py","lineno":${random.pick(['12', '1.2e1'])},"name":"run"}]}`;
		return `{"event":"failed","level":"error","timestamp":"2026-11-20T10:00:00Z","exception":[${exc}]}`;
	},
	() =>
		'{"level":"error","time":"2026-11-20T10:00:00Z","message":"failed","error":"no such job","stack":[{"func":"run","line":"12","source":"jobs.go"}]}',
	(random) =>
		asyncz(random, `{'event': 'job done', 'user': 'bob', 'ok': True, 'n': None, 'x': -inf}`),
	(random) => {
		const [first, second] = ['{"message":"split in two","user":"bo', 'b","status":500}'];
		return random.chance(0.5)
			? wrapped(`${first}${second}\n`)
			: `${wrapped(first)}\n${wrapped(`${second}\n`)}`;
	},
	(random) =>
		JSON.stringify({
			resourceLogs: [
				{
					resource: { attributes: [{ key: 'service.name', value: { stringValue: 'api' } }] },
					instrumentationLibraryLogs: [
						{
							instrumentationLibrary: { name: 'lib' },
							logRecords: Array.from({ length: 1 + random.below(3) }, () => ({
								timeUnixNano: '1795342787000000000',
								severityText: 'INFO',
								body: { stringValue: 'call' },
								attributes: [
									{ key: 'status', value: { intValue: random.pick(['500', '7']) } },
									{ key: 'user', value: { stringValue: random.pick(['bob', 'Ann']) } },
								],
							})),
						},
					],
				},
			],
		}),
	(random) =>
		`{"@t":"2026-11-20T10:00:00Z","@mt":"{A}{B} done","A":"ab","B":"${random.pick(['cd', 'c'])}","user":"bob"}`,
];

function wrapped(log: string): string {
	return JSON.stringify({ log, stream: 'stderr', time: '2026-11-20T10:00:00.1Z' });
}

function asyncz(random: Random, message?: string): string {
	const level = random.pick(['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL']);
	const text =
		message ?? random.pick(['job done', 'job failed', 'ſtop', 'timeout after 5 s', 'ok']);
	const task = random.pick(['null', '"nightly"', '"Nightly"', '"007"']);
	const error = random.chance(0.2) ? `{"error": "${FRAMES}", "user": "bob"}` : undefined;
	const extra = error ?? (random.chance(0.2) ? 'null' : randomExtra(random));
	const second = 10 + random.below(50);
	return `{"ts": "2026-11-20T10:19:${second}.5+00:00", "level": "${level}", "message": ${JSON.stringify(text)}, "logger": "asyncz.task", "task_id": ${task}, "extra": ${extra}}`;
}
