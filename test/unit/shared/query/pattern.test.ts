import { expect, test } from 'vitest';
import { literalParts, patternOf } from '#shared/query/pattern.ts';

test.each([
	['Report built', 'Report built'],
	['Task 17 of "nightly" took 3.5 s', 'Task <n> of <text> took <n> s'],
	["Task 17 of 'nightly' took 3,5 s", 'Task <n> of <text> took <n> s'],
	["it's 5, isn't it", "it's <n>, isn't it"],
	['run 4f0efcc6c8a3d1b112aa done', 'run <id> done'],
	['run 01996C5A-5B1E-7D2C-8F00-1234567890ab done', 'run <id> done'],
	['deadbeef is a word, deadbee1 is none', 'deadbeef is a word, <id> is none'],
	['connect 10.0.0.1:8080 at 2026-11-26 10:19:46', 'connect <n> at <n>-<n>-<n> <n>'],
	['worker-3 of host01 waited 250ms', 'worker-<n> of host<n> waited <n>ms'],
	['', ''],
	['a "quote that never ends 5', 'a "quote that never ends <n>'],
	['5'.repeat(2_001), '<n>'],
	['ſ 日本語 5', 'ſ 日本語 <n>'],
])('%j is a %j', (message, pattern) => {
	expect(patternOf(message)).toBe(pattern);
});

test('A pattern is its own pattern', () => {
	const pattern = patternOf('Task 17 of "nightly" took 3.5 s, run 4f0efcc6c8a3');
	expect(patternOf(pattern)).toBe(pattern);
});

test('A pattern of long text that nearly is an id, or a quote, is soon found', () => {
	const odd = ["'a ".repeat(600), `${'a1'.repeat(900)}g`, '"\n'.repeat(900), '1.'.repeat(900)];
	expect(odd.map((text) => patternOf(text).length > 0)).toEqual([true, true, true, true]);
});

test.each([
	['task <n> failed', ['task ', ' failed']],
	['<id>', []],
	['n> ms', [' ms']],
	['xt> a', [' a']],
	['ex', []],
	['text of', ['text of']],
])('what surrounds placeholders in %j stands in the message', (text, parts) => {
	expect(literalParts(text)).toEqual(parts);
});
