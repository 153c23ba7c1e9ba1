import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import type { Query } from '#shared/model/query.ts';
import { EngineClient } from '../support/engine-client.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { asynczLine } from '../support/write-log.ts';

const TEXT = EntryFlag.plainText | EntryFlag.arrivalTime;

function newFile(...parts: readonly (string | Buffer)[]): string {
	const path = join(temporaryFolder(), 'app.log');
	fs.writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
	return path;
}

/** An engine with a file open, and all of that read. */
async function opened(path: string): Promise<EngineClient> {
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	await engine.untilRead();
	return engine;
}

const record = (value: string) => `{"message": "m", "extra": {"v": ${value}}}`;

const LINES: Readonly<Record<string, string>> = {
	NaN: record('NaN'),
	Infinity: record('[Infinity, -Infinity]'),
	'numbers beyond 2^53': record('9007199254740993'),
	'1.0 and -0': record('[1.0, -0, 1E5]'),
	'a key __proto__': '{"message": "m", "__proto__": {"polluted": 1}, "constructor": 2}',
	'keys twice': '{"message": "m", "a": 1, "a": 2}',
	escapes: record('"\\u00fc\\ud83d\\/"'),
	'odd spaces': '{ "message" :"m" ,"a":[ 1,2 ] }',
	depth: `{"message": "m", "a": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
	'a broken record': '{"message": "m", "a": ',
	'a list': '[1, 2]',
	null: 'null',
	HTML: '<img src=x onerror=alert(1)>',
	'terminal codes': '\u001b]0;title\u0007\u001b[31mred\u001b[0m',
	'right to left': '\u202eabc\u2066',
	'a NUL': 'a\0b',
	'a lone CR': 'a\rb',
	'line separators': 'a\u2028b\u2029c\u0085d',
	'an indented line at the beginning': '   x',
};

/** All entries in the order of the file, as the details pane gets them. */
async function entriesOf(engine: EngineClient, query: Partial<Query> = {}) {
	const rows = await engine.rows(query);
	const entries = await Promise.all(rows.map(({ seq }) => engine.api.getEntry({ seq })));
	return entries.toReversed();
}

describe('a line is shown as it was written', () => {
	test('whatever is in it', async () => {
		const engine = await EngineClient.open(temporaryFolder());
		const shown: Record<string, unknown> = {};
		for (const [name, line] of Object.entries(LINES)) {
			const { id } = await engine.openFile(newFile(`${line}\n`));
			shown[name] = (await entriesOf(engine, { source: id })).map((entry) => entry?.raw);
		}
		const expected = Object.entries(LINES).map(([name, line]) => [name, [line]]);
		expect(shown).toEqual(Object.fromEntries(expected));
		expect(engine.stderr).toBe('');
	});

	test('its extra keeps every digit, and keys are nothing but keys', async () => {
		const lines = [
			asynczLine('m').replace('"extra":null', '"extra":{"big":9007199254740993,"n":NaN,"one":1.0}'),
			'{"msg":"m","__proto__":{"a":1},"task_id":12345678901234567890}',
		];
		const engine = await opened(newFile(`${lines.join('\n')}\n`));
		expect(await entriesOf(engine)).toMatchObject([
			{ extra: '{"big": 9007199254740993, "n": NaN, "one": 1.0}' },
			{ extra: '{"__proto__": {"a":1}}', task_id: '12345678901234567890' },
		]);
	});
});

describe('a file', () => {
	test('with a byte order mark, CRLF, empty lines and no last newline', async () => {
		const lines = [asynczLine('a'), '', asynczLine('b'), '   ', 'c'];
		const engine = await EngineClient.open(temporaryFolder());
		await engine.openFile(newFile('\ufeff', lines.join('\r\n'), '\r\n', 'half'));
		const entries = await entriesOf(engine);
		expect(entries.map((entry) => [entry?.message, entry?.flags])).toEqual([
			['a', 0],
			['b', 0],
			['c', TEXT],
		]);
		expect((await engine.state()).sources).toMatchObject([
			{
				ledger: { held_bytes: 4, unread_bytes: 0, lines: 5, entries: 3, joined_lines: 2 },
				state: 'following',
			},
		]);
	});

	test('with bytes that are no UTF-8', async () => {
		const path = newFile(Buffer.from('a\xff\xfeb\n{"message": "\xe4"}\n', 'latin1'), 'ok\n');
		const engine = await opened(path);
		expect((await entriesOf(engine)).map((entry) => entry?.raw)).toEqual([
			'a\ufffd\ufffdb',
			'{"message": "\ufffd"}',
			'ok',
		]);
	});

	test('of tracebacks, chained, joined to their entries', async () => {
		const traceback = [
			'Traceback (most recent call last):',
			'  File "/app/jobs.py", line 7, in run',
			'KeyError: 1',
			'',
			'During handling of the above exception, another exception occurred:',
			'',
			'Traceback (most recent call last):',
			'  File "/app/jobs.py", line 9, in run',
			'ValueError: bad input',
		].join('\n');
		const engine = await opened(
			newFile(`${asynczLine('boom')}\n${traceback}\n${asynczLine('next')}\n`),
		);
		expect(await entriesOf(engine)).toMatchObject([
			{ message: 'boom', exception: traceback, flags: EntryFlag.continued },
			{ message: 'next', flags: 0 },
		]);
	});

	test('with lines of 1, 3 and 20 MB: what is over the limit is cut, and said to be', async () => {
		const [one, three, twenty] = [1_000_000, 3_000_000, 20_000_000].map((n) => 'x'.repeat(n));
		const path = newFile(
			`${asynczLine(one ?? '')}\n${asynczLine(three ?? '')}\n${twenty}\n${asynczLine('last')}\n`,
		);
		const engine = await opened(path);
		fs.appendFileSync(path, `${twenty}\n${asynczLine('live')}\n`);
		await engine.untilStored(6);
		await engine.untilRead();
		const entries = await entriesOf(engine);
		expect([entries[0]?.message === one, entries[0]?.flags]).toEqual([true, 0]);
		expect([entries[3]?.message, entries[5]?.message]).toEqual(['last', 'live']);
		const [long, longer, live] = [1, 2, 4].map((index) => entries[index]);
		for (const entry of [long, longer, live]) {
			expect(entry?.flags).toBe(TEXT | EntryFlag.cutLine | EntryFlag.quarantined);
			expect(entry?.message.length).toBe(1024 * 1024);
			expect(entry?.quarantine).toBe(
				'It is over 1,048,576 bytes long: only its beginning is read.',
			);
		}
		const rows = await engine.rows();
		expect(Math.max(...rows.map((row) => JSON.stringify(row).length))).toBeLessThan(2_000);
	}, 30_000);

	test('with columns of hundreds of kilobytes has rows that are short', async () => {
		const long = 'z'.repeat(300_000);
		const line = `{"message": "m", "level": "${long}", "logger": "${long}", "task_id": "${long}"}`;
		const engine = await opened(newFile(`${line}\n`.repeat(3)));
		const rows = await engine.rows();
		expect(rows).toHaveLength(3);
		expect(JSON.stringify(rows).length).toBeLessThan(20_000);
		const entry = await engine.api.getEntry({ seq: rows[0]?.seq ?? 0 });
		expect(entry?.raw === line).toBe(true);
	}, 30_000);

	test('of a million empty lines has no entry, and is followed', async () => {
		const path = newFile('\n'.repeat(1_000_000));
		const engine = await opened(path);
		fs.appendFileSync(path, '\n\nlast\n');
		await expect.poll(() => engine.messages(), { interval: 10, timeout: 10_000 }).toEqual(['last']);
		await engine.untilRead();
	}, 30_000);

	test('of 300,000 lines of one letter has them all', async () => {
		const engine = await opened(newFile('x\n'.repeat(300_000)));
		expect(await engine.api.count({})).toMatchObject({ matched: 300_000, complete: true });
	}, 30_000);

	test('that begins with a hole of 100 MB shows the line after it', async () => {
		const path = newFile();
		const file = fs.openSync(path, 'r+');
		onTestFinished(() => fs.closeSync(file));
		fs.writeSync(file, `${asynczLine('after the hole')}\n`, 100_000_000);
		const engine = await opened(path);
		expect(await entriesOf(engine)).toMatchObject([
			{
				message: 'after the hole',
				raw: asynczLine('after the hole'),
				offset: 100_000_000,
				flags: 0,
			},
		]);
	}, 30_000);
});
