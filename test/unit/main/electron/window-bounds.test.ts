import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBounds, placeWindow, saveBounds } from '#main/electron/window-bounds.ts';
import { makeTempFolder, removeFolder } from '../../../support/temp-folder.ts';

const display = { x: 0, y: 0, width: 1_920, height: 1_080 };
const second = { x: 1_920, y: 0, width: 1_280, height: 1_024 };
const minimum = { minWidth: 480, minHeight: 320 };
const at = (x: number, y: number, width = 800, height = 600) => ({
	x,
	y,
	width,
	height,
	maximized: false,
});

describe('placeWindow', () => {
	it('lets the system place a first window', () => {
		expect(placeWindow(undefined, [display])).toEqual({ width: 1_360, height: 860, ...minimum });
	});

	it('puts a window back where it was, on any display', () => {
		expect(placeWindow(at(2_000, 50), [display, second])).toEqual({
			x: 2_000,
			y: 50,
			width: 800,
			height: 600,
			...minimum,
		});
	});

	it.each([
		['on a display that is gone', at(2_000, 50)],
		['out to the left', at(-750, 50)],
		['with its upper edge above', at(100, -10)],
		['below', at(100, 1_050)],
	])('places anew a window %s', (_where, saved) => {
		expect(placeWindow(saved, [display])).toEqual({ width: 800, height: 600, ...minimum });
	});

	it('makes a window no larger than its display', () => {
		expect(placeWindow(at(0, 0, 5_000, 4_000), [display])).toMatchObject({
			width: 1_920,
			height: 1_080,
		});
	});
});

describe('loadBounds', () => {
	let folder = '';
	beforeEach(() => {
		folder = makeTempFolder();
	});
	afterEach(() => removeFolder(folder));

	it('reads what was saved', () => {
		const path = join(folder, 'data', 'window.json');
		const bounds = { ...at(10, 20), maximized: true };
		expect([saveBounds(path, bounds), loadBounds(path)]).toEqual([true, bounds]);
	});

	it.each(['', '{', 'null', '{"x":0}', '{"x":1e99,"y":0,"width":800,"height":600}'])(
		'takes %j for nothing saved',
		(text) => {
			writeFileSync(join(folder, 'window.json'), text);
			expect(loadBounds(join(folder, 'window.json'))).toBeUndefined();
		},
	);

	it('forgets bounds where nothing can be written', () => {
		writeFileSync(join(folder, 'file'), '');
		expect(saveBounds(join(folder, 'file', 'window.json'), at(0, 0))).toBe(false);
	});
});
