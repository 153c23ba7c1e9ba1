import { beforeEach, describe, expect, test } from 'vitest';
import { QueryInTest } from './support/query-in-test.ts';

const MINUTE_US = 60_000_000;

let t: QueryInTest;

beforeEach(() => {
	t = new QueryInTest();
});

describe('typing', () => {
	test('is applied a moment after the last key', async () => {
		for (const text of ['t', 'ti', 'tim']) {
			t.query.type(text);
			await t.clock.pass(60);
		}
		expect([t.query.text, t.query.draft, t.asked.length]).toEqual(['', 'tim', 1]);
		await t.clock.pass(100);
		expect([t.query.text, t.asked.length]).toEqual(['tim', 2]);
	});

	test('waits longer where it is no valid query yet', async () => {
		t.query.type('level:');
		await t.clock.pass(900);
		expect(t.query.text).toBe('');
		await t.clock.pass(200);
		expect(t.query.text).toBe('level:');
		expect(t.query.parsed.problem).toBeDefined();
	});

	test('is applied at once with Enter, and before anything else that edits the query', () => {
		t.query.type('timeout');
		t.query.applyNow();
		expect(t.query.text).toBe('timeout');
		t.query.type('timeouts');
		t.query.only('level', 'ERROR');
		expect(t.query.text).toBe('timeouts level:ERROR');
		t.query.type('late');
		t.query.setRange({ kind: 'last', minutes: 15 });
		expect([t.query.text, t.query.range.kind]).toEqual(['late', 'last']);
	});

	test('says how each change came about', () => {
		const kinds: string[] = [];
		t.query.onChange = (kind) => kinds.push(kind);
		t.query.type('a');
		t.query.applyNow();
		t.query.set('b');
		t.query.set(' b ');
		t.query.setRange({ kind: 'last', minutes: 15 });
		expect(kinds).toEqual(['typed', 'step', 'step']);
	});

	test('asks nothing anew when only spaces were added', () => {
		t.query.set('timeout');
		t.query.set('timeout ');
		expect(t.asked).toHaveLength(2);
	});
});

describe('clicking', () => {
	test('narrows, widens and excludes', () => {
		t.query.set('"two words"');
		t.query.only('level', 'ERROR');
		t.query.include('level', 'CRITICAL');
		expect(t.query.text).toBe('"two words" level:(ERROR OR CRITICAL)');
		t.query.exclude('task_id', 'daily report');
		expect(t.query.text).toBe('"two words" level:(ERROR OR CRITICAL) -task_id:"daily report"');
		expect([t.query.hasField('level'), t.query.hasField('logger')]).toEqual([true, false]);
		t.query.without('level');
		expect(t.query.text).toBe('"two words" -task_id:"daily report"');
	});

	test('keeps in mind which clauses it has made', () => {
		t.query.set('logger:asyncz');
		t.query.only('user.id', '42');
		t.query.addClause('is:quarantined');
		expect([...t.query.clicked]).toEqual(['user.id:42', 'is:quarantined']);
	});

	test('starts from everything again', () => {
		t.query.set('timeout');
		t.query.setRange({ kind: 'last', minutes: 15 });
		t.query.reset();
		expect([t.query.isEmpty, t.asked.at(-1)]).toEqual([true, {}]);
	});
});

describe('times', () => {
	test('a range that ends now is resolved when it is asked for', () => {
		t.query.setRange({ kind: 'last', minutes: 15 });
		expect(t.asked.at(-1)).toEqual({ since: t.now - 15 * MINUTE_US });
		t.query.setRange({ kind: 'between', since: 5, until: 9 });
		expect(t.asked.at(-1)).toEqual({ since: 5, until: 9 });
		t.query.setRange({ kind: 'between', until: 9 });
		expect(t.asked.at(-1)).toEqual({ until: 9 });
	});

	test('it is resolved anew after a hundredth of its length', async () => {
		t.query.setRange({ kind: 'last', minutes: 15 });
		const asked = t.asked.length;
		await t.clock.pass(8_900);
		expect(t.renewed).toEqual([]);
		await t.clock.pass(200);
		expect(t.renewed).toEqual([{ since: t.now - 100_000 - 15 * MINUTE_US }]);
		await t.clock.pass(9_000);
		expect([t.renewed.length, t.asked.length]).toEqual([2, asked]);
	});

	test('never more often than each second, and not at all between two moments', async () => {
		t.query.setRange({ kind: 'last', minutes: 1 });
		await t.clock.pass(2_900);
		expect(t.renewed).toHaveLength(2);
		t.query.setRange({ kind: 'between', since: 5 });
		await t.clock.pass(60_000);
		expect(t.renewed).toHaveLength(2);
	});

	test('stands still while the view is paused, and is told soon after', async () => {
		t.query.setRange({ kind: 'last', minutes: 1 });
		t.paused = true;
		await t.clock.pass(10_000);
		expect(t.renewed).toEqual([]);
		t.paused = false;
		await t.clock.pass(1_000);
		expect(t.renewed).toHaveLength(1);
	});

	test('a query is told the moment and the zone only where it names times', () => {
		t.zone = 'Europe/Berlin';
		t.query.set('ts:>-15m level:error');
		expect(t.asked.at(-1)).toEqual({ query: 'ts:>-15m level:error', at: t.now });
		t.query.set('ts:2026-07-01');
		expect(t.asked.at(-1)).toEqual({ query: 'ts:2026-07-01', zone: 'Europe/Berlin' });
		t.query.set('ts:>10:28');
		expect(t.asked.at(-1)).toEqual({ query: 'ts:>10:28', at: t.now, zone: 'Europe/Berlin' });
		t.query.set('logger:asyncz.*');
		expect(t.asked.at(-1)).toEqual({ query: 'logger:asyncz.*' });
	});

	test('a relative time in the query is renewed like a range', async () => {
		t.query.set('ts:[-2h TO -10m]');
		await t.clock.pass(6_100);
		expect(t.renewed.map(({ at }) => at)).toEqual([t.now - 100_000]);
	});
});

describe('settings', () => {
	test('another zone asks a query with times anew, and no other one', () => {
		t.query.set('ts:2026-07-01');
		t.zone = 'Europe/Berlin';
		t.query.settingsChanged();
		expect(t.renewed).toEqual([{ query: 'ts:2026-07-01', zone: 'Europe/Berlin' }]);
		t.query.settingsChanged();
		t.query.set('timeout');
		t.zone = 'Asia/Tokyo';
		t.query.settingsChanged();
		expect(t.renewed).toHaveLength(1);
	});

	test('marks are told where they are asked for', () => {
		t.marked = [3, 5];
		t.query.set('is:marked timeout');
		expect(t.asked.at(-1)).toEqual({ query: 'is:marked timeout', marked: [3, 5] });
		t.marked = [3];
		t.query.settingsChanged();
		expect(t.renewed).toEqual([{ query: 'is:marked timeout', marked: [3] }]);
	});
});

describe('what is new', () => {
	test('came after the reader looked, and goes on to as long as it is asked for', () => {
		t.seenTo = { seq: 5, at: 1 };
		t.query.set('is:new');
		expect(t.asked.at(-1)).toEqual({ query: 'is:new', seen_to: 5 });
		t.seenTo = { seq: 9, at: 2 };
		t.query.settingsChanged();
		t.query.set('is:new timeout');
		expect(t.renewed).toEqual([]);
		expect(t.asked.at(-1)).toEqual({ query: 'is:new timeout', seen_to: 5 });
		t.query.set('timeout');
		t.query.set('-is:new');
		expect(t.asked.at(-1)).toEqual({ query: '-is:new', seen_to: 9 });
	});

	test('is known once the engine was heard of', () => {
		t.query.set('is:new');
		expect(t.asked.at(-1)).toEqual({ query: 'is:new' });
		t.seenTo = { seq: 7, at: 1 };
		t.query.settingsChanged();
		expect(t.renewed).toEqual([{ query: 'is:new', seen_to: 7 }]);
	});

	test('and only what came since stay the same over a reload', () => {
		t.seenTo = { seq: 5, at: 1 };
		t.query.set('is:new');
		t.query.setAfter({ seq: 3, at: 4 });
		t.seenTo = { seq: 9, at: 2 };
		t.reload();
		expect(t.asked.at(-1)).toEqual({ query: 'is:new', seen_to: 5, arrived_after: 3 });
		expect(t.query.after).toEqual({ seq: 3, at: 4 });
	});
});

describe('a reload', () => {
	test('keeps the query, its range and its chips', () => {
		t.query.set('timeout');
		t.query.only('user.id', '42');
		t.query.setRange({ kind: 'last', minutes: 60 });
		t.reload();
		expect([t.query.text, t.query.draft]).toEqual(['timeout user.id:42', 'timeout user.id:42']);
		expect([t.query.range, [...t.query.clicked]]).toEqual([
			{ kind: 'last', minutes: 60 },
			['user.id:42'],
		]);
		expect(t.asked.at(-1)).toEqual({
			query: 'timeout user.id:42',
			since: t.now - 60 * MINUTE_US,
		});
	});

	test.each(['', '{', '[]', '{"text": 3, "range": {"kind": "all"}, "clicked": []}', 'null'])(
		'begins empty when %j was kept',
		(text) => {
			t.memory.set('asyncz-companion.query', text);
			t.reload();
			expect(t.query.isEmpty).toBe(true);
		},
	);
});

test('the filter of another question is told for the same moment', async () => {
	t.query.set('timeout');
	t.query.setRange({ kind: 'last', minutes: 15 });
	const { since } = t.query.filter;
	await t.clock.pass(5_000);
	expect(t.query.filterWith({ text: 'is:late level:error' })).toEqual({
		query: 'is:late level:error',
		since,
	});
	expect(t.query.filterWith({ range: { kind: 'all' }, text: 'is:late' })).toEqual({
		query: 'is:late',
	});
});

test.each([
	['a:1 b:2', 'a:1 -b:2'],
	['a:1 -b:2', 'a:1 b:2'],
	['a:1 NOT b:2', 'a:1 b:2'],
	['a:1 (b:2 OR c:3)', 'a:1 -(b:2 OR c:3)'],
	['a:1 NOT(b:2)', 'a:1 (b:2)'],
	['a:1 --verbose', 'a:1 NOT --verbose'],
	['a:1 -OR', 'a:1 "OR"'],
	['a:1 NOT --verbose', 'a:1 --verbose'],
])('the last part of %j is turned round', (text, expected) => {
	t.query.set(text);
	const { root } = t.query.parsed;
	const part = root?.kind === 'and' ? root.parts.at(-1) : undefined;
	t.query.negateClause(part ?? { from: 0, to: 0 });
	expect(t.query.text).toBe(expected);
});

test('a click that would make it too long leaves it as it was', () => {
	const said: string[] = [];
	t.query.onTooLong = () => said.push('too long');
	const text = 'a'.repeat(9_990);
	t.query.set(text);
	t.query.only('source', 'one.jsonl');
	expect([t.query.text, t.query.draft, t.asked.length, said]).toEqual([
		text,
		text,
		2,
		['too long'],
	]);
	t.query.only('a', 'b');
	expect([t.query.text.length, said.length]).toEqual([9_994, 1]);
});
