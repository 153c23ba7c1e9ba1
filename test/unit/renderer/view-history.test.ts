import { beforeEach, expect, test } from 'vitest';
import { ViewHistory } from '../../../src/renderer/state/query/view-history.svelte.ts';
import { ManualClock } from './support/manual-clock.ts';

let clock: ManualClock;
let state: { text: string; limit: number };
let history: ViewHistory<typeof state>;

beforeEach(() => {
	clock = new ManualClock();
	state = { text: '', limit: 200 };
	history = new ViewHistory(
		{
			read: () => ({ ...state }),
			apply: (next) => {
				state = next;
				// What is brought back reports its change, as the view's parts do.
				history.changed('step');
			},
		},
		clock,
	);
});

function change(next: Partial<typeof state>, kind: 'typed' | 'step' = 'step'): void {
	state = { ...state, ...next };
	history.changed(kind);
}

test('begins with nothing to take back', () => {
	expect([history.canUndo, history.canRedo]).toEqual([false, false]);
	expect([history.undo(), history.redo()]).toEqual([false, false]);
});

test('goes back step by step, and forth again', () => {
	change({ text: 'a' });
	change({ limit: 1_000 });
	expect(history.undo()).toBe(true);
	expect(state).toEqual({ text: 'a', limit: 200 });
	history.undo();
	expect(state).toEqual({ text: '', limit: 200 });
	expect([history.canUndo, history.canRedo]).toEqual([false, true]);
	history.redo();
	history.redo();
	expect(state).toEqual({ text: 'a', limit: 1_000 });
	expect([history.canUndo, history.canRedo]).toEqual([true, false]);
});

test('forgets what was taken back once something else is done', () => {
	change({ text: 'a' });
	history.undo();
	change({ text: 'b' });
	expect(history.redo()).toBe(false);
	history.undo();
	expect(state.text).toBe('');
});

test('what is typed in one go is one step', async () => {
	change({ text: 'level:ERROR' });
	for (const text of ['t', 'ti', 'tim']) {
		change({ text }, 'typed');
		await clock.pass(500);
	}
	history.undo();
	expect(state.text).toBe('level:ERROR');
});

test('typing goes on as a new step after a pause, a click or an undo', async () => {
	change({ text: 'a' }, 'typed');
	await clock.pass(3_100);
	change({ text: 'ab' }, 'typed');
	change({ text: 'ab level:ERROR' });
	change({ text: 'ab level:ERROR x' }, 'typed');
	const seen: string[] = [];
	while (history.undo()) {
		seen.push(state.text);
	}
	expect(seen).toEqual(['ab level:ERROR', 'ab', 'a', '']);
	history.redo();
	change({ text: 'other' }, 'typed');
	history.undo();
	expect(state.text).toBe('a');
});

test('a change that changes nothing is no step', () => {
	change({ text: '' });
	expect(history.canUndo).toBe(false);
});

test('what was changed from outside is not taken back', () => {
	change({ text: 'a' });
	state = { ...state, limit: 0 };
	history.rebase();
	change({ text: 'b' });
	history.undo();
	expect(state).toEqual({ text: 'a', limit: 0 });
});

test('keeps the last two hundred steps', () => {
	for (let index = 1; index <= 250; index++) {
		change({ text: String(index) });
	}
	let steps = 0;
	while (history.undo()) {
		steps++;
	}
	expect([steps, state.text]).toEqual([200, '50']);
});
