import { beforeEach, describe, expect, test } from 'vitest';
import type { MappingPreview } from '#shared/api/engine.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import {
	changedFields,
	MappingEditor,
} from '../../../src/renderer/state/sources/mapping-editor.svelte.ts';
import { makeRow } from './support/fake-engine.ts';
import { ManualClock, settle } from './support/manual-clock.ts';

const oddLine = (seq: number) =>
	`{"when": ${1_795_342_787 + seq}, "sev": "bad", "txt": "text ${seq}", "ctx": {"job": "a"}}`;

let clock: ManualClock;
let asked: { readonly mapping: Mapping; readonly seq?: number }[];
let set: unknown[];
let newest: number;
let fail: string | undefined;

/** An engine whose source has these lines; a mapping of level and message shows in them. */
function makeEditor(seq?: number): MappingEditor {
	const api = {
		previewMapping: async (params: { readonly mapping: Mapping; readonly seq?: number }) => {
			asked.push(params);
			await settle();
			if (fail !== undefined) {
				throw new Error(fail);
			}
			const first = params.seq === undefined ? [] : [params.seq];
			const seqs = [...first, newest, newest - 1, newest - 2];
			return seqs.map((number) => previewOf(number, params.mapping));
		},
		setMapping: async (params: unknown) => {
			set.push(params);
			if (fail !== undefined) {
				throw new Error(fail);
			}
		},
	};
	return new MappingEditor(api, clock, { id: 4, seq });
}

function previewOf(seq: number, mapping: Mapping): MappingPreview {
	const before = makeRow(seq, { message: oddLine(seq) });
	const after = {
		...before,
		...(mapping.level === undefined ? {} : { level: 'BAD' }),
		...(mapping.message === undefined ? {} : { message: `text ${seq}` }),
	};
	return { raw: oddLine(seq), before, after };
}

beforeEach(() => {
	clock = new ManualClock();
	asked = [];
	set = [];
	newest = 100;
	fail = undefined;
});

describe('the editor of columns', () => {
	test('begins with the newest lines as they read now, and their values to choose from', async () => {
		const editor = makeEditor();
		expect(editor.previews).toBeUndefined();
		await settle();
		expect(asked).toEqual([{ id: 4, mapping: {} }]);
		expect([editor.isEmpty, editor.isStale, editor.changedCount]).toEqual([true, false, 0]);
		expect(editor.values.map(({ path }) => path.join('.'))).toEqual([
			'when',
			'sev',
			'txt',
			'ctx.job',
		]);
	});

	test('begins with the entry it was opened from', async () => {
		const editor = makeEditor(12);
		await settle();
		expect(editor.json).toBe(oddLine(12));
		expect(asked[0]).toEqual({ id: 4, mapping: {}, seq: 12 });
	});

	test('shows what several choices in a row would change, with one question', async () => {
		const editor = makeEditor();
		await settle();
		editor.choose('level', ['sev']);
		await clock.pass(100);
		editor.choose('message', ['txt']);
		expect([asked.length, editor.isStale]).toEqual([1, true]);
		await clock.pass(200);
		expect(asked.at(-1)?.mapping).toEqual({ level: ['sev'], message: ['txt'] });
		expect([asked.length, editor.isStale, editor.changedCount]).toEqual([2, false, 3]);
		editor.choose('level', undefined);
		await clock.pass(200);
		expect(editor.mapping).toEqual({ message: ['txt'] });
	});

	test('takes clicked values for one column after the other', async () => {
		const editor = makeEditor();
		await settle();
		editor.pick('/0');
		expect([editor.mapping, editor.field]).toEqual([{ time: ['when'] }, 'level']);
		editor.field = 'task';
		editor.pick('/3/0');
		expect([editor.mapping.task, editor.field]).toEqual([['ctx', 'job'], 'level']);
		editor.pick('/3'); // an object is no value
		expect(Object.keys(editor.mapping)).toEqual(['time', 'task']);
	});

	test('names at each value which columns it was chosen for', async () => {
		const editor = makeEditor();
		await settle();
		editor.choose('message', ['txt']);
		editor.choose('task', ['txt']);
		editor.choose('logger', ['not', 'there']);
		expect([...editor.marks]).toEqual([['/2', 'message, task']]);
	});

	test('keeps to the line that is looked at when newer ones come', async () => {
		const editor = makeEditor();
		await settle();
		editor.index = 1;
		newest = 101;
		editor.choose('level', ['sev']);
		await clock.pass(200);
		expect([editor.index, editor.json]).toEqual([2, oddLine(99)]);
	});

	test('ignores an answer that was overtaken', async () => {
		const editor = makeEditor();
		editor.choose('level', ['sev']);
		await clock.pass(200);
		await settle();
		expect(editor.previews?.[0]?.after.level).toBe('BAD');
	});

	test('looks at the JSON of a line that a traceback follows', async () => {
		const editor = makeEditor();
		await settle();
		editor.previews = [{ ...previewOf(1, {}), raw: `${oddLine(1)}\r\nTraceback\n  File "a.py"` }];
		expect(editor.json).toBe(oddLine(1));
	});

	test('applies what was chosen, and takes all of it back', async () => {
		const editor = makeEditor();
		await settle();
		editor.choose('level', ['sev']);
		expect(await editor.apply()).toBe(true);
		expect(await editor.remove()).toBe(true);
		expect(set).toEqual([
			{ id: 4, mapping: { level: ['sev'] } },
			{ id: 4, mapping: {} },
		]);
	});

	test('says why it could not apply, until something else is chosen', async () => {
		const editor = makeEditor();
		await settle();
		fail = 'The disk is full. Make room and apply again.';
		expect(await editor.apply()).toBe(false);
		expect([editor.problem, editor.isApplying]).toEqual([fail, false]);
		editor.choose('level', ['sev']);
		expect(editor.problem).toBeUndefined();
		await clock.pass(200);
		expect([editor.problem, editor.isStale]).toEqual([fail, true]);
	});
});

test('says which columns differ', () => {
	const row = makeRow(1, { task_id: 'a' });
	expect([...changedFields(row, row)]).toEqual([]);
	const { task_id: _task, ...without } = row;
	expect([...changedFields(row, { ...without, ts: 0, logger: 'x' })]).toEqual([
		'time',
		'logger',
		'task',
	]);
});
