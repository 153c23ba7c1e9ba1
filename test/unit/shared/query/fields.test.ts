import { describe, expect, test } from 'vitest';
import type { FieldPath } from '#shared/query/ast.ts';
import { fieldText, fieldValues } from '#shared/query/entry-fields.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { entryRow, Random } from '../../../support/entries.ts';

describe('A name', () => {
	test.each<[string, FieldPath]>([
		['level', { column: 'level' }],
		['task', { column: 'task_id' }],
		['time', { column: 'ts' }],
		['run', { path: ['run_id'] }],
		['name', { path: ['name'] }],
		['user.id', { path: ['user', 'id'] }],
		['extra.level', { path: ['level'] }],
		['extra', { path: ['extra'] }],
		['a[2].b', { path: ['a', '2', 'b'] }],
		['"a.b".c', { path: ['a.b', 'c'] }],
		['@4xx', { path: ['4xx'] }],
		['not a name', { path: ['not a name'] }],
		['4xx', { path: ['4xx'] }],
		['', { path: [''] }],
	])('%j is the field %j', (name, field) => {
		expect(fieldPath(name)).toEqual(field);
	});

	test('of any field is read back as that field, alone and in a query', () => {
		const random = new Random(3);
		const keys = 'a b-c d- level task run has extra 0 12 * a.b "q" \\ ä 😀 _x $y'.split(' ');
		const odd = ['', ' ', 'a b', ':', '(', '-'];
		const wrong: string[] = [];
		for (let index = 0; index < 5_000; index++) {
			const path = Array.from({ length: 1 + random.below(4) }, () =>
				random.pick([...keys, ...odd]),
			);
			const name = fieldName({ path });
			const { root } = parseQuery(`x ${name}:v`);
			const read = root?.kind === 'and' ? root.parts[1] : undefined;
			const fields = [fieldPath(name), read?.kind === 'field' ? read.field : undefined];
			if (fields.some((field) => JSON.stringify(field) !== JSON.stringify({ path }))) {
				wrong.push(`${JSON.stringify(path)} as ${name}`);
			}
		}
		expect(wrong).toEqual([]);
	});
});

const sources = new Map([[1, 'app.jsonl']]);
const entry: QueryEntry = {
	...entryRow({ ts: 5, task_id: 'daily', logger: '' }),
	extra:
		'{"n": 1.0, "s": "x", "o": {"k": [1, [2]]}, "z": null, "t": true, "a": [{"b": 1}, {"b": 2}]}',
};

test.each([
	['ts', [{ kind: 'number', text: '5' }]],
	['task', [{ kind: 'text', text: 'daily' }]],
	['logger', []],
	['exception', []],
	['source', [{ kind: 'text', text: 'app.jsonl' }]],
	['n', [{ kind: 'number', text: '1.0' }]],
	['z', [{ kind: 'null', text: 'null' }]],
	['t', [{ kind: 'boolean', text: 'true' }]],
	['missing', []],
	['n.deeper', []],
	[
		'o.k',
		[
			{ kind: 'object', text: '[1, [2]]' },
			{ kind: 'number', text: '1' },
			{ kind: 'object', text: '[2]' },
			{ kind: 'number', text: '2' },
		],
	],
	['o.*[0]', [{ kind: 'number', text: '1' }]],
	[
		'a.b',
		[
			{ kind: 'number', text: '1' },
			{ kind: 'number', text: '2' },
		],
	],
] as const)('An entry has at %s the values %j', (name, values) => {
	expect(fieldValues(entry, fieldPath(name), sources)).toEqual(values);
});

test.each([
	['n', '1.0'],
	['o', '{"k": [1, [2]]}'],
	['o.k', '[1, [2]]'],
	['z', null],
	['missing', null],
	['source', 'app.jsonl'],
	['level', 'INFO'],
])('A cell of %s shows %j', (name, text) => {
	expect(fieldText(entry, fieldPath(name), sources)).toBe(text);
});
