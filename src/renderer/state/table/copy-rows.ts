import { messageOf } from '#shared/errors.ts';
import { MESSAGE_PREVIEW_LENGTH } from '#shared/model/entry.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import { fieldText } from '#shared/query/entry-fields.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import { cellText } from '../../lib/cell-text.ts';
import { copyText } from '../../lib/copy-text.ts';
import { formatTimestamp } from '#shared/format/format-time.ts';
import { formatBytes, formatCount } from '../../lib/format-number.ts';
import { recordJson } from '#shared/format/record-json.ts';
import { markdownTable, rowLines, rowText } from '../../lib/row-text.ts';
import { isField } from './table-columns.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/**
 * As lines of text, as a table in Markdown, as AsyncZ writes its records, one a line, or the lines
 * as they stand in their logs.
 */
export type CopyForm = 'text' | 'markdown' | 'json' | 'lines';

/** More text than this (in UTF-16 units) is nothing for a clipboard. */
const MAX_COPIED = 32 * 1_024 * 1_024;

/** Entries are read so many at a time. */
const AT_ONCE = 20;

/** Copies the chosen rows, or the cursor's, in the order of the table. */
export async function copyRows(workspace: Workspace, form: CopyForm): Promise<void> {
	const { selection, notices } = workspace;
	const { rows } = selection;
	const what = rows.length === 1 ? 'row' : `${formatCount(rows.length)} rows`;
	if (rows.length === 0) {
		notices.remark('Choose a row first, then copy it.');
		return;
	}
	try {
		const text = await textOf(workspace, rows, form);
		const done = text !== '' && (await copyText(text));
		if (!done) {
			notices.remark(`The ${what} could not be copied.`);
		} else {
			notices.remark(rows.length === 1 ? 'Copied the row.' : `Copied ${what}.`);
		}
	} catch (error) {
		notices.error(new Error(`The ${what} could not be copied: ${messageOf(error)}`));
	}
}

async function textOf(
	workspace: Workspace,
	rows: readonly EntryRow[],
	form: CopyForm,
): Promise<string> {
	const zone = workspace.settings.time_zone;
	if (form === 'json' || form === 'lines') {
		const entries = (await readAll(workspace, rows, () => true)).filter(isWhole);
		return entries.map(form === 'json' ? recordJson : ({ raw }) => raw).join('\n');
	}
	// A row alone may have an end that its preview lacks, and is read to be sure of it. Other rows may
	// have been read when the table had other columns.
	const isAlways =
		rows.length === 1 ||
		(form === 'markdown' && workspace.columns.list.some((column) => column.isField));
	const entries = await readAll(
		workspace,
		rows,
		({ message }) => isAlways || message.length >= MESSAGE_PREVIEW_LENGTH - 1,
	);
	if (form === 'markdown') {
		return markdown(workspace, entries);
	}
	const [first] = entries;
	return entries.length === 1 && first !== undefined
		? rowText(first, zone)
		: rowLines(entries, zone);
}

function markdown({ columns, settings, engine }: Workspace, rows: readonly EntryRow[]): string {
	const context = {
		zone: settings.time_zone,
		today: '',
		precision: settings.precision,
		sourceNames: new Map(engine.sources.map(({ id, name }) => [id, name])),
		fields: [],
	};
	// How long after the row before: that is another one, or none, among those that are copied.
	const list = columns.list.filter(({ id }) => id !== 'delta');
	return markdownTable(
		list.map(({ title }) => title),
		rows.map((row) =>
			list.map(({ id }) =>
				id === 'time'
					? formatTimestamp(row.ts, settings.time_zone)
					: isField(id) && isWhole(row)
						? (fieldText(row, fieldPath(id), context.sourceNames) ?? '')
						: cellText(id, row, context, undefined),
			),
		),
	);
}

/** Reads those that are wanted whole; what is not stored any more is left out. */
async function readAll(
	{ services }: Workspace,
	rows: readonly EntryRow[],
	isWanted: (row: EntryRow) => boolean,
): Promise<readonly (EntryRow | LogEntry)[]> {
	const entries: (EntryRow | LogEntry)[] = [];
	let length = 0;
	for (let first = 0; first < rows.length; first += AT_ONCE) {
		const found = await Promise.all(
			rows
				.slice(first, first + AT_ONCE)
				.map((row) => (isWanted(row) ? services.engine.getEntry({ seq: row.seq }) : row)),
		);
		const here = found.filter((entry) => entry !== undefined);
		entries.push(...here);
		length += here.reduce((sum, entry) => sum + (isWhole(entry) ? entry.raw.length : 0), 0);
		if (length > MAX_COPIED) {
			throw new Error(
				`they are more than ${formatBytes(MAX_COPIED)} of text. Export them to a file instead.`,
			);
		}
	}
	return entries;
}

function isWhole(entry: EntryRow | LogEntry): entry is LogEntry {
	return 'raw' in entry;
}
