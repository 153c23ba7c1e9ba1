import type { NewEntry } from '../log-storage.ts';

/** 2026-11-22 10:19:46.278583 UTC. */
export const START = 1_795_342_786_278_583;

/** An entry with the given fields, the others plain. */
export function newEntry(fields: Partial<NewEntry> = {}): NewEntry {
	return { ts: START, level: 'INFO', message: 'Built', logger: 'asyncz.task', ...fields };
}

/** Entries `from` to `to - 1`, a millisecond apart; their messages are `entry 0`, `entry 1` … */
export function numbered(from: number, to: number): readonly NewEntry[] {
	return Array.from({ length: to - from }, (_, index) =>
		newEntry({ ts: START + (from + index) * 1_000, message: `entry ${from + index}` }),
	);
}

/** Texts that have broken one storage or another. */
const TEXTS = [
	'',
	' between spaces ',
	'it\'s "quoted" `so` and $$so$$',
	'100 % of _all_ \\ back\\\\slash \\n \\u0041 \\x',
	'two\nlines\r\nand\tmore\r',
	'\u{1f600} \u{1f468}\u200d\u{1f469}\u200d\u{1f467} e\u0301 \u202eright to left\u202c',
	'\ufeffa byte order mark, \u2028 \u2029 \u0085 and \u007f',
	'control \u0001\u001b[31mred\u001b[0m',
	'nothing \0 there\0',
	'half a \ud83d character \ude00',
	"'; DROP TABLE asyncz_logs; --",
	'$1 %s {0} ${x} :name ? @p',
	'null',
	'0',
] as const;

/** Objects as JSON text, with what a parser may lose of them. */
const EXTRAS = [
	'{}',
	'{"run_id": "73c36fef8f2005bfb08c", "rows": 1520, "ok": true, "no": false, "none": null}',
	'{"big": 9007199254740993, "bigger": 123456789012345678901234567890, "small": -9007199254740993}',
	'{"one": 1.0, "tenth": 0.1, "long": 0.1000000000000000055511151231257827}',
	'{"e": 1e2, "E": 1.5E+3, "tiny": 1e-7, "zero": -0.0}',
	'{"not": NaN, "much": Infinity, "less": -Infinity}',
	'{"__proto__": {"polluted": true}, "constructor": 1, "toString": "x", "hasOwnProperty": null}',
	'{"": "no name", "a.b": 1, "a": {"b": 2}, "with \\"quotes\\"": 3, "\\u00e9": 4, "10": 5, "2": 6}',
	'{"z": 1, "a": 2, "m": 3}',
	'{"twice": 1, "twice": 2}',
	'{"nested": {"list": [1, [2, [3, {"deep": [null, true, {}]}]], []], "empty": {}}}',
	`{"deep": ${'['.repeat(60)}"bottom"${']'.repeat(60)}}`,
	'{\n\t"spaced": 1,\r\n\t"out":\t[\n1,\n2 ]\n}',
	'{"nul": "a\\u0000b", "half": "\\ud83d", "pair": "\\ud83d\\ude00", "line": "a\\nb", "slash": "\\/"}',
	'{"exception": "Traceback (most recent call last):\\n  File \\"a.py\\", line 1\\nValueError: no"}',
] as const;

/** Whole microseconds that a double holds, from the year 1 to 9999. */
const TIMES = [
	0,
	-1,
	1,
	-62_135_596_800_000_000,
	253_402_300_799_000_000,
	START,
	START + 1,
	START - 1,
	// As a float of seconds it would lose its last digit.
	4_102_444_799_999_999,
] as const;

/** What entries may be like, one thing at a time. */
export const ODD_ENTRIES: readonly NewEntry[] = [
	...TEXTS.map((message) => newEntry({ message })),
	...TEXTS.map((text) => newEntry({ task_id: text.trim() })),
	...TEXTS.filter((text) => text !== '').map((text) => newEntry({ logger: text.trim() })),
	newEntry({ logger: '' }),
	...EXTRAS.map((extra) => newEntry({ extra })),
	...TIMES.map((ts) => newEntry({ ts })),
	...['DEBUG', 'CRITICAL', 'WARN', 'AUDIT', 'INFO+2', 'ÄRGER', '7'].map((level) =>
		newEntry({ level }),
	),
];

const TASKS = [undefined, 'daily-report', 'Daily-Report', 'cleanup', 'a%b', 'a_b'] as const;
const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'WARN', 'AUDIT'] as const;
const LOGGERS = ['asyncz.schedulers', 'asyncz.executors.default', 'myapp', ''] as const;
const MESSAGES = [
	(n: number) => `Report ${n} built in ${n * 7} ms`,
	(n: number) => `TIMEOUT after ${n} s: 100% of "work" left`,
	(n: number) => `timeout_${n} \\ path\\to\\file`,
	(n: number) => `Ünïcode größer ${n} \u{1f600}`,
	(n: number) => `line ${n}\nsecond line`,
	() => 'the same again',
] as const;
const FIELDS = [
	() => undefined,
	(n: number) =>
		`{"run_id": "run-${n % 5}", "rows": ${n * 10}, "user": {"id": ${n}, "name": "Ann"}}`,
	(n: number) =>
		`{"duration": ${n}.50, "ok": ${n % 2 === 0}, "tags": ["a", "b${n % 3}"], "none": null}`,
	() => '{"big": 9007199254740993, "text": "9007199254740993", "a.b": "dotted"}',
	(n: number) =>
		`{"exception": "Traceback (most recent call last):\\n  File \\"t.py\\", line ${n}\\nKeyError: '${n}'"}`,
] as const;

/** Entries that differ in all that can be asked for; every fifth has the time of the one before. */
export const VARIED_ENTRIES: readonly NewEntry[] = Array.from({ length: 420 }, (_, n) => {
	const task = TASKS[n % TASKS.length];
	const extra = FIELDS[(n * 3) % FIELDS.length]?.(n);
	// Now and then one comes late.
	const late = n % 17 === 0 ? 5_000_000 : 0;
	return newEntry({
		ts: START + Math.floor(n - n / 5) * 250_000 - late,
		level: LEVELS[(n * 5) % LEVELS.length] ?? 'INFO',
		logger: LOGGERS[(n >> 2) % LOGGERS.length] ?? '',
		message: MESSAGES[(n >> 1) % MESSAGES.length]?.(n) ?? '',
		...(task === undefined ? {} : { task_id: task }),
		...(extra === undefined ? {} : { extra }),
	});
});
