import type { ColumnId } from '#shared/model/view.ts';
import { copyText } from '../lib/copy-text.ts';
import type { FieldValue } from '../lib/cell-value.ts';
import type { DetailValue } from '../lib/line-value.ts';
import type { Command } from '../lib/commands.ts';
import type { MenuItem } from '../lib/menu.ts';
import { MAX_PINNED } from './shape/facets.svelte.ts';
import { isField } from './table/table-columns.svelte.ts';
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
	} else if (value.hasValues) {
		notices.remark('This is a list or an object: choose one of its values in the details.');
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
	const { keys } = workspace;
	return [
		{
			name: 'Only this value',
			...keys.item('onlyValue'),
			act: () => askValue(workspace, 'only', value),
		},
		{
			name: 'Include',
			...keys.item('includeValue'),
			act: () => askValue(workspace, 'include', value),
		},
		{
			name: 'Exclude',
			...keys.item('excludeValue'),
			act: () => askValue(workspace, 'exclude', value),
		},
	];
}

const ASKED_BY: Readonly<Partial<Record<Command, ValueAction>>> = {
	includeValue: 'include',
	excludeValue: 'exclude',
	onlyValue: 'only',
};

/** Does what a key says with a value of the details; `false` if it says nothing about values. */
export function askByKey(
	workspace: Workspace,
	key: string,
	{ field, value }: DetailValue,
): boolean {
	const command = workspace.keys.ownerOf(key);
	const action = command === undefined ? undefined : ASKED_BY[command];
	if (action !== undefined) {
		askValue(workspace, action, value === undefined ? undefined : { field, value });
	}
	return action !== undefined;
}

/** What can be done with a value of the details. `column`: the one that shows its field. */
export function detailItems(
	workspace: Workspace,
	detail: DetailValue,
	column: ColumnId = detail.field,
): readonly MenuItem[] {
	const { columns, settings } = workspace;
	const { field, value, text } = detail;
	const asked = value === undefined ? [] : askItems(workspace, { field, value });
	const isFacet = settings.facets.includes(field);
	// Level, task, logger and source have a facet of their own.
	const canBeFacet = isField(column) || isFacet;
	return [
		...asked,
		{
			name: columns.has(column) ? 'Hide column' : 'Add as column',
			act: () => toggleColumn(workspace, column),
			isFirstOfGroup: asked.length > 0,
		},
		...(canBeFacet
			? [
					{
						name: isFacet ? 'Remove facet' : 'Add as facet',
						act: () => toggleFacet(workspace, field),
					},
				]
			: []),
		{
			name: 'Copy value',
			act: () => void copyValue(workspace, text, `value of ${field}`),
			isFirstOfGroup: true,
		},
		{ name: 'Copy path', act: () => void copyValue(workspace, field, 'path') },
	];
}

function toggleFacet(workspace: Workspace, field: string): void {
	const { facets } = workspace.settings;
	if (facets.includes(field)) {
		workspace.changeSettings({ facets: facets.filter((other) => other !== field) });
	} else if (facets.length >= MAX_PINNED) {
		workspace.notices.remark(`At most ${MAX_PINNED} fields can be facets: take one away first.`);
	} else {
		workspace.changeSettings({ facets: [...facets, field] });
	}
}
