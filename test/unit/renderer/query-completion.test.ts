import { beforeEach, describe, expect, test } from 'vitest';
import type { FieldList, ValueList, ValuesQuery } from '#shared/model/query.ts';
import { QueryCompletion } from '../../../src/renderer/state/query/query-completion.svelte.ts';

const FIELDS: FieldList = {
	rows: 1_000,
	fields: [
		{ name: 'level', count: 1_000, kind: 'text' },
		{ name: 'status', count: 900, kind: 'number' },
		{ name: 'user.id', count: 7, kind: 'number' },
	],
};

let asked: ValuesQuery[];
let answer: () => Promise<ValueList>;
let history: string[];
let stored: number;
let completion: QueryCompletion;

beforeEach(() => {
	asked = [];
	history = [];
	stored = 1_000;
	answer = async () => ({
		values: [
			{ value: 'daily report', count: 1_204 },
			{ value: 'sync', count: 3 },
		],
	});
	completion = new QueryCompletion(
		{
			getFields: async () => FIELDS,
			getValues: async (query) => {
				asked.push(query);
				return answer();
			},
		},
		() => history,
		() => stored,
	);
});

/** Proposes at the `|`. */
async function propose(marked: string, isAsked = false): Promise<void> {
	await completion.propose(marked.replace('|', ''), marked.indexOf('|'), isAsked);
}

/** Label and note of each proposal. */
function shown(): readonly string[] {
	return completion.isOpen
		? completion.proposals.map(({ label, note }) => `${label} ${note}`.trim())
		: [];
}

/** The query with the proposal of this label, the caret marked. */
function taken(label: string): string | undefined {
	const found = completion.proposals.find((proposal) => proposal.label === label);
	return found && `${found.text.slice(0, found.caret)}|${found.text.slice(found.caret)}`;
}

describe('fields', () => {
	test('those that begin with what was begun come first', async () => {
		await propose('s|');
		expect(shown()).toEqual([
			'source',
			'status 900',
			'ts a time',
			'message',
			'task_id',
			'is a state',
			'has a field',
			'user.id 7',
		]);
	});

	test('are put in the place of what was begun, and of nothing else', async () => {
		await propose('timeout -st|at level:error');
		expect(taken('status')).toBe('timeout -status:| level:error');
		await propose('le|vel:error');
		expect(taken('logger')).toBeUndefined();
		await propose('l|evel:error');
		expect(taken('logger')).toBe('logger:|error');
	});

	test('after has: they are the value', async () => {
		await propose('has:us|');
		expect(taken('user.id')).toBe('has:user.id |');
		await propose('has:i|');
		expect(shown().join()).not.toContain('a state');
	});

	test('are not offered where nothing was begun, unless they are asked for', async () => {
		await propose('|');
		expect(shown()).toEqual([]);
		await propose('timeout |');
		expect(shown()).toEqual([]);
		await propose('|', true);
		expect(shown()).toContain('status 900');
	});
});

test('counts say of how many entries they are, if not of all', async () => {
	stored = 5_000_000;
	await propose('stat|');
	expect(shown()).toEqual(['status 900 of 1,000']);
	answer = async () => ({ values: [{ value: '500', count: 3 }], rows: 1_000 });
	await propose('status:|');
	expect(shown()).toEqual(['500 3 of 1,000']);
	answer = async () => ({ values: [{ value: 'daily', count: 1_204 }] });
	await propose('task:|');
	expect(shown()).toEqual(['daily 1,204']);
});

describe('values', () => {
	test('come with their counts, in quotes where they need them', async () => {
		await propose('task:da|');
		expect(asked).toEqual([{ field: 'task_id', search: 'da', limit: 20 }]);
		expect(shown()).toEqual(['"daily report" 1,204', 'sync 3']);
		expect(taken('"daily report"')).toBe('task:"daily report" |');
		await propose('task:(sync OR d|)');
		expect(taken('"daily report"')).toBe('task:(sync OR "daily report" |)');
	});

	test('states and times are known', async () => {
		await propose('is:e|');
		expect(shown()[0]).toBe('error ERROR or worse');
		await propose('ts:|');
		expect(taken('>-1h')).toBe('ts:>-1h |');
		await propose('ts>=-2|');
		expect(shown()).toEqual(['-24h a day ago']);
	});

	test('that nobody can tell leave the bar usable', async () => {
		answer = () => Promise.reject(new Error('gone'));
		await propose('task:da|');
		expect([completion.isOpen, completion.next]).toEqual([false, undefined]);
	});
});

test('operators are offered in upper case only', async () => {
	await propose('timeout O|');
	expect(taken('OR')).toBe('timeout OR |');
	await propose('timeout o|');
	expect(taken('OR')).toBeUndefined();
});

test('an empty bar has the queries asked before', async () => {
	history = ['level:error', 'timeout'];
	await propose('|', true);
	expect(shown().slice(0, 2)).toEqual(['level:error asked before', 'timeout asked before']);
	expect(taken('timeout')).toBe('timeout|');
	await propose('t|', true);
	expect(shown().join()).not.toContain('asked before');
});

test('the keys go through the list, and out of it at both ends', async () => {
	await propose('task:|');
	expect(completion.chosen).toBeUndefined();
	const labels = [];
	for (const step of [1, 1, 1, 1, -1, -1] as const) {
		completion.move(step);
		labels.push(completion.chosen?.label);
	}
	expect(labels).toEqual([
		'"daily report"',
		'sync',
		undefined,
		'"daily report"',
		undefined,
		'sync',
	]);
	completion.close();
	expect(completion.isOpen).toBe(false);
});

test('Tab takes the first one where something was begun', async () => {
	await propose('task:|');
	expect(completion.next).toBeUndefined();
	await propose('stat|');
	expect(completion.next?.label).toBe('status');
});

test('an answer that comes too late is not shown', async () => {
	const answers: ((list: ValueList) => void)[] = [];
	answer = () => new Promise((resolve) => answers.push(resolve));
	const first = propose('task:d|');
	await propose('level|');
	answers[0]?.({ values: [{ value: 'daily', count: 1 }] });
	await first;
	expect(shown()).toEqual(['level 1,000']);
	const second = propose('task:d|');
	completion.close();
	answers[1]?.({ values: [{ value: 'daily', count: 1 }] });
	await second;
	expect(completion.isOpen).toBe(false);
});
