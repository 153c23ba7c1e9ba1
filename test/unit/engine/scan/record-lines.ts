import type { LineScanner, ScannedLines } from '#engine/scan/scanner.ts';
import { createLineSource } from '../../../bench/generate-log.ts';
import type { Random } from '../../../support/entries.ts';

/** Pieces that a reader of JSON must look at twice. */
const PIECES = [
	['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\t', '\r', '\n', '\0', '\x1f', '\x7f'],
	['\\n', '\\"', '\\\\', '\\/', '\\u0041', '\\u00e9', '\\u212A', '\\ud83d\\ude00', '\\ud800'],
	['\\udc00', '\\u12', '\\x41', '\\u007b', 'é', '漢字', '\u{1f600}', '\u00a0', '\ufeff'],
	['0', '01', '-', '-0', '1.', '.5', '1e5', '1E+05', '1e', '-1.25e-3', 'NaN', 'Infinity'],
	['null', 'true', 'false', 'nul', '{}', '[]', '[1,]', '{"a":1}', '[[[]]]', '{"a":{"b":[]}}'],
	['"task_id": null', '"task_id": "t"', '"task_id": ""', '"task_id":1', '"extra": {}', '"a":1'],
	['"ts"', '"level"', '"message"', '"logger"', '"task_id"', '"extra"', '"job_id"', '"msg"'],
	['2026-02-29', '2024-02-29', '2026-12-31T23:59:59Z', '1969-12-31', '2201-01-01', '+05:30'],
	['-00:00', '+24:00', '.1', '.1234567', 'Z', 'T', 'info', 'WARN', ' INFO', "{'event': 1}"],
].flat();

const BROKEN_UTF8 = ['80', 'c080', 'c3', 'e08080', 'eda080', 'f0808080', 'f4908080', 'f5808080']
	.concat('ff', 'e284', 'f09f98')
	.map((hex) => Buffer.from(hex, 'hex'));

const STAMPS = [
	'2026-11-22 10:19:46.278583+00:00',
	'2026-11-22T10:19:46Z',
	'2024-02-29 23:59:59.9-11:30',
	'1970-01-01 00:00:00',
	'2200-12-31T00:00:00.000001+14:00',
	'2000-02-29 00:00:00.12',
];

const TEXTS = [
	['', 'Report built', 'a\\nb', 'café', '\\u00fcber', ' {', '\\t', '\\u000a', '「x」', '\u{1f600}'],
	[
		'{\\"event\\": 1}',
		"{'event': 1}",
		'\\ud83d\\ude00',
		'\\u007b',
		'\u00a0',
		'\ufeff',
		'\\ufeff',
		'\\"',
	],
].flat();

const EXTRAS = [
	['{}', 'null', '1', '[]', '"x"', '{"job_id": "j"}', '{"task\\u005fid": "j"}'],
	['{"a": {"job_id": 1}}', '{"run": "a\\"b", "n": [1, -2.5e3, {"deep": [true, false, null]}]}'],
	[98, 99, 100].map((depth) => `${'['.repeat(depth)}1${']'.repeat(depth)}`),
].flat();

/** A record as AsyncZ might write it, with its members in any order and number, valid JSON mostly. */
function oddRecord(random: Random): string {
	const space = () => (random.chance(0.1) ? random.pick(['  ', '\t', '']) : ' ');
	const members = [
		`"ts":${space()}"${random.pick(STAMPS)}"`,
		`"level":${space()}"${random.pick(['INFO', 'ERROR', 'Warn', 'TRACE', 'X', '', 'A B', 'A'.repeat(33)])}"`,
		`"message":${space()}"${random.pick(TEXTS)}${random.pick(TEXTS)}"`,
		`"logger":${space()}"${random.pick(['asyncz.task', '', 'l\u00f6g', 'x'.repeat(random.below(210))])}"`,
		`"task_id":${space()}${random.pick(['null', '"t1"', '""', `"${'y'.repeat(random.below(210))}"`])}`,
		`"extra":${space()}${random.pick(EXTRAS)}`,
	];
	if (random.chance(0.3)) {
		members.splice(random.below(6), 1);
	}
	if (random.chance(0.3)) {
		members.push(...members.splice(random.below(members.length), 1));
	}
	if (random.chance(0.1)) {
		members.push(random.pick([...members, '"host": "a"', '"msg": "b"']));
	}
	return `{${space()}${members.join(`,${space()}`)}}${random.pick(['', '', '', '\r', ' ', 'x'])}\n`;
}

/** Bytes with one thing changed. */
function mutated(line: Buffer, random: Random): Buffer {
	const from = random.below(line.length);
	const to = Math.min(line.length, from + random.below(random.chance(0.5) ? 3 : 40));
	const piece = random.chance(0.1) ? random.pick(BROKEN_UTF8) : Buffer.from(random.pick(PIECES));
	const middle = random.pick([
		piece,
		piece,
		Buffer.from([random.below(256)]),
		Buffer.alloc(0),
		line.subarray(from, to),
		Buffer.concat([line.subarray(from, to), line.subarray(from, to)]),
	]);
	return Buffer.concat([line.subarray(0, from), middle, line.subarray(to)]);
}

/** Makes lines of which about half are records, and nearly all of the others nearly so. */
export function createRecordLines(random: Random): () => Buffer {
	const nextLine = createLineSource(random.below(1_000));
	let index = 0;
	return () => {
		const isPlain = random.chance(0.5);
		let line: Buffer = Buffer.from(isPlain ? nextLine(index++) : oddRecord(random));
		while (random.chance(0.4)) {
			line = mutated(line, random);
		}
		return line;
	};
}

/** The lines of bytes, without their LFs. */
export function linesOf(bytes: Buffer): Buffer[] {
	const lines: Buffer[] = [];
	let start = 0;
	while (start < bytes.length) {
		const end = bytes.indexOf(0x0a, start);
		lines.push(bytes.subarray(start, end === -1 ? bytes.length : end));
		start = end === -1 ? bytes.length : end + 1;
	}
	return lines;
}

/** Scans a text, all of it. */
export function scanText(scanner: LineScanner, text: string | Buffer): ScannedLines {
	const bytes = Buffer.from(text);
	scanner.input(bytes.length).set(bytes);
	return scanner.scan(bytes.length);
}
