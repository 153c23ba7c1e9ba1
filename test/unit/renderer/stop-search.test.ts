import { beforeEach, expect, test } from 'vitest';
import { ViewInTest } from './support/view-in-test.ts';
import { settle } from './support/manual-clock.ts';

let t: ViewInTest;

beforeEach(() => {
	t = new ViewInTest();
});

test('a search that is stopped keeps what was found and asks for no more', async () => {
	await t.start(1_000);
	t.engine.slices = 1_000_000;
	t.view.setFilter({ q: 'message' });
	await settle();
	expect([t.view.set.complete, t.view.searching]).toEqual([false, true]);
	t.view.stopSearch();
	await settle();
	const asked = t.engine.asked.length;
	await t.clock.pass(10_000);
	expect(t.engine.asked.length).toBe(asked);
	expect([t.view.set.complete, t.view.searching]).toEqual([false, false]);
	expect(t.view.set.searched).toBeLessThan(1);
});

test('what comes is still taken in', async () => {
	await t.start(1_000);
	t.engine.slices = 1_000_000;
	t.view.setFilter({ q: 'message' });
	await settle();
	t.view.stopSearch();
	await settle();
	t.engine.slices = 1;
	t.engine.append(3);
	await t.tell();
	expect(t.view.set.added).toBe(3);
});

test('it is gone on with when asked to', async () => {
	await t.start(1_000);
	t.engine.slices = 1_000_000;
	t.view.setFilter({ q: 'message' });
	await settle();
	t.view.stopSearch();
	await settle();
	t.engine.slices = 1;
	t.view.recount();
	await settle();
	expect([t.view.set.complete, t.view.set.stopped, t.view.set.matched]).toEqual([
		true,
		false,
		1_000,
	]);
});

test('how long the count took is known once it is complete', async () => {
	await t.start(10);
	const open = t.block();
	t.view.setFilter({ q: 'message' });
	await t.clock.pass(18);
	expect(t.view.searching).toBe(true);
	await open();
	expect([t.view.set.complete, t.view.set.tookMs]).toEqual([true, 18]);
});

test('a search is stopped before its result is shown', async () => {
	await t.start(1_000);
	t.engine.slices = 1_000_000;
	const open = t.block();
	t.view.setFilter({ q: 'message' });
	await settle();
	t.view.stopSearch();
	await open();
	await settle();
	expect([t.view.replacing, t.view.searching]).toEqual([false, false]);
	expect([t.view.set.filter.q, t.view.set.stopped, t.view.set.complete]).toEqual([
		'message',
		true,
		false,
	]);
});
