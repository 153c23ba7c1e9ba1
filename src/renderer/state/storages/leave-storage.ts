import type { Workspace } from '../workspace.svelte.ts';

/** Another storage is shown in the table: what was chosen, pinned or looked at is none of its entries. */
export function leaveStorage(workspace: Workspace): void {
	const { context, cursor, details, origin, selection, shape, tools, view } = workspace;
	view.forgetRows();
	view.edge.reopen();
	view.follow();
	shape.forget();
	context.close();
	details.forget();
	cursor.clear();
	cursor.placeNext(undefined);
	selection.clear();
	origin.clear();
	tools.pinned.clear();
}
