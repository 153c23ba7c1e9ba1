import type { Moment } from '../result/live-edge.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** Shows only what came after this moment, and goes on with what comes. */
export function showOnlySince({ query, view }: Workspace, after: Moment): void {
	query.setAfter(after);
	view.follow();
}

/** Shows only what came since the view was paused, or since the reader left the live edge. */
export function showOnlyNew(workspace: Workspace): void {
	const { view, notices } = workspace;
	if (view.news.matched === 0) {
		notices.remark('Nothing has come since.');
		return;
	}
	showOnlySince(workspace, view.edge.newsBeginAt(view.set, view.refreshedAt ?? 0));
}
