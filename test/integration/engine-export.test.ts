import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EngineClient } from '../support/engine-client.ts';
import { saveExport as save } from '../support/save-export.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { asynczLine, numberedMessages } from '../support/write-log.ts';

async function openLog(bytes: string | Buffer, name = 'app.log'): Promise<EngineClient> {
	const path = join(temporaryFolder(), name);
	writeFileSync(path, bytes);
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	return engine;
}

const TRACEBACK = 'Traceback (most recent call last):\r\n  File "a.py", line 1\r\nOSError: x\r\n';

/** What logs hold besides records: each line of it must come out as it went in. */
const STRANGE = Buffer.concat([
	Buffer.from(`\n\r\n${asynczLine('one')}\n${asynczLine('with "quotes" and ü')}\r\n\n\n`),
	Buffer.from(`plain text\n${TRACEBACK}\n`),
	Buffer.from([0xff, 0xfe, 0x41, 0x0a]),
	Buffer.from(`{"broken": \n${'x'.repeat(1_500_000)}\n${asynczLine('last')}\n`),
]);

describe('original lines', () => {
	test('are those of the file, byte for byte', async () => {
		const engine = await openLog(STRANGE);
		const { bytes, status } = await save(engine, { format: 'original' });
		expect(bytes.equals(STRANGE)).toBe(true);
		expect(status).toMatchObject({ state: 'done', missing: 0, fraction: 1, bytes: STRANGE.length });
	});

	test('come out of a compressed log, and go into one', async () => {
		const log = numberedMessages('m', 0, 5_000)
			.map((message) => `${asynczLine(message)}\n`)
			.join('');
		const engine = await openLog(gzipSync(log), 'app.log.gz');
		const { bytes } = await save(engine, { format: 'original', gzip: true });
		expect(gunzipSync(bytes).toString()).toBe(log);
	});

	test('are written once for a line that holds several entries', async () => {
		const line = JSON.stringify({
			resourceLogs: [{ scopeLogs: [{ logRecords: ['a', 'b', 'c'].map(otlpRecord) }] }],
		});
		const engine = await openLog(`${line}\n${asynczLine('x')}\n`);
		await engine.untilStored(4);
		const texts = await Promise.all(
			(['oldest', 'newest'] as const).flatMap((first) =>
				(['arrival', 'time'] as const).map(async (order) => {
					const filter = { query: 'message:b OR message:c' };
					return (await save(engine, { format: 'original', filter, first, order })).text;
				}),
			),
		);
		expect(texts).toEqual(Array.from({ length: 4 }, () => `${line}\n`));
	});
});

describe('the order', () => {
	const lines = ['b', 'd', 'a', 'c'].map((message, index) =>
		asynczLine(message, {
			ts: `2026-11-22 10:00:0${message.charCodeAt(0) - 96}.00000${index}+00:00`,
		}),
	);

	test.each([
		['arrival', 'oldest', 0, 'bdac'],
		['arrival', 'newest', 0, 'cadb'],
		['arrival', 'oldest', 2, 'ac'],
		['arrival', 'newest', 3, 'cad'],
		['time', 'oldest', 0, 'abcd'],
		['time', 'newest', 0, 'dcba'],
		['time', 'oldest', 3, 'bcd'],
		['time', 'newest', 1, 'd'],
	] as const)('by %s, %s first, %i of them', async (order, first, limit, expected) => {
		const engine = await openLog(lines.map((line) => `${line}\n`).join(''));
		await engine.untilStored(4);
		for (const format of ['jsonl', 'original'] as const) {
			const { text, status } = await save(engine, { format, order, first, limit });
			expect(messagesOf(text)).toBe(expected);
			expect(status.rows).toBe(expected.length);
		}
	});

	test('is kept by rows that are chosen one by one', async () => {
		const engine = await openLog(lines.map((line) => `${line}\n`).join(''));
		const rows = (await engine.rows()).map(({ seq }) => seq);
		const chosen = [rows[1] ?? 0, rows[3] ?? 0, 9_999_999];
		const { text } = await save(engine, { format: 'jsonl', rows: chosen, order: 'time' });
		expect(messagesOf(text)).toBe('ab');
	});
});

describe('records', () => {
	const lines = [
		asynczLine('one', { extra: { id: 1 } }),
		'{"ts": "2026-11-22 10:00:00+00:00", "level": "ERROR", "message": "n\\u00e4chste", "logger": "l", "task_id": null, "extra": {"n": 18446744073709551615, "x": 1.0}}',
		'{"time": 1795342787283, "level": 30, "msg": "pino", "pid": 1, "hostname": "h"}',
		`plain\n${TRACEBACK.trimEnd()}`,
	];

	test('are what LogEntry(**json.loads(line)) takes, those of AsyncZ as they were', async () => {
		const engine = await openLog(lines.map((line) => `${line}\n`).join(''));
		await engine.untilStored(4);
		const { text } = await save(engine, { format: 'jsonl' });
		expect(text.split('\n').slice(0, 2)).toEqual(lines.slice(0, 2));
		const read = python(
			`
from dataclasses import dataclass, asdict
from typing import Any
import json, sys
@dataclass(frozen=True)
class LogEntry:
    ts: str
    level: str
    message: str
    logger: str
    task_id: str | None = None
    extra: dict[str, Any] | None = None
print(json.dumps([asdict(LogEntry(**json.loads(line))) for line in sys.stdin]))
`,
			text,
		);
		expect(JSON.parse(read)).toMatchObject([
			{ message: 'one', extra: { id: 1 } },
			{ message: 'nächste', level: 'ERROR' },
			{ message: 'pino', level: 'INFO', extra: { pid: 1 } },
			{ message: 'plain', extra: { exception: expect.stringContaining('OSError: x') } },
		]);
	});
});

test('CSV has the same cells to another reader, and no formulas', async () => {
	const messages = ['=1+1', '-5', '-a', 'a "b", c;\nd', ' x ', 'ü', '@x', '', '\tT', '+4.5e3'];
	const lines = messages.map((message, at) =>
		asynczLine(message, { extra: { n: at, 'a.b': message } }),
	);
	const engine = await openLog(lines.map((line) => `${line}\n`).join(''));
	await engine.untilStored(messages.length);
	const columns = ['time', 'level', 'task', 'message', 'n', 'a.b', 'delta'];
	const { text } = await save(engine, { format: 'csv', columns });
	const read: unknown = JSON.parse(
		python(
			'import csv, json, sys; print(json.dumps(list(csv.reader(sys.stdin, strict=True))))',
			text,
		),
	);
	expect(read).toEqual([
		['ts', 'level', 'task_id', 'message', 'n', 'a.b'],
		...messages.map((message, at) => [
			'2026-11-22 10:19:46.278583+00:00',
			'INFO',
			'',
			defused(message),
			String(at),
			defused(message),
		]),
	]);
	expect(text.split('\r\n')).toHaveLength(messages.length + 2);
});

test('text is what a person reads, without what a terminal would act on', async () => {
	const engine = await openLog(
		`${asynczLine('red \u001b[31m and\nmore\u0007')}\nplain\n${TRACEBACK}`,
	);
	await engine.untilStored(2);
	const { text } = await save(engine, {
		format: 'text',
		precision: 3,
		columns: ['level', 'task', 'message'],
	});
	expect(text).toBe(
		'INFO      -  red  and\n    more⟨U+0007⟩\nINFO      -  plain\n' +
			'    Traceback (most recent call last):\n      File "a.py", line 1\n    OSError: x\n',
	);
});

function otlpRecord(text: string): object {
	return { timeUnixNano: '1', body: { stringValue: text } };
}

/** The messages of records, each of one letter. */
function messagesOf(text: string): string {
	return [...text.matchAll(/"message":"(\w)"/g)].map(([, message]) => message).join('');
}

/** What was no number and began as a formula does. */
function defused(cell: string): string {
	return /^[=@\t]|^-a/.test(cell) ? `'${cell}` : cell;
}

function python(script: string, input: string): string {
	return execFileSync('python3', ['-c', script], { input, maxBuffer: 2 ** 30 }).toString();
}
