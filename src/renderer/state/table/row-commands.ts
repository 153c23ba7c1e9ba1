import type { EntryRow } from '#shared/model/entry.ts';
import type { Level } from '#shared/model/level.ts';
import { focusNote } from '../../lib/focus-places.ts';
import { MAX_PINNED } from './pinned-rows.svelte.ts';
import type { Direction } from './row-finder.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** Has a question to the engine answered; where that fails, the user is told. */
export function attempt(workspace: Workspace, question: Promise<unknown>): void {
	question.catch((error: unknown) => workspace.notices.error(error));
}

/** Goes to the next entry of at least this level. */
export async function goToLevel(
	{ cursor, notices }: Workspace,
	level: Level,
	direction: Direction,
): Promise<void> {
	if (!(await cursor.find(level, direction))) {
		const what = level === 'ERROR' ? 'error' : 'warning or error';
		notices.remark(`No ${direction} ${what} among the entries shown.`);
	}
}

/** Goes to the next highlighted row; opens the field where nothing is looked for. */
export async function goToFound(
	{ tools, notices }: Workspace,
	direction: Direction,
): Promise<void> {
	const { highlight } = tools;
	if (!highlight.isOpen || highlight.text.trim() === '') {
		highlight.open();
	} else if (!(await highlight.go(direction))) {
		notices.remark(`No ${direction} entry has that.`);
	}
}

/** Goes to the next marked row of the result. */
export async function goToMark(
	{ tools, notices, keys }: Workspace,
	direction: Direction,
): Promise<void> {
	const { marks, finder } = tools;
	if (marks.what === undefined) {
		notices.remark(keys.hint('No row is marked yet: mark the chosen one', 'toggleMark'));
	} else if (!(await finder.go(marks.what, direction))) {
		notices.remark(`No ${direction} mark among what is asked for.`);
	}
}

/** Marks the chosen row, or takes its mark away. */
export function toggleMark(workspace: Workspace): void {
	const row = chosen(workspace, 'mark');
	if (row !== undefined) {
		workspace.tools.marks.toggle(row);
	}
}

/** Opens the details of the chosen row at its note. */
export function writeNote(workspace: Workspace): void {
	const row = chosen(workspace, 'write a note about');
	if (row !== undefined && workspace.details.openAtNote(row.seq)) {
		focusNote();
	}
}

/** Pins the chosen row on top of the table, or lets it go. */
export function togglePin(workspace: Workspace): void {
	const row = chosen(workspace, 'pin');
	if (row !== undefined && !workspace.tools.pinned.toggle(row)) {
		workspace.notices.remark(
			workspace.keys.hint(
				`At most ${MAX_PINNED} rows can be pinned: let one go first`,
				'togglePin',
			),
		);
	}
}

/** Shows two chosen rows side by side, the older one first. */
export function compareRows({ selection, layout, notices, view, keys }: Workspace): void {
	const [first, second, ...more] = selection.rows;
	if (first === undefined || second === undefined || more.length > 0) {
		const choose = [...keys.names('extendUp'), ...keys.names('extendDown')].join(' and ');
		notices.remark(
			`Choose two rows to compare them: Ctrl+click${choose === '' ? '' : `, or ${choose}`}.`,
		);
		return;
	}
	const isNewestFirst = view.viewport.newest === 'top';
	const [older, newer] = isNewestFirst ? [second, first] : [first, second];
	layout.dialog = { kind: 'diff', seqs: [older.seq, newer.seq] };
}

/** Shows the chosen row among its neighbours; called again, goes back. */
export function toggleContext(workspace: Workspace): void {
	const { context } = workspace;
	if (context.isOpen) {
		context.close();
		return;
	}
	const row = chosen(workspace, 'show in context');
	if (row !== undefined) {
		context.open(row);
	}
}

/** Counts times from the chosen row, or no longer; there has to be a column for them. */
export function toggleOrigin(workspace: Workspace): void {
	const row = chosen(workspace, 'count times from');
	if (row !== undefined) {
		workspace.origin.toggle(row);
		workspace.columns.show('delta');
	}
}

/** The chosen row; says so where there is none. */
function chosen({ cursor, notices }: Workspace, what: string): EntryRow | undefined {
	if (cursor.row === undefined) {
		notices.remark(`Choose a row to ${what} first.`);
	}
	return cursor.row;
}
