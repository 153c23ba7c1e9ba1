import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(
	new URL('../../../src/renderer/styles/theme.css', import.meta.url),
	'utf8',
);

/** The colours of both themes, by the names of their tokens. */
const colours = new Map(
	[...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
		([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
	),
);

/** The contrast of two colours as WCAG 2 defines it. */
function contrast(a: string, b: string): number {
	const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
	return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
		const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const ON_ROWS = ['text', 'muted', 'accent', 'debug', 'info', 'warning', 'error', 'critical'];
const SURFACES = ['bg', 'panel', 'raised', 'hover', 'selected'];

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
	const colour = (name: string): string => colours.get(name)?.[theme] ?? '';

	test.each(ON_ROWS)('%s can be read on every surface', (name) => {
		const unreadable = SURFACES.filter((surface) => contrast(colour(name), colour(surface)) < 4.5);
		expect(unreadable).toEqual([]);
	});

	test.each([
		['text', 'mark'],
		['text', 'found'],
		['text', 'fresh'],
		['muted', 'fresh'],
		['accent-text', 'accent'],
		['string', 'bg'],
		['bg', 'text'],
	])('%s can be read on %s', (name, surface) => {
		expect(contrast(colour(name), colour(surface))).toBeGreaterThanOrEqual(4.5);
	});
});
