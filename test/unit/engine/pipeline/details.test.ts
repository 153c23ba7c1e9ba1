import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as details from '#engine/pipeline/details.ts';
import { FORMAT_SAMPLES } from './format-samples.ts';

/** What the details say besides the format's name, which has its own tests. */
function readDetails(raw: string, part = 0) {
	const { format, ...rest } = details.readDetails(raw, part, { arrival: 0 });
	expect(format).not.toBe('');
	return rest;
}

const TRACEBACK = [
	'Traceback (most recent call last):',
	'  File "/app/jobs.py", line 7, in run',
	'    try: 1/0',
	'ZeroDivisionError: division by zero',
].join('\n');

const asyncz = (rest: string) =>
	`{"ts": "2026-11-22 10:19:46+00:00", "level": "ERROR", "message": "m", "logger": "l", ${rest}}`;

describe("AsyncZ's own records", () => {
	const lines = readFileSync('resources/samples/asyncz.jsonl', 'utf8').trimEnd().split('\n');

	test.each(lines.map((line) => [line]))('have their extra as it was written: %.80s', (line) => {
		const [, written] = /"extra": (\{.*\})\}$/.exec(line) ?? [];
		expect(readDetails(line)).toEqual(written === undefined ? {} : { extra: written });
	});

	test.each([
		['"extra": null', undefined],
		['"extra": {}', undefined],
		['"extra": {"a": 1.0, "b": [9007199254740993]}', '{"a": 1.0, "b": [9007199254740993]}'],
		['"extra": {"a": NaN, "a": -Infinity}', '{"a": NaN, "a": -Infinity}'],
		['"extra": {"__proto__": {"x": 1}}', '{"__proto__": {"x": 1}}'],
		['"extra": {"a": "\\u00fc\\/"}', '{"a": "\\u00fc\\/"}'],
		['"extra": {"a": 1}, "run_id": 7, "hostname": null', '{"a": 1, "run_id": 7, "hostname": null}'],
		['"extra": "a repr of something"', '{"extra": "a repr of something"}'],
		['"extra": [1, 2]', '{"extra": [1, 2]}'],
		['"extra": 5', '{"extra": 5}'],
		['"task_id": "a", "job_id": "b"', '{"job_id": "b"}'],
		['"extra": {"a": 1}, "time": 5, "name": "n"', '{"a": 1, "time": 5, "name": "n"}'],
		['"task_id": null, "time": 5', '{"time": 5}'],
	])('%s', (rest, extra) => {
		expect(readDetails(asyncz(rest.includes('extra') ? rest : `${rest}, "extra": null`))).toEqual(
			extra === undefined ? {} : { extra },
		);
	});
});

test.each(FORMAT_SAMPLES)('$format, $note: extra and exception', (sample) => {
	const { line, part, name, extra, exception } = sample;
	expect(details.readDetails(line, part, { arrival: 0 })).toEqual({
		format: name,
		...(extra === undefined ? {} : { extra }),
		...(exception === undefined ? {} : { exception }),
	});
});

test.each([
	['{"msg": "m", "ts": "soon", "time": 1795342786}', '{"ts": "soon"}'],
	['{"msg": "m", "level": {"name": "ERROR"}}', '{"level": {"name": "ERROR"}}'],
	['{"msg": "m", "level": "", "severity": "error"}', '{"level": ""}'],
	['{"msg": "m", "level": "info", "severity": "error"}', '{"severity": "error"}'],
])('of %s what no column shows is extra', (raw, extra) => {
	expect(readDetails(raw)).toEqual({ extra });
});

describe('an exception', () => {
	const text = JSON.stringify(TRACEBACK);

	test.each([
		['in the lines that followed', `{"msg": "m"}\n${TRACEBACK}\n`],
		['in lines behind plain text', `boom\n${TRACEBACK}`],
		['in extra.exception', asyncz(`"extra": {"exception": ${text}}`)],
		['in exc_text', `{"msg": "m", "exc_info": null, "exc_text": ${text}}`],
		['in extra.stack_info', asyncz(`"extra": {"rows": 1, "stack_info": ${text}}`)],
		['in err.stack', `{"msg": "m", "err": {"type": "E", "stack": ${text}}}`],
		['in error.traceback', `{"msg": "m", "error": {"traceback": ${text}}}`],
		['behind a text that is no traceback', `{"msg": "m", "exception": "E", "stack": ${text}}`],
		['with space behind it', `{"msg": "m", "exception": ${JSON.stringify(`${TRACEBACK}\n\n`)}}`],
	])('is found %s', (_, raw) => {
		expect(readDetails(raw).exception).toBe(TRACEBACK);
	});

	test("of JavaScript's form is one too", () => {
		const stack = 'Error: boom\n    at run (/app/jobs.js:1:2)';
		expect(readDetails(JSON.stringify({ msg: 'm', stack })).exception).toBe(stack);
	});

	test.each([
		['{"msg": "m", "error": "not found"}'],
		['{"msg": "m", "exc_info": true}'],
		['{"msg": "m", "error": null, "err": {}, "stack": []}'],
		['plain'],
		['{"msg": "m"}\n\n \n'],
	])('is not made of %j', (raw) => {
		expect(readDetails(raw).exception).toBeUndefined();
	});
});

test('a mark before the record does not hide what it has', () => {
	expect(readDetails('\ufeff{"msg": "m", "a": 1}')).toEqual({ extra: '{"a": 1}' });
	expect(readDetails('\0\0{"msg": "m", "a": 1}')).toEqual({ extra: '{"a": 1}' });
});

describe('hostile entries', () => {
	const keys = Array.from({ length: 300_000 }, (_, i) => `"k${i}":${i}`).join();

	test.each([
		['a deep line', `{"msg": "m", "x": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`, undefined],
		['an extra of 300,000 keys', asyncz(`"extra": {${keys}}`), '"k299999": 299999'],
		['an error of newlines', `{"msg": "m", "error": "${'\\n'.repeat(1_000_000)}"}`, '\\n'],
		['an error of spaces', `{"msg": "m", "error": "${' '.repeat(2_000_000)}"}`, ' '],
		[
			'an error of tabs and newlines',
			`{"msg": "m", "error": "${'\\t\\n'.repeat(500_000)}"}`,
			'\\n',
		],
	])('%s is read quickly', (_, raw, part) => {
		const begin = performance.now();
		const { extra } = readDetails(raw);
		expect(performance.now() - begin).toBeLessThan(10_000);
		expect(part === undefined ? extra === undefined : extra?.includes(part)).toBe(true);
	});
});

test('extra that is nested too deeply to be taken apart is said to be so, not left out', () => {
	const deep = `${'['.repeat(250)}${']'.repeat(250)}`;
	const line = `{"ts": "2026-11-22 10:00:00+00:00", "level": "INFO", "message": "m", "logger": "l", "task_id": null, "extra": {"a": ${deep}}}`;
	expect(readDetails(`${line}\n${TRACEBACK}`)).toEqual({
		extraProblem: 'It is nested deeper than 200 levels: see the raw line.',
		quarantine: 'It is nested deeper than 200 levels: see the raw line.',
		exception: TRACEBACK,
	});
});
