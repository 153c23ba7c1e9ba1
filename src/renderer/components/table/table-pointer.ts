import { placeBelow } from '../../lib/menu.ts';
import { cellMenu } from '../../state/table/cell-menu.ts';
import { saidIfCut } from '../../state/table/choose-rows.ts';
import { titleOf } from '../../state/table/table-columns.svelte.ts';
import type { Workspace } from '../../state/workspace.svelte.ts';
import { cellPlace } from './cell-place.ts';

/** What the mouse does in the table. */
export interface TablePointer {
	/** Chooses the row that was clicked, or several. */
	readonly choose: (event: MouseEvent) => void;
	/** Before a click: what the browser would do by itself with a press of the button. */
	readonly press: (event: MouseEvent) => void;
	/** Opens the menu of a cell: where the mouse is, or of the cell that keys went to. */
	readonly openMenu: (event: MouseEvent) => void;
}

/** Choosing and menus in the table. `activeId`: the element that the keys act on. */
export function tablePointer(
	workspace: Workspace,
	table: () => HTMLElement | undefined,
	activeId: () => string | undefined,
): TablePointer {
	const { view, cursor, columns, cell, selection, details, layout } = workspace;

	function choose(event: MouseEvent): void {
		const place = cellPlace(event.target);
		// Text that was selected with the mouse is to be copied, not to be closed by a click.
		if (place === undefined || document.getSelection()?.isCollapsed === false) {
			return;
		}
		if (event.shiftKey) {
			void saidIfCut(workspace, selection.extendTo(place.rank));
		} else if (event.ctrlKey || event.metaKey) {
			selection.toggle(place.rank);
		} else {
			cursor.select(place.rank);
			cursor.reveal();
			cell.column = cell.index === -1 ? undefined : columns.list[place.index]?.id;
			details.open();
		}
	}

	function press(event: MouseEvent): void {
		// The text between two clicks is not what is to be selected.
		if (event.shiftKey && event.button === 0 && cellPlace(event.target) !== undefined) {
			event.preventDefault();
			table()?.focus({ preventScroll: true });
		}
	}

	function openMenu(event: MouseEvent): void {
		// In Chromium a menu that was asked for by key comes from the table itself.
		const isByKey = event.target === event.currentTarget;
		const place = isByKey ? undefined : cellPlace(event.target);
		const rank = place?.rank ?? (isByKey && cursor.isVisible ? cursor.rank : undefined);
		const row = rank === undefined ? undefined : view.rowAt(rank);
		if (rank === undefined || row === undefined) {
			return;
		}
		event.preventDefault();
		if (!selection.has(row.seq) && rank !== cursor.rank) {
			cursor.select(rank);
		}
		table()?.focus({ preventScroll: true });
		const column = columns.list[place?.index ?? cell.index]?.id;
		const below = document.getElementById(activeId() ?? '') ?? table();
		layout.menu = {
			label: column === undefined ? 'Row' : `${titleOf(column)} of the row`,
			items: cellMenu(workspace, column, row),
			place:
				place === undefined && below !== undefined
					? placeBelow(below)
					: { x: event.clientX, y: event.clientY },
		};
	}

	return { choose, press, openMenu };
}
