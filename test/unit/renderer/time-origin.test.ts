import { expect, test } from 'vitest';
import { TimeOrigin } from '../../../src/renderer/state/table/time-origin.svelte.ts';
import { makeRow } from './support/fake-engine.ts';

test('times are counted from an entry until it is chosen again', () => {
	const origin = new TimeOrigin();
	origin.toggle(makeRow(1, { ts: 5 }));
	expect([origin.isSet, origin.ts]).toEqual([true, 5]);
	origin.toggle(makeRow(2, { ts: 7 }));
	expect([origin.isSet, origin.ts]).toEqual([true, 7]);
	origin.toggle(makeRow(2, { ts: 7 }));
	expect([origin.isSet, origin.ts]).toEqual([false, undefined]);
});
