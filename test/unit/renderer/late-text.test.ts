import { expect, test } from 'vitest';
import { lateText } from '../../../src/renderer/lib/late-text.ts';

test.each([
	[1_000_000, '+1.0 s late'],
	[4_249_999, '+4.2 s late'],
	[59_949_999, '+59.9 s late'],
	[59_950_000, '+1 min late'],
	[150_000_000, '+3 min late'],
	[3_599_000_000, '+60 min late'],
	[3_600_000_000, '+1 h late'],
	[90_000_000_000, '+25 h late'],
	[172_800_000_000, '+2 d late'],
	[31_556_952_000_000_000, '+365,243 d late'],
])('%i microseconds are %s', (micros, text) => {
	expect(lateText(micros)).toBe(text);
});
