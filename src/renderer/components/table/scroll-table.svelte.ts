import { untrack } from 'svelte';
import { scrollTopOf, topOfScroll } from '../../lib/virtual-rows.ts';
import type { Viewport } from '../../state/result/viewport.svelte.ts';

/** The event of our own setting comes within this time, if it comes at all. */
const OWN_EVENT_MS = 40;

/** Height of the header row, which stays on top. */
export const HEADER_HEIGHT = 26;

/** Pixels that a mouse wheel means by one line. */
const WHEEL_LINE_PX = 22;

/** The scroll bar is set at most this often while the rows move: it has the page laid out. */
const SCROLL_BAR_MS = 60;

/** … and once more when they have come to rest: a frame of its own between theirs costs more. */
const AT_REST_MS = 150;

/**
 * Connects the scrolling element of the table with its viewport. The viewport is the truth: wheel
 * and keys move it by exact rows, and the scroll bar is set from it. Only a scroll bar moved by
 * hand (or by touch) goes the other way. `pinnedHeight`: pixels of rows that do not scroll.
 */
export function scrollTable(
	element: HTMLElement,
	viewport: Viewport,
	pinnedHeight: () => number,
): () => void {
	let set = 0;
	let ownUntil = 0;

	const measure = (): void => {
		const { rowHeight } = viewport;
		viewport.resize((element.clientHeight - HEADER_HEIGHT - untrack(pinnedHeight)) / rowHeight);
	};
	const resize = new ResizeObserver(measure);
	resize.observe(element);
	$effect(() => {
		pinnedHeight();
		void viewport.rowHeight;
		untrack(measure);
	});

	const onScroll = (): void => {
		// Our own setting comes back as an event, too. To ask where it stands then would have the
		// page laid out in the midst of a frame.
		if (performance.now() < ownUntil) {
			ownUntil = 0;
			return;
		}
		if (set - (element.scrollHeight - element.clientHeight) >= 1) {
			// The rows became fewer than where it stood: the browser moved it, nobody did. It is set anew
			// as soon as the rows have come to rest.
			set = element.scrollTop;
		} else if (Math.abs(element.scrollTop - set) >= 1) {
			set = element.scrollTop;
			viewport.dragTo(isAtEnd(element) ? Infinity : topOfScroll(set, viewport.extent));
		}
	};

	const onWheel = (event: WheelEvent): void => {
		if (event.ctrlKey || event.shiftKey) {
			return; // zoom, or sideways
		}
		event.preventDefault();
		viewport.scrollBy(wheelPixels(event, element.clientHeight) / viewport.rowHeight);
		if (event.deltaX !== 0) {
			element.scrollLeft += event.deltaX;
		}
	};

	element.addEventListener('scroll', onScroll, { passive: true });
	element.addEventListener('wheel', onWheel, { passive: false });

	let timer: ReturnType<typeof setTimeout> | undefined;
	let writtenAt = -Infinity;
	const write = (): void => {
		writtenAt = performance.now();
		set = scrollTopOf(viewport.above, viewport.extent);
		ownUntil = writtenAt + OWN_EVENT_MS;
		element.scrollTop = set;
	};
	$effect(() => {
		clearTimeout(timer);
		if (scrollTopOf(viewport.above, viewport.extent) !== set) {
			if (performance.now() - writtenAt >= SCROLL_BAR_MS) {
				write();
			} else {
				timer = setTimeout(write, AT_REST_MS);
			}
		}
	});

	return () => {
		clearTimeout(timer);
		resize.disconnect();
		element.removeEventListener('scroll', onScroll);
		element.removeEventListener('wheel', onWheel);
	};
}

/** Where it stands is a number of pixels, which a long table has fewer of than parts of rows. */
function isAtEnd({ scrollTop, scrollHeight, clientHeight }: HTMLElement): boolean {
	return scrollTop >= scrollHeight - clientHeight - 1;
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
