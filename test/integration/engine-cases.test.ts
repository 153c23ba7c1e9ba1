import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { EngineClient } from '../support/engine-client.ts';
import { firstDifference, Random } from '../support/entries.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { appendLog, asynczLine, newLog, numberedMessages } from '../support/write-log.ts';

// The cases that a log can bring about in the whole engine. Those of single files stand in
// test/unit/engine/sources, numbered alike.

test('case 12: a byte order mark belongs to the file, not to its first entry', async () => {
	const path = newLog();
	writeFileSync(path, `\ufeff${asynczLine('first')}\n${asynczLine('\ufeffsecond')}\n`);
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	await engine.untilRead();
	const rows = (await engine.rows()).toReversed();
	expect(rows.map(({ message, logger, flags }) => [message, logger, flags])).toEqual([
		['first', 'asyncz.task', 0],
		['\ufeffsecond', 'asyncz.task', 0],
	]);
	const entry = await engine.api.getEntry({ seq: rows[1]?.seq ?? 0 });
	expect(entry?.offset).toBe(3 + asynczLine('first').length + 1);
});

test('case 13: only a line feed ends a line, and a carriage return before it goes with it', async () => {
	const path = newLog();
	const lines = ['plain', 'with\rinside', 'with\u2028inside', asynczLine('record')];
	writeFileSync(path, lines.map((line) => `${line}\r\n`).join(''));
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	await engine.untilRead();
	appendFileSync(path, 'split\r');
	await until('the end to be held', async () => {
		return (await engine.state()).sources[0]?.ledger.held_bytes === 6;
	});
	appendFileSync(path, '\nlast\n');
	await engine.untilRead();
	expect((await engine.messages()).toReversed()).toEqual([
		'plain',
		'with\rinside',
		'with\u2028inside',
		'record',
		'split',
		'last',
	]);
});

test('case 22: clocks that jump change no order and lose no time', async () => {
	const stamps = [
		'1970-01-01 00:00:00+00:00',
		'2199-12-31 23:59:59.999999+00:00',
		'2026-03-29 02:30:00+01:00',
		'2026-03-29 02:30:00+02:00',
		'2016-12-31T23:59:60Z',
		'2026-11-23 10:00:00+00:00',
		'2026-11-22 10:00:00+00:00',
		'2026-11-24 10:00:00+00:00',
	];
	const path = newLog();
	writeFileSync(path, stamps.map((ts, index) => `${asynczLine(`m ${index}`, { ts })}\n`).join(''));
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	await engine.untilRead();
	const rows = (await engine.rows()).toReversed();
	expect(rows.map(({ message }) => message)).toEqual(stamps.map((_, index) => `m ${index}`));
	expect(rows.map(({ ts }) => ts)).toEqual([
		0,
		(Date.UTC(2200, 0, 1) - 1) * 1_000 + 999,
		Date.UTC(2026, 2, 29, 1, 30) * 1_000,
		Date.UTC(2026, 2, 29, 0, 30) * 1_000,
		Date.UTC(2017, 0, 1) * 1_000,
		Date.UTC(2026, 10, 23, 10) * 1_000,
		Date.UTC(2026, 10, 22, 10) * 1_000,
		Date.UTC(2026, 10, 24, 10) * 1_000,
	]);
});

test('case 23: lines out of order, spread over files, are all found by their time', async () => {
	const random = new Random(23);
	const start = Date.UTC(2026, 10, 22);
	const stamps = Array.from({ length: 20_000 }, (_, index) => start + index * 1_000);
	stamps.sort(() => random.next() - 0.5);
	const folder = temporaryFolder();
	const lines = stamps.map((ms) =>
		asynczLine(`at ${ms}`, { ts: new Date(ms).toISOString().replace('Z', '+00:00') }),
	);
	for (let file = 0; file < 5; file++) {
		const own = lines.slice(file * 4_000, (file + 1) * 4_000);
		writeFileSync(join(folder, `part-${file}.jsonl`), `${own.join('\n')}\n`);
	}
	const engine = await EngineClient.open(temporaryFolder());
	await engine.api.openSource({ type: 'folder', path: folder });
	await engine.untilRead();
	expect((await engine.rows()).length).toBe(stamps.length);
	const since = (start + 5_000_000) * 1_000;
	const until = (start + 5_999_000) * 1_000;
	const found = await engine.messages({ since, until });
	const expected = Array.from(
		{ length: 1_000 },
		(_, index) => `at ${start + 5_000_000 + index * 1_000}`,
	);
	expect(firstDifference(found.toSorted(), expected.sort())).toBeUndefined();
});

test('case 29: a slow window holds nothing up: events carry no rows, and stay few', async () => {
	const path = newLog(['first']);
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	await engine.untilRead();
	const messages = numberedMessages('late', 0, 50_000);
	for (let from = 0; from < messages.length; from += 5_000) {
		appendLog(path, messages.slice(from, from + 5_000));
	}
	await engine.untilStored(messages.length + 1);
	await engine.untilRead();
	const events = engine.events.filter(({ name }) => name === 'storageChanged').length;
	// Events say that there is something to ask for; they do not grow with what there is.
	expect(events).toBeLessThan(2_000);
	expect(await engine.api.count({})).toMatchObject({ matched: messages.length + 1 });
});

test('case 34: records and text mixed in one file are all kept, each as what it is', async () => {
	const lines = Array.from({ length: 4_000 }, (_, index) =>
		index % 4 === 3
			? `{"broken ${index}`
			: index % 2 === 0
				? asynczLine(`record ${index}`)
				: `WARNING: text ${index}`,
	);
	const path = newLog();
	writeFileSync(path, `${lines.join('\n')}\n`);
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	await engine.untilRead();
	const rows = (await engine.rows()).toReversed();
	expect(
		firstDifference(
			rows.map(({ message, flags, level }) =>
				[message, (flags & EntryFlag.quarantined) !== 0, level].join(),
			),
			lines.map((line, index) =>
				index % 4 === 3
					? [line, true, 'INFO'].join()
					: index % 2 === 0
						? [`record ${index}`, false, 'INFO'].join()
						: [line, false, 'WARNING'].join(),
			),
		),
	).toBeUndefined();
	expect(await engine.api.count({ quarantined: true })).toMatchObject({ matched: 1_000 });
	const [status] = (await engine.state()).sources;
	expect(status?.ledger).toMatchObject({ lines: 4_000, entries: 3_000, quarantined: 1_000 });
});

test('case 35: a second engine over the same data folder is refused', async () => {
	const folder = temporaryFolder();
	const path = newLog(['a']);
	const first = await EngineClient.open(folder);
	await first.openFile(path);
	const second = new EngineClient();
	await expect(second.control.open({ data_folder: folder })).rejects.toThrow(
		/in use by another AsyncZ Companion/,
	);
	appendFileSync(path, `${asynczLine('b')}\n`);
	await first.untilStored(2);
	expect(await first.messages()).toEqual(['b', 'a']);
});
