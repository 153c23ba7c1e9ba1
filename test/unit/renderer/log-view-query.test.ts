import { beforeEach, describe, expect, test } from 'vitest';
import { settle } from './support/manual-clock.ts';
import { downFrom, ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;

beforeEach(() => {
	t = new ViewInTest();
});

describe('with another filter', () => {
	test('shows what matches, from the newest on', async () => {
		await t.start(1_000);
		t.engine.append(5, 'ERROR');
		await t.tell();
		t.view.viewport.scrollTo(50);
		t.view.setFilter({ level: 'error' });
		await settle();
		expect(t.visible).toEqual(downFrom(1_005, 5));
		expect([t.view.filter, t.view.shown, t.view.edge.following]).toEqual([
			{ level: 'ERROR' },
			5,
			true,
		]);
	});

	test('shows the rows there were until the first of the new ones are here', async () => {
		await t.start(1_000);
		const release = t.block();
		t.view.setFilter({ q: 'message 99' });
		await settle();
		expect([t.visible[0], t.view.searching]).toEqual([1_000, true]);
		await release();
		t.view.setFilter({ q: 'message 98' });
		await settle();
		expect([t.visible[0], t.view.searching]).toEqual([989, false]);
	});

	test('says that rows answer an earlier question, once they can be taken for the answer', async () => {
		await t.start(1_000);
		const release = t.block();
		t.view.setFilter({ q: 'message 99' });
		await t.clock.pass(100);
		expect(t.view.isStale).toBe(false);
		t.view.setFilter({ q: 'message 98' });
		await t.clock.pass(100);
		expect([t.visible[0], t.view.isStale]).toEqual([1_000, true]);
		await release();
		expect([t.visible[0], t.view.isStale]).toEqual([989, false]);
		t.view.setFilter({ q: 'message 97' });
		await t.clock.pass(1_000);
		expect([t.visible[0], t.view.isStale]).toEqual([979, false]);
	});

	test('ignores the answers to a filter that is not asked for any more', async () => {
		await t.start(100);
		const opens: (() => void)[] = [];
		t.engine.gate = () => new Promise((resolve) => opens.push(resolve));
		t.view.setFilter({ q: 'message 5' });
		t.view.setFilter({ q: 'message 7' });
		await settle();
		for (const open of opens.splice(0).toReversed()) {
			open();
			await settle();
		}
		t.engine.gate = undefined;
		for (const open of opens.splice(0)) {
			open();
		}
		await settle();
		expect([t.view.filter.q, t.view.set.filter.q, t.visible[0]]).toEqual([
			'message 7',
			'message 7',
			79,
		]);
	});

	test('asks until a count is complete, and says how far it is', async () => {
		await t.start(1_000);
		t.engine.slices = 4;
		const seen: (readonly [number, number])[] = [];
		const count = t.engine.count.bind(t.engine);
		t.engine.count = async (query) => {
			seen.push([t.view.set.matched, t.view.set.searched]);
			return count(query);
		};
		t.view.setFilter({ q: 'message' });
		await settle();
		expect([t.view.set.matched, t.view.set.complete, t.view.searching]).toEqual([
			1_000,
			true,
			false,
		]);
		expect(seen.at(-1)).toEqual([750, 0.75]);
	});

	test('stops asking for a count when the filter changed', async () => {
		await t.start(1_000);
		t.engine.slices = 1_000_000;
		t.view.setFilter({ q: 'message 1' });
		await settle();
		t.engine.slices = 1;
		t.view.setFilter({ q: 'message 2' });
		await settle();
		t.engine.asked.length = 0;
		await t.clock.pass(1_000);
		expect(t.engine.asked.filter(({ query }) => query.q === 'message 1')).toEqual([]);
	});

	test('takes in new entries that match while it is followed', async () => {
		await t.start(100);
		t.view.setFilter({ min_level: 'WARNING' });
		await settle();
		t.engine.append(10);
		t.engine.append(2, 'ERROR');
		await t.tell();
		expect(t.visible).toEqual([112, 111]);
	});
});

describe('the same question at a later moment', () => {
	test('keeps the row the reader looks at, and is no search', async () => {
		await t.start(1_000);
		t.view.setFilter({ since: 1_700_000_000_000_100 });
		await settle();
		t.view.viewport.scrollTo(50.5);
		const release = t.block();
		t.view.renewFilter({ since: 1_700_000_000_000_500 });
		await settle();
		expect(t.view.searching).toBe(false);
		await release();
		expect([t.visible[0], t.view.viewport.top, t.view.edge.following]).toEqual([950, 50.5, false]);
		expect([t.view.set.matched, t.view.searching]).toEqual([501, false]);
	});

	test('takes in what came meanwhile where it is followed', async () => {
		await t.start(100);
		t.view.setFilter({ since: 1_700_000_000_000_010 });
		await settle();
		t.engine.append(5);
		t.view.storage = t.engine.status;
		t.view.renewFilter({ since: 1_700_000_000_000_020 });
		await settle();
		expect([t.visible[0], t.view.set.matched]).toEqual([105, 86]);
	});

	test('another question goes to the newest row', async () => {
		await t.start(1_000);
		t.view.viewport.scrollTo(50);
		t.view.renewFilter({ since: 1_700_000_000_000_100 });
		t.view.setFilter({ since: 1_700_000_000_000_200 });
		await settle();
		expect([t.visible[0], t.view.viewport.top]).toEqual([1_000, 0]);
	});
});

describe('scrolling', () => {
	test('asks only for where the reader is, two questions at a time', async () => {
		await t.start(10_000);
		t.view.setLimit(0);
		await settle();
		const release = t.block();
		t.engine.asked.length = 0;
		t.engine.mostInFlight = 0;
		for (let top = 1_000; top <= 9_000; top += 250) {
			t.view.viewport.scrollTo(top);
		}
		await settle();
		await release();
		expect(t.visible).toEqual(downFrom(1_000, 30));
		expect([t.engine.mostInFlight, t.engine.asked.length]).toEqual([2, 5]);
	});

	test('fetches the pages around the viewport beforehand', async () => {
		await t.start(10_000);
		t.view.setLimit(0);
		t.view.viewport.scrollTo(2_000);
		await settle();
		t.engine.asked.length = 0;
		t.view.viewport.scrollTo(2_150);
		await settle();
		expect(t.visible).toEqual(downFrom(7_850, 30));
		expect(t.engine.asked.map(({ query }) => 'offset' in query && query.offset)).toEqual([]);
	});

	test('forgets pages that were not looked at for long', async () => {
		await t.start(12_000);
		t.view.setLimit(0);
		for (let top = 0; top < 12_000; top += 200) {
			t.view.viewport.scrollTo(top);
			await settle();
		}
		expect(t.view.rowAt(0)).toBeUndefined();
		t.view.viewport.scrollTo(0);
		await settle();
		expect(t.visible).toEqual(downFrom(12_000, 30));
	});

	test('fetches nothing past the limit', async () => {
		await t.start(10_000);
		t.view.viewport.scrollTo(Infinity);
		await settle();
		expect(t.engine.asked.filter(({ method }) => method === 'query')).toEqual([
			{ method: 'query', query: { up_to: 10_000, limit: 200, offset: 0 } },
		]);
	});
});
