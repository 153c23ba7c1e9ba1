import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';

const MIN_WIDTH = 480;
const MIN_HEIGHT = 320;
/** How much of a window has to be on a display for a person to get hold of it. */
const MIN_VISIBLE = 100;

const coordinate = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const boundsSchema = v.object({
	x: coordinate,
	y: coordinate,
	width: v.pipe(coordinate, v.minValue(MIN_WIDTH)),
	height: v.pipe(coordinate, v.minValue(MIN_HEIGHT)),
	maximized: v.optional(v.boolean(), false),
});

/** Where a window was, in the units of the desktop. */
export type WindowBounds = v.InferOutput<typeof boundsSchema>;

/** A part of the desktop. */
export interface Area {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** How a window begins; without `x` and `y` the system places it. */
export interface WindowPlace {
	readonly x?: number;
	readonly y?: number;
	readonly width: number;
	readonly height: number;
	readonly minWidth: number;
	readonly minHeight: number;
}

/** The bounds saved at `path`; `undefined` when there are none or they make no sense. */
export function loadBounds(path: string): WindowBounds | undefined {
	try {
		const result = v.safeParse(boundsSchema, JSON.parse(readFileSync(path, 'utf8')));
		return result.success ? result.output : undefined;
	} catch {
		return undefined; // never saved, or not by us: the window begins where new ones do
	}
}

/** Saves bounds at `path`. Where that is not possible they are forgotten: nothing depends on them. */
export function saveBounds(path: string, bounds: WindowBounds): boolean {
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		writeFileSync(path, JSON.stringify(bounds));
		return true;
	} catch {
		return false;
	}
}

/**
 * Where the window goes: as it was, but no larger than the display it is mostly on, and placed
 * anew when that display is gone. The first of `displays` is the primary one.
 */
export function placeWindow(
	saved: WindowBounds | undefined,
	displays: readonly Area[],
): WindowPlace {
	const minimum = { minWidth: MIN_WIDTH, minHeight: MIN_HEIGHT };
	const display = saved && displays.find((area) => isGraspable(saved, area));
	const room = display ?? displays[0] ?? { width: 1_280, height: 800 };
	const size = {
		width: Math.max(MIN_WIDTH, Math.min(saved?.width ?? 1_360, room.width)),
		height: Math.max(MIN_HEIGHT, Math.min(saved?.height ?? 860, room.height)),
	};
	return saved === undefined || display === undefined
		? { ...size, ...minimum }
		: { x: saved.x, y: saved.y, ...size, ...minimum };
}

// Enough of it on the display, its upper edge among it: that is where one drags a window.
function isGraspable(window: Area, display: Area): boolean {
	const visible =
		Math.min(window.x + window.width, display.x + display.width) - Math.max(window.x, display.x);
	return (
		visible >= MIN_VISIBLE &&
		window.y >= display.y &&
		window.y <= display.y + display.height - MIN_VISIBLE
	);
}
