import type { EntryRow } from '#shared/model/entry.ts';
import type { ColumnId } from '#shared/model/view.ts';
import type { MenuItem } from '../../lib/menu.ts';
import { copyRows } from './copy-rows.ts';
import {
	compareRows,
	toggleContext,
	toggleMark,
	toggleOrigin,
	togglePin,
	writeNote,
} from './row-commands.ts';
import { titleOf } from './table-columns.svelte.ts';
import { askItems, copyValue } from '../value-actions.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** What can be done with a cell of the chosen row, and with the row. */
export function cellMenu(
	workspace: Workspace,
	column: ColumnId | undefined,
	row: EntryRow,
): readonly MenuItem[] {
	const { cell, selection, origin, tools, context, keys } = workspace;
	const { marks, pinned } = tools;
	const value = cell.valueOf(column, row);
	const ofValue: readonly MenuItem[] =
		value === undefined || column === undefined
			? []
			: [
					...askItems(workspace, value),
					{
						name: 'Copy value',
						act: () => void copyValue(workspace, value.value, `value of ${titleOf(column)}`),
					},
				];
	const isOne = selection.size <= 1;
	return [
		...ofValue,
		{
			name: isOne ? 'Copy row' : 'Copy rows',
			...keys.item('copyRow'),
			act: () => void copyRows(workspace, 'text'),
			isFirstOfGroup: ofValue.length > 0,
		},
		{ name: 'Copy as Markdown', act: () => void copyRows(workspace, 'markdown') },
		{ name: 'Copy as JSON', act: () => void copyRows(workspace, 'json') },
		{
			name: marks.has(row) ? 'Take the mark away' : 'Mark',
			...keys.item('toggleMark'),
			act: () => toggleMark(workspace),
			isFirstOfGroup: true,
		},
		{ name: 'Write a note', act: () => writeNote(workspace) },
		{
			name: context.isOpen ? 'Back out of the context' : 'Show in context',
			...keys.item('showContext'),
			act: () => toggleContext(workspace),
		},
		{
			name:
				origin.seq === row.seq ? 'Count times from the row before' : 'Count times from this row',
			...keys.item('setOrigin'),
			act: () => toggleOrigin(workspace),
		},
		{
			name: pinned.has(row) ? 'Let go of the pinned row' : 'Pin on top',
			...keys.item('togglePin'),
			act: () => togglePin(workspace),
		},
		...(selection.size === 2
			? [
					{
						name: 'Compare the two rows',
						...keys.item('compareRows'),
						act: () => compareRows(workspace),
					},
				]
			: []),
	];
}
