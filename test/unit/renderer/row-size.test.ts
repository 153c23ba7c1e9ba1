import { expect, test } from 'vitest';
import { DENSITY_CHOICES } from '#shared/model/settings.ts';
import { rowSizeOf } from '../../../src/renderer/lib/row-size.ts';

test('rows are as high as is chosen, and have room for the lines of a wrapped message', () => {
	const sizes = [false, true].map((wrap) =>
		DENSITY_CHOICES.map((density) => rowSizeOf({ density, wrap })),
	);
	expect(sizes).toEqual([
		[
			{ rowHeight: 18, lineHeight: 18, lines: 1 },
			{ rowHeight: 22, lineHeight: 22, lines: 1 },
			{ rowHeight: 30, lineHeight: 30, lines: 1 },
		],
		[
			{ rowHeight: 50, lineHeight: 16, lines: 3 },
			{ rowHeight: 56, lineHeight: 17, lines: 3 },
			{ rowHeight: 68, lineHeight: 19, lines: 3 },
		],
	]);
});
