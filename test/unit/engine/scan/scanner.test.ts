import { createPlainScanner } from '#engine/scan/plain-scanner.ts';
import { LineStatus } from '#engine/scan/scanner.ts';
import type { LineScanner } from '#engine/scan/scanner.ts';
import { createWasmScanner } from '#engine/scan/wasm-scanner.ts';
import { describe, expect, it } from 'vitest';
import { scanText } from './record-lines.ts';

const SCANNERS = [
	{ name: 'in WebAssembly', create: createWasmScanner },
	{ name: 'in plain JavaScript', create: createPlainScanner },
];

const RECORD =
	'{"ts": "2026-11-22 10:19:46.278583+00:00", "level": "INFO", "message": "Report built", "logger": "asyncz.task", "task_id": "billing", "extra": {}}';

function statusOf(scanner: LineScanner, line: string | Buffer): number | undefined {
	return scanText(scanner, line).status[0];
}

describe.each(SCANNERS)('the line scanner $name', ({ create }) => {
	it('reads the columns of a record', () => {
		const scanner = create();
		const lines = scanText(scanner, `${RECORD}\n${RECORD.replace('"billing"', 'null')}\r\nplain\n`);
		expect(lines.count).toBe(3);
		expect([...lines.status]).toEqual([1, 1, 0]);
		expect(lines.ts[0]).toBe(Date.UTC(2026, 10, 22, 10, 19, 46) * 1_000 + 278_583);
		expect(scanner.text('level', lines.level[0] ?? 0)).toBe('INFO');
		expect(scanner.text('logger', lines.logger[1] ?? 0)).toBe('asyncz.task');
		expect(scanner.text('task', lines.task[0] ?? 0)).toBe('billing');
		expect(lines.task[1]).toBe(0);
		const start = lines.messageStart[1] ?? 0;
		expect(RECORD.slice(start, start + (lines.messageLength[1] ?? 0))).toBe('Report built');
		expect([...lines.starts]).toEqual([0, 147, 290, 296]);
	});

	it('finds no line in no input, and a last one without its LF', () => {
		const scanner = create();
		expect(scanText(scanner, '').count).toBe(0);
		expect([...scanText(scanner, '').starts]).toEqual([0]);
		expect([...scanText(scanner, '\n\na').starts]).toEqual([0, 1, 2, 3]);
		const lines = scanText(scanner, `${RECORD}\n${RECORD}`);
		expect([...lines.status]).toEqual([1, 1]);
		expect(lines.starts[2]).toBe(2 * RECORD.length + 1);
	});

	it('scans a part of the input and leaves the rest as it is', () => {
		const scanner = create();
		const bytes = Buffer.from(`${RECORD}\n${RECORD}\n`);
		const input = scanner.input(bytes.length);
		input.set(bytes);
		expect([...scanner.scan(RECORD.length).status]).toEqual([1]);
		expect(Buffer.from(input).equals(bytes)).toBe(true);
		expect([...scanner.scan(RECORD.length - 1).status]).toEqual([0]);
		expect([...scanner.scan(bytes.length).status]).toEqual([1, 1]);
	});

	it('knows nothing of the input before', () => {
		const scanner = create();
		scanText(scanner, `${RECORD}\n`.repeat(3));
		expect(statusOf(scanner, RECORD.slice(0, -1))).toBe(LineStatus.other);
		expect(statusOf(scanner, RECORD.slice(0, 40))).toBe(LineStatus.other);
		scanner.input(RECORD.length).fill(0x7d);
		expect(scanText(scanner, RECORD.slice(0, -1)).status[0]).toBe(LineStatus.other);
	});

	it.each([
		['a space before it', ` ${RECORD}`],
		['a byte order mark', `\ufeff${RECORD}`],
		['a NUL', `\0${RECORD}`],
		['something behind it', `${RECORD} x`],
		['another object behind it', `${RECORD}${RECORD}`],
		['a key twice', RECORD.replace('"extra"', '"level"')],
		['a key of its own', RECORD.replace('"extra"', '"msg"')],
		['an escaped key', RECORD.replace('"extra"', '"extr\\u0061"')],
		['a number as its level', RECORD.replace('"INFO"', '20')],
		['a small level', RECORD.replace('INFO', 'info')],
		['no level', RECORD.replace('INFO', '')],
		['no message', RECORD.replace('"Report built"', 'null')],
		['an object as its message', RECORD.replace('Report built', '{\\"event\\": \\"x\\"}')],
		['a dict behind a line end as its message', RECORD.replace('Report built', "\\n {'event': 1}")],
		['white space of Unicode before its message', RECORD.replace('Report', '\ufeff{')],
		['an empty task', RECORD.replace('billing', '')],
		['a number as its task', RECORD.replace('"billing"', '7')],
		['its task within', RECORD.replace('"billing"', 'null').replace('{}', '{"job_id": "x"}')],
		['no task and no extra', RECORD.replace(', "task_id": "billing", "extra": {}', '')],
		['a date that is none', RECORD.replace('11-22', '02-29')],
		['an hour that is none', RECORD.replace('10:19', '24:19')],
		['seven digits of a second', RECORD.replace('278583', '2785830')],
		['an invalid character', Buffer.from(RECORD.replace('built', 'b\xffilt'), 'latin1')],
		['a lone surrogate', RECORD.replace('built', '\\ud800')],
		['a tab in a text', RECORD.replace(' built', '\tbuilt')],
		['a number that begins with 0', RECORD.replace('{}', '01')],
		['too deep a value', RECORD.replace('{}', '['.repeat(100) + ']'.repeat(100))],
	])('does not take for a record what has %s', (_, line) => {
		const scanner = create();
		expect(statusOf(scanner, RECORD)).toBe(LineStatus.record);
		expect(statusOf(scanner, line)).toBe(LineStatus.other);
		expect(scanner.textCount('level')).toBe(1);
	});

	it.each([
		['an escape', 'a\\tb'],
		['a character beyond ASCII', 'Grüße'],
		['a pair of surrogates', '\\ud83d\\ude00'],
	])('says that a message has %s', (_, message) => {
		const line = RECORD.replace('Report built', message);
		expect(statusOf(create(), line)).toBe(LineStatus.recordWithCoding);
	});

	it('numbers texts in the order of their first use, until it forgets them', () => {
		const scanner = create();
		const tasks = ['a', 'b', 'a', 'ä'.repeat(100), 'a'.repeat(200), 'a'];
		const text = tasks.map((task) => `${RECORD.replace('billing', task)}\n`).join('');
		expect([...scanText(scanner, text).task]).toEqual([1, 2, 1, 3, 4, 1]);
		expect(scanner.text('task', 3)).toBe('ä'.repeat(100));
		expect(scanner.text('task', 4)).toBe('a'.repeat(200));
		expect(scanner.text('task', 0)).toBe('');
		expect(scanner.text('task', 5)).toBe('');
		expect(scanner.textCount('task')).toBe(4);
		scanner.forget();
		expect(scanner.textCount('task')).toBe(0);
		expect(scanner.text('task', 1)).toBe('');
		expect([...scanText(scanner, RECORD).task]).toEqual([1]);
		expect(scanner.text('task', 1)).toBe('billing');
	});

	it('leaves records to the decoder while it has no room for their texts', () => {
		const scanner = create();
		const levels = Array.from({ length: 1_100 }, (_, i) => RECORD.replace('INFO', `L${i}`));
		const lines = scanText(scanner, [...levels, RECORD.replace('INFO', 'L7')].join('\n'));
		expect(lines.status.indexOf(LineStatus.other)).toBe(1_024);
		expect(lines.status.filter((status) => status === LineStatus.other)).toHaveLength(76);
		expect(lines.level.at(-1)).toBe(8);
		scanner.forget();
		expect(statusOf(scanner, levels.at(-1) ?? '')).toBe(LineStatus.record);
	});

	it('reads a line of 8 MB, and 300,000 of one byte', () => {
		const scanner = create();
		const long = RECORD.replace('Report', 'x'.repeat(8_000_000));
		const lines = scanText(scanner, `${RECORD}\n${long}\n${RECORD}\n`);
		expect([...lines.status]).toEqual([1, 1, 1]);
		expect(lines.messageLength[1]).toBe(8_000_006);
		const short = scanText(scanner, '\n'.repeat(300_000));
		expect(short.count).toBe(300_000);
		expect(short.starts[299_999]).toBe(299_999);
		expect(short.status.every((status) => status === LineStatus.other)).toBe(true);
		expect([...scanText(scanner, RECORD).status]).toEqual([1]);
	});

	it('keeps the input while it scans it', () => {
		const scanner = create();
		const bytes = Buffer.from(`${RECORD}\n`.repeat(20_000));
		const input = scanner.input(bytes.length);
		input.set(bytes);
		scanner.scan(bytes.length);
		expect(Buffer.compare(input, bytes)).toBe(0);
	});
});
