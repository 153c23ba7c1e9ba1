import { copyText } from '../lib/copy-text.ts';
import type { FieldValue } from '../lib/cell-value.ts';
import type { MenuItem } from '../lib/menu.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What can be asked about a value. */
export type ValueAction = 'only' | 'exclude' | 'include';

/** Asks for entries with or without a value, or says why that cannot be asked. */
export function askValue(
	{ query, notices }: Workspace,
	action: ValueAction,
	value: FieldValue | undefined,
): void {
	if (value === undefined) {
		notices.remark('There is no value here to ask for: choose a cell that has one.');
	} else if (value.isCut) {
		notices.remark('This value is too long to be asked for as a whole.');
	} else {
		query[action](value.field, value.value);
	}
}

/** Copies a value as it is, or the name of a field; `what` it is, for the remark. */
export async function copyValue({ notices }: Workspace, text: string, what: string): Promise<void> {
	const done = await copyText(text);
	notices.remark(done ? `Copied the ${what}.` : `The ${what} could not be copied.`);
}

/** Shows a field as a column, or no longer. */
export function toggleColumn({ columns, notices }: Workspace, field: string): void {
	if (columns.has(field)) {
		columns.hide(field);
	} else if (!columns.show(field)) {
		notices.remark('The table has no room for another column: hide one first.');
	}
}

/** What can be asked about a value, for a menu. */
export function askItems(workspace: Workspace, value: FieldValue): readonly MenuItem[] {
	return [
		{ name: 'Only this value', key: '=', act: () => askValue(workspace, 'only', value) },
		{ name: 'Include', key: '+', act: () => askValue(workspace, 'include', value) },
		{ name: 'Exclude', key: '-', act: () => askValue(workspace, 'exclude', value) },
	];
}
