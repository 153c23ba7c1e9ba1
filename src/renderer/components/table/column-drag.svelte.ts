import type { ColumnId } from '#shared/model/view.ts';

/** A press that moves less than this is a click. */
const LEAST_PX = 5;

/** A column's head that is dragged to another place. */
export interface ColumnDrag {
	/** The column that is dragged. */
	readonly id: ColumnId | undefined;
	/** Where it would be put, in pixels from the left of the header. */
	readonly line: number | undefined;
	grab(event: PointerEvent & { readonly currentTarget: HTMLElement }, id: ColumnId): void;
	readonly move: (event: PointerEvent) => void;
	readonly drop: () => void;
	readonly cancel: () => void;
	/** Whether the click that is told of now was the end of a drag; asked once. */
	wasDragged(): boolean;
}

/** Drags heads; `place` is told which column goes before which other one, or to the end. */
export function columnDrag(
	place: (id: ColumnId, before: ColumnId | undefined) => void,
): ColumnDrag {
	let grabbed:
		{ readonly id: ColumnId; readonly x: number; readonly heads: readonly Head[] } | undefined;
	let dragged: ColumnId | undefined = $state();
	let line: number | undefined = $state();
	let before: ColumnId | undefined;
	let ended = false;

	function end(): void {
		ended = dragged !== undefined;
		grabbed = undefined;
		dragged = undefined;
		line = undefined;
	}

	return {
		get id() {
			return dragged;
		},
		get line() {
			return line;
		},
		grab(event, id) {
			ended = false;
			if (event.button === 0) {
				event.currentTarget.setPointerCapture(event.pointerId);
				grabbed = { id, x: event.clientX, heads: headsBeside(event.currentTarget) };
			}
		},
		move(event) {
			if (grabbed === undefined) {
				return;
			}
			if (dragged === undefined && Math.abs(event.clientX - grabbed.x) < LEAST_PX) {
				return;
			}
			dragged = grabbed.id;
			const next = grabbed.heads.find((head) => event.clientX < head.middle);
			before = next?.id;
			line = next?.start ?? grabbed.heads.at(-1)?.end;
		},
		drop() {
			const id = dragged;
			end();
			if (id !== undefined) {
				place(id, before);
			}
		},
		cancel: end,
		wasDragged() {
			const was = ended;
			ended = false;
			return was;
		},
	};
}

interface Head {
	readonly id: ColumnId;
	/** Of the window. */
	readonly middle: number;
	/** Of the header. */
	readonly start: number;
	readonly end: number;
}

function headsBeside(button: HTMLElement): readonly Head[] {
	const row = button.closest('[role=row]');
	const left = row?.getBoundingClientRect().left ?? 0;
	return [...(row?.querySelectorAll<HTMLElement>('[role=columnheader]') ?? [])].map((head) => {
		const box = head.getBoundingClientRect();
		return {
			id: head.dataset['column'] ?? '',
			middle: box.left + box.width / 2,
			start: box.left - left,
			end: box.right - left - 2,
		};
	});
}
