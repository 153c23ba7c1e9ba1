import { describe, expect, test } from 'vitest';
import { messagesOf, secondOf } from '../../../src/renderer/lib/pasted-line.ts';

describe('what to look for of a pasted line', () => {
	test('is the message of a JSON line, then the line', () => {
		const line = '{"ts":"2026-11-22T10:19:46Z","level":"INFO","message":" it ran "}';
		expect(messagesOf(`${line}\n`)).toEqual(['it ran', line]);
		expect(messagesOf('{"msg":"from pino","pid":3}')[0]).toBe('from pino');
	});

	test('is the end of a copied row, the shortest part that can be a message first', () => {
		const row = '2026-11-22 10:28:41.902113 +00:00  ERROR  daily  asyncz  it broke  twice';
		expect(messagesOf(row)).toEqual([
			'it broke  twice',
			'asyncz  it broke  twice',
			'daily  asyncz  it broke  twice',
			row,
		]);
	});

	test('is the text itself, where it is a part of a message or of a line', () => {
		expect(messagesOf('  it broke ')).toEqual(['it broke']);
		expect(messagesOf('{"message":"cut of')).toEqual(['{"message":"cut of']);
		expect(messagesOf(' ')).toEqual([]);
	});
});

test('the second of a pasted line is that of its first time', () => {
	const second = Date.UTC(2026, 10, 22, 10, 19, 46) * 1_000;
	expect(secondOf('{"ts":"2026-11-22 10:19:46.278583+00:00"}')).toBe(second);
	expect(secondOf('2026-11-22 11:19:46.278583 +01:00  INFO')).toBe(second);
	expect(secondOf('{"ts":"2026-11-22T10:19:46Z"}')).toBe(second);
	expect(secondOf('2026-11-22 10:19:46,278 no zone')).toBe(second);
	expect(secondOf('it broke at 10:19:46')).toBeUndefined();
	expect(secondOf('2026-13-45 10:19:46')).toBeUndefined();
});
