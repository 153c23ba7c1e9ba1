import { expect, test } from 'vitest';
import { findHits } from '#shared/query/highlights.ts';
import { parseQuery } from '#shared/query/parse-query.ts';

test.each([
	['port', 'Port of Report', ['Port', 'port']],
	['aa', 'aaaaa', ['aaaa']],
	['a c', 'abc cab', ['a', 'c', 'ca']],
	['"b c"', 'abc b c', ['b c']],
	['time*out', 'Time is out, timeout', ['Time is out', 'timeout']],
	['*time*', 'a time', ['time']],
	['t?me', 'a time', ['time']],
	['/\\d+s/', 'after 15s or 3s', ['15s', '3s']],
	['/B/', 'abAB', ['B']],
	['/B/i', 'abAB', ['b', 'B']],
	['/x*/', 'axb', ['x']],
	['-a', 'a', []],
	['NOT (a OR b)', 'ab', []],
	['a OR b', 'a-b', ['a', 'b']],
	['message:b*', 'abc', ['b']],
	['message=ab', 'ab', ['ab']],
	['msg:/b./', 'abc', ['bc']],
	['exception:b task:b level:b', 'abc', []],
	['*:b', 'abc', ['b']],
	['x', 'İ x', ['x']],
	['i̇s', 'xxİs', []],
	['*', 'abc', []],
	['', 'abc', []],
	['"', 'a " b', ['"']],
])('%s finds in %s: %j', (query, message, expected) => {
	const hits = findHits(parseQuery(query).root, message);
	expect(hits.map(({ from, to }) => message.slice(from, to))).toEqual(expected);
});
