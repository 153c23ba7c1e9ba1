import { beforeEach, expect, test } from 'vitest';
import type { Filter } from '#shared/model/query.ts';
import { FilterFields } from '../../../src/renderer/state/filter-fields.svelte.ts';
import { ManualClock } from './support/manual-clock.ts';

let clock: ManualClock;
let applied: Filter[];
let memory: Map<string, string>;

function makeFields(): FilterFields {
	return new FilterFields((filter) => applied.push(filter), clock, {
		getItem: (key) => memory.get(key) ?? null,
		setItem: (key, value) => void memory.set(key, value),
	});
}

beforeEach(() => {
	clock = new ManualClock();
	applied = [];
	memory = new Map();
});

test('applies typed text a moment after the last key', async () => {
	const fields = makeFields();
	applied.length = 0;
	for (const text of ['t', 'ti', 'tim']) {
		fields.q = text;
		fields.typed();
		await clock.pass(60);
	}
	expect(applied).toEqual([]);
	await clock.pass(100);
	expect(applied).toEqual([{ q: 'tim' }]);
});

test('applies nothing when the filter is the same', async () => {
	const fields = makeFields();
	applied.length = 0;
	fields.q = '   ';
	fields.typed();
	await clock.pass(200);
	fields.clear();
	expect(applied).toEqual([]);
});

test('tells a level from a level and above', () => {
	const fields = makeFields();
	fields.setLevel('ERROR');
	fields.setLevel('WARNING+');
	fields.setLevel('');
	expect(applied).toEqual([{}, { level: 'ERROR' }, { min_level: 'WARNING' }, {}]);
});

test('remembers the fields over a reload', () => {
	const fields = makeFields();
	fields.task_id = ' daily ';
	fields.q = 'x';
	fields.source = 3;
	fields.setLevel('ERROR+');
	const again = makeFields();
	expect(applied.at(-1)).toEqual({ task_id: 'daily', min_level: 'ERROR', q: 'x', source: 3 });
	expect([again.task_id, again.level]).toEqual([' daily ', 'ERROR+']);
});

test.each(['', '{', '[]', '{"task_id": 3, "level": "", "q": ""}', 'null'])(
	'begins empty when %j was remembered',
	(text) => {
		memory.set('asyncz-companion.filter', text);
		expect(makeFields().isEmpty).toBe(true);
	},
);

test('names its conditions, and the filter without each of them', () => {
	const fields = makeFields();
	fields.task_id = 'daily';
	fields.q = 'x';
	fields.source = 3;
	fields.setLevel('ERROR+');
	const rest = { task_id: 'daily', min_level: 'ERROR', q: 'x', source: 3 };
	const { q: _q, ...withoutSearch } = rest;
	const { task_id: _task, ...withoutTask } = rest;
	const { min_level: _level, ...withoutLevel } = rest;
	const { source: _source, ...withoutSource } = rest;
	expect(fields.clauses(() => 'a.jsonl')).toEqual([
		{ field: 'q', label: 'Search', value: 'x', without: withoutSearch },
		{ field: 'task_id', label: 'Task ID', value: 'daily', without: withoutTask },
		{ field: 'level', label: 'Level', value: 'ERROR and above', without: withoutLevel },
		{ field: 'source', label: 'Source', value: 'a.jsonl', without: withoutSource },
	]);
	fields.remove('source');
	fields.remove('level');
	expect(applied.at(-1)).toEqual({ task_id: 'daily', q: 'x' });
});

test('quarantined lines are one more condition, which works with the others', () => {
	const fields = makeFields();
	fields.q = 'x';
	fields.quarantined = true;
	fields.applyNow();
	expect(applied.at(-1)).toEqual({ q: 'x', quarantined: true });
	expect(fields.clauses(() => '').at(-1)).toEqual({
		field: 'quarantined',
		label: 'Quarantined',
		value: 'only',
		without: { q: 'x' },
	});
	expect(makeFields().quarantined).toBe(true);
	fields.remove('quarantined');
	expect(applied.at(-1)).toEqual({ q: 'x' });
	fields.quarantined = true;
	fields.clear();
	expect([applied.at(-1), fields.quarantined]).toEqual([{}, undefined]);
});
