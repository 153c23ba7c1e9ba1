import { expect, test } from 'vitest';
import { parseQuery } from '#shared/query/parse-query.ts';

test.each([
	['status:[500 TO 200]', 'status:[200 TO 500]'],
	['a status:500..200 b', 'a status:[200 TO 500] b'],
	['-duration:{2s TO 500ms}', '-duration:{500ms TO 2s}'],
	['level:[error TO debug]', 'level:[debug TO error]'],
	['ts:[now TO -1h]', 'ts:[-1h TO now]'],
	['ts:[2026-10-26 TO 2026-10-25]', 'ts:[2026-10-25 TO 2026-10-26]'],
	['status:([500 TO 200] OR 404)', 'status:([200 TO 500] OR 404)'],
	['"a b".c:[2 TO 1]', '"a b".c:[1 TO 2]'],
])('%s ends before it begins', (text, suggestion) => {
	expect(parseQuery(text).hint).toMatchObject({
		message: expect.stringContaining('ends before it begins') as string,
		suggestion,
	});
	expect(parseQuery(suggestion).hint).toBeUndefined();
});

test.each([
	'status:[200 TO 500]',
	'status:[5 TO 5]',
	'status:[* TO 5]',
	'size:[1MB TO 2s]',
	'ts:[2026-10-25T10:00 TO 2026-10-25]',
	'ts:[2026-10-26 TO now]',
	'name:[b TO a]',
])('%s does not, as far as is known', (text) => {
	expect(parseQuery(text).hint).toBeUndefined();
});
