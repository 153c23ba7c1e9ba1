import { ROW_HEIGHT, scrollTopOf, topOfScroll } from '../lib/virtual-rows.ts';
import type { Viewport } from '../state/viewport.svelte.ts';

/** Height of the header row, which stays on top. */
export const HEADER_HEIGHT = 26;

/** Pixels that a mouse wheel means by one line. */
const WHEEL_LINE_PX = ROW_HEIGHT;

/**
 * Connects the scrolling element of the table with its viewport. The viewport is the truth: wheel
 * and keys move it by exact rows, and the scroll bar is set from it. Only a scroll bar moved by
 * hand (or by touch) goes the other way.
 */
export function scrollTable(element: HTMLElement, viewport: Viewport): () => void {
	let set = 0;

	const resize = new ResizeObserver(() => {
		viewport.resize((element.clientHeight - HEADER_HEIGHT) / ROW_HEIGHT);
	});
	resize.observe(element);

	const onScroll = (): void => {
		// Our own setting comes back as an event, too, rounded to device pixels.
		if (Math.abs(element.scrollTop - set) >= 1) {
			set = element.scrollTop;
			viewport.dragTo(topOfScroll(set, viewport.extent));
		}
	};

	const onWheel = (event: WheelEvent): void => {
		if (event.ctrlKey || event.shiftKey) {
			return; // zoom, or sideways
		}
		event.preventDefault();
		viewport.scrollTo(viewport.top + wheelPixels(event, element.clientHeight) / ROW_HEIGHT);
		if (event.deltaX !== 0) {
			element.scrollLeft += event.deltaX;
		}
	};

	element.addEventListener('scroll', onScroll, { passive: true });
	element.addEventListener('wheel', onWheel, { passive: false });

	$effect(() => {
		const wanted = scrollTopOf(viewport.top, viewport.extent);
		if (wanted !== set) {
			set = wanted;
			element.scrollTop = wanted;
		}
	});

	return () => {
		resize.disconnect();
		element.removeEventListener('scroll', onScroll);
		element.removeEventListener('wheel', onWheel);
	};
}

function wheelPixels({ deltaMode, deltaY }: WheelEvent, pagePx: number): number {
	switch (deltaMode) {
		case WheelEvent.DOM_DELTA_LINE:
			return deltaY * WHEEL_LINE_PX;
		case WheelEvent.DOM_DELTA_PAGE:
			return deltaY * pagePx;
		default:
			return deltaY;
	}
}
