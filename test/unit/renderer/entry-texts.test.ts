import { describe, expect, test } from 'vitest';
import { markdownTable, rowLines, rowText } from '../../../src/renderer/lib/row-text.ts';
import { textBlocks } from '../../../src/renderer/lib/text-blocks.ts';
import { tracebackLines, tracebackParts } from '../../../src/renderer/lib/traceback-lines.ts';
import { makeRow } from './support/fake-engine.ts';

const TS = Date.UTC(2026, 10, 22, 10, 19, 46, 278) * 1_000 + 583;

test('a row is copied as it is shown, without what a terminal would act on', () => {
	const row = makeRow(1, { ts: TS, task_id: 'daily', message: '\u001b[31mred\u0007' });
	expect(rowText(row, 'utc')).toBe(
		'2026-11-22 10:19:46.278583 +00:00  INFO  daily  asyncz  red⟨U+0007⟩',
	);
});

test('several rows are copied as one line each', () => {
	const rows = ['one\ntwo', 'three'].map((message) => makeRow(1, { ts: TS, message }));
	expect(rowLines(rows, 'utc')).toBe(
		'2026-11-22 10:19:46.278583 +00:00  INFO  asyncz  one ↵ two\n' +
			'2026-11-22 10:19:46.278583 +00:00  INFO  asyncz  three',
	);
});

test('a table in Markdown has one line for each row, whatever stands in its cells', () => {
	const rows = [
		['a|b', 'one\ntwo'],
		['*x*', ''],
	];
	expect(markdownTable(['Task', 'Message'], rows)).toBe(
		['| Task | Message |', '| --- | --- |', '| a\\|b | one ↵ two |', '| \\*x\\* |  |'].join('\n'),
	);
});

function frame(path: string): readonly string[] {
	return [`  File "${path}", line 7, in f`, '    g()', '    ^^^'];
}

describe('a traceback', () => {
	test('says where, and what', () => {
		const text = [
			'Traceback (most recent call last):',
			'  File "billing/sync.py", line 88, in sync',
			'    response = await client.get(url)',
			'httpx.ReadTimeout: timeout after 10 s',
			'',
		].join('\n');
		expect(tracebackLines(text).map(({ kind }) => kind)).toEqual([
			'other',
			'place',
			'other',
			'error',
		]);
	});

	test('has the frames of libraries apart, but for the one that raised', () => {
		const lib = '/usr/lib/python3.12/asyncio/runners.py';
		const dependency = '/srv/.venv/lib/python3.12/site-packages/httpx/_client.py';
		const text = [
			'Traceback (most recent call last):',
			...frame('/srv/app/main.py'),
			...[lib, dependency, dependency].flatMap(frame),
			...frame('/srv/app/sync.py'),
			...frame(dependency),
			'httpx.ReadTimeout: timeout',
		].join('\n');
		const parts = tracebackParts(text);
		expect(parts.map(({ foldedFrames, lines }) => [foldedFrames, lines.length])).toEqual([
			[0, 4],
			[3, 9],
			[0, 7],
		]);
		expect(parts.flatMap(({ lines }) => lines.map((line) => line.text)).join('\n')).toBe(text);
		expect(parts[0]?.lines[1]?.place).toBe('/srv/app/main.py:7');
		const raised = [frame(lib), frame(dependency)].flat().join('\n');
		expect(tracebackParts(`${raised}\nE: x`).map(({ foldedFrames }) => foldedFrames)).toEqual([0]);
	});

	test.each([
		['    at f (/srv/a b/x.js:3:14)', '/srv/a b/x.js:3:14'],
		['    at async file:///srv/x.js:3:14', 'file:///srv/x.js:3:14'],
		['\tat com.acme.Job.run(Job.java:12)', 'Job.java:12'],
		['    at Array.map (<anonymous>)', undefined],
	])('finds the place in %j', (line, place) => {
		expect(tracebackLines(line)[0]).toEqual({
			text: line,
			kind: 'place',
			...(place === undefined ? {} : { place }),
		});
	});

	test('of JavaScript has its error first', () => {
		const lines = tracebackLines('TypeError: x is undefined\n    at f (a.js:1:2)');
		expect(lines.map(({ kind }) => kind)).toEqual(['error', 'place']);
	});
});

describe('long text', () => {
	test('is cut at ends of lines, and loses nothing else', () => {
		const text = Array.from({ length: 2_000 }, (_, line) => `line ${line}`).join('\n');
		const blocks = textBlocks(text);
		expect(blocks.length).toBeGreaterThan(3);
		expect(blocks.join('\n')).toBe(text);
	});

	test('without lines is cut between characters', () => {
		const text = `x${'😀'.repeat(10_000)}`;
		const blocks = textBlocks(text);
		expect(blocks.join('')).toBe(text);
		expect(blocks.every((block) => block.isWellFormed())).toBe(true);
	});
});
