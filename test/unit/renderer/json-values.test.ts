import { expect, test } from 'vitest';
import { jsonValues, pathLabel } from '../../../src/renderer/lib/json-values.ts';

const namesIn = (json: string) =>
	jsonValues(json).map(({ path, text }) => `${pathLabel(path)}=${text}`);

test('lists the values of a record in its order, from the outside in', () => {
	expect(
		namesIn(
			'{"when": 1795342787.10, "sev": "bad", "ctx": {"job": "a", "deep": {"ok": true}}, "n": null}',
		),
	).toEqual(['when=1795342787.10', 'sev=bad', 'ctx.job=a', 'ctx.deep.ok=true', 'n=null']);
});

test('leaves out what a mapping cannot name: lists and what is in them, empty keys', () => {
	expect(namesIn('{"list": [1, {"a": 2}], "": 3, "empty": {}, "b": 4}')).toEqual(['b=4']);
	const deep = `${'{"k":'.repeat(17)}1${'}'.repeat(17)}`;
	expect(namesIn(deep)).toEqual([]);
	expect(namesIn(deep.slice(5, -1))).toHaveLength(1);
	expect(namesIn(JSON.stringify({ ['k'.repeat(1_001)]: 1, b: 2 }))).toEqual(['b=2']);
});

test('of a key that stands there twice the last one counts', () => {
	expect(jsonValues('{"a": 1, "b": 2, "a": 3}')).toEqual([
		{ path: ['b'], place: '/1', text: '2' },
		{ path: ['a'], place: '/2', text: '3' },
	]);
});

test('keys that hold a dot are told from nested ones', () => {
	expect(namesIn('{"a.b": 1, "a": {"b": 2}}')).toEqual(['"a.b"=1', 'a.b=2']);
});

test.each(['', 'no json', '[1, 2]', '"text"', '{"half": '])('finds nothing in %j', (text) => {
	expect(jsonValues(text)).toEqual([]);
});
