import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { ResultShape } from '../../../src/renderer/state/shape/result-shape.svelte.ts';
import type { ShapeWish } from '../../../src/renderer/state/shape/result-shape.svelte.ts';
import { FakeShapes } from './support/fake-shapes.ts';
import { ManualClock } from './support/manual-clock.ts';

let engine: FakeShapes;
let clock: ManualClock;
let shape: ResultShape;

beforeEach(() => {
	engine = new FakeShapes();
	clock = new ManualClock();
	shape = new ResultShape(engine, clock);
});

const errors = { filter: { query: 'level:ERROR' }, stopped: false };
const all = { filter: {}, stopped: false };

function wish(given: Partial<ShapeWish> = {}): ShapeWish {
	return { set: all, upTo: 100, buckets: 140, facets: [{ field: 'level', limit: 6 }], ...given };
}

describe('what is asked', () => {
	test('is the snapshot on screen, at once', () => {
		shape.want(wish({ set: errors }));
		expect(engine.asked).toEqual([
			{ query: 'level:ERROR', up_to: 100, buckets: 140, facets: [{ field: 'level', limit: 6 }] },
		]);
	});

	test('is nothing where nothing is open', () => {
		shape.want({ set: all, upTo: 100, facets: [] });
		shape.want(undefined);
		expect(engine.asked).toEqual([]);
	});

	test('is not asked again while it is what is on screen', async () => {
		shape.want(wish());
		await engine.answer();
		shape.want(wish());
		await clock.pass(10_000);
		expect(engine.asked).toHaveLength(1);
	});

	test('is one question at a time, the last one of several', async () => {
		shape.want(wish());
		shape.want(wish({ set: { filter: { query: 'a' }, stopped: false } }));
		shape.want(wish({ set: errors }));
		expect(engine.asked).toHaveLength(1);
		await engine.answer();
		expect(engine.asked.map(({ query }) => query)).toEqual([undefined, 'level:ERROR']);
	});

	test('is the same again until the answer is complete, also when the snapshot moves on', async () => {
		shape.want(wish());
		await clock.pass(30);
		await engine.answer({ complete: false });
		shape.want(wish({ upTo: 120 }));
		await clock.pass(30);
		expect(engine.asked.map((query) => query.up_to)).toEqual([100, 100]);
		await engine.answer();
		await clock.pass(250);
		expect(engine.asked.map((query) => query.up_to)).toEqual([100, 100, 120]);
	});

	test('is a recount of the same snapshot when older entries came', async () => {
		shape.want(wish());
		await engine.answer();
		shape.want(wish({ set: { filter: {}, stopped: false } }));
		await clock.pass(250);
		expect(engine.asked).toHaveLength(2);
	});
});

describe('while entries come', () => {
	test('asks no more often than every 250 ms', async () => {
		shape.want(wish());
		await engine.answer();
		for (let upTo = 101; upTo <= 120; upTo++) {
			shape.want(wish({ upTo }));
			await clock.pass(50);
			await engine.answer();
		}
		expect(engine.asked.map((query) => query.up_to)).toEqual([100, 105, 110, 115, 120]);
	});

	test('asks less often where it takes long: in a fourth of the time', async () => {
		shape.want(wish());
		await clock.pass(500);
		await engine.answer();
		shape.want(wish({ upTo: 200 }));
		await clock.pass(1_400);
		expect(engine.asked).toHaveLength(1);
		await clock.pass(200);
		expect(engine.asked).toHaveLength(2);
	});
});

describe('what is shown', () => {
	test('stays until there is something of the new question, and is known to be behind', async () => {
		shape.want(wish());
		await engine.answer({ matched: 500 });
		expect(shape.isBehind).toBe(false);
		shape.want(wish({ set: errors }));
		expect([shape.shape?.matched, shape.isBehind]).toEqual([500, true]);
		await engine.answer({ matched: 3, complete: false });
		expect([shape.shape?.matched, shape.isBehind]).toEqual([3, true]);
		await clock.pass(1);
		await engine.answer({ matched: 5 });
		expect([shape.shape?.matched, shape.isBehind]).toEqual([5, false]);
	});

	test('does not fall back to half a count of a later snapshot', async () => {
		shape.want(wish());
		await engine.answer({ matched: 500 });
		shape.want(wish({ upTo: 200 }));
		await clock.pass(250);
		await engine.answer({ matched: 20, complete: false });
		expect(shape.shape?.matched).toBe(500);
		await clock.pass(250);
		await engine.answer({ matched: 510 });
		expect(shape.shape?.matched).toBe(510);
	});

	test('is no answer to a question that is gone', async () => {
		shape.want(wish());
		shape.want(wish({ set: errors }));
		await engine.answer({ matched: 500 });
		expect(shape.shape).toBeUndefined();
		await engine.answer({ matched: 5 });
		expect(shape.shape?.matched).toBe(5);
	});

	test('is kept while a facet is opened, which then comes', async () => {
		const level = {
			field: 'level',
			values: [],
			others: 0,
			missing: 0,
			complete: true,
			searched: 1,
		};
		shape.want(wish());
		await engine.answer({ facets: [level] });
		shape.want(
			wish({
				facets: [
					{ field: 'level', limit: 6 },
					{ field: 'logger', limit: 6 },
				],
			}),
		);
		expect([shape.facet('level'), shape.facet('logger')]).toEqual([level, undefined]);
		const logger = { ...level, field: 'logger' };
		await engine.answer({ facets: [level, logger] });
		expect(shape.facet('logger')).toEqual(logger);
	});
});

test('a search that was stopped is not gone on with', async () => {
	shape.want(wish());
	await engine.answer({ matched: 3, complete: false });
	await clock.pass(1);
	await engine.answer({ matched: 4, complete: false });
	shape.want(wish({ set: { filter: {}, stopped: true } }));
	await clock.pass(10_000);
	expect([engine.asked.length, shape.shape?.matched]).toEqual([2, 4]);
});

describe('a question that fails', () => {
	test('is asked again after a while, and its reason is said until then', async () => {
		shape.want(wish());
		await engine.fail(new Error('No room for this.'));
		expect(shape.error).toBe('No room for this.');
		await clock.pass(1_900);
		expect(engine.asked).toHaveLength(1);
		await clock.pass(200);
		await engine.answer({ matched: 7 });
		expect([shape.error, shape.shape?.matched]).toEqual([undefined, 7]);
	});

	test('is not asked again without a connection, but of the next result', async () => {
		shape.want(wish());
		await engine.fail(new AppError('closed', 'gone'));
		await clock.pass(10_000);
		expect([engine.asked.length, shape.error]).toEqual([1, undefined]);
		shape.want(wish({ set: { filter: {}, stopped: false } }));
		await clock.pass(250);
		expect(engine.asked).toHaveLength(2);
	});
});
