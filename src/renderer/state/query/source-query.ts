import type { SourceId, SourceStatus } from '#shared/model/source.ts';
import { asksFor, saidOf, statePart } from '../../lib/query-clauses.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** Whether the query asks for entries of this source alone. */
export function isOnlySource({ query }: Workspace, { name }: Pick<SourceStatus, 'name'>): boolean {
	const said = saidOf(query.parsed.root, 'source');
	return said.kind === 'one' && asksFor(said.value, name);
}

/** Shows only this source; called again, all of them. */
export function toggleSource(workspace: Workspace, id: SourceId): void {
	const source = workspace.source(id);
	if (source !== undefined && isOnlySource(workspace, source)) {
		workspace.query.without('source');
	} else {
		showOnly(workspace, { source: id });
	}
}

/** Shows only this source, or only lines that could not be read, or both. */
export function showOnly(
	{ query, engine }: Workspace,
	part: { readonly source?: SourceId; readonly quarantined?: true },
): void {
	const source = engine.sources.find(({ id }) => id === part.source);
	if (source !== undefined) {
		query.only('source', source.name);
	}
	if (part.quarantined === true && statePart(query.parsed.root, 'quarantined') === undefined) {
		query.addClause('is:quarantined');
	}
}

/**
 * A query for a source that was closed would match nothing: it asks for all of them then. A panel of
 * it would be empty: it is closed.
 */
export function forgetClosed(workspace: Workspace, before: readonly SourceStatus[]): void {
	const { layout } = workspace;
	const { dialog } = layout;
	if (dialog !== undefined && 'id' in dialog && workspace.source(dialog.id) === undefined) {
		layout.dialog = undefined;
	}
	const isOpen = (name: string) => workspace.engine.sources.some((source) => source.name === name);
	if (before.some((source) => !isOpen(source.name) && isOnlySource(workspace, source))) {
		workspace.query.without('source');
	}
}
