import { untrack } from 'svelte';
import type { Order } from '#shared/model/query.ts';
import { RUN_FIELD } from '#shared/model/view.ts';
import { fieldOf } from '../../lib/cell-text.ts';
import { saidOf } from '../../lib/query-clauses.ts';
import { rowSizeOf } from '../../lib/row-size.ts';
import { isLocal } from '../storages/in-table.ts';
import type { Workspace } from '../workspace.svelte.ts';

/**
 * The order of a choice: by itself as entries came with one source, by time with several. Another
 * storage than the local database has one order in which entries came, whoever wrote them.
 */
export function orderOf({ settings, engine, query }: Workspace): Order {
	if (settings.order !== 'auto') {
		return settings.order;
	}
	if (!isLocal({ engine })) {
		return 'arrival';
	}
	const isOne = engine.sources.length < 2 || saidOf(query.parsed.root, 'source').kind === 'one';
	return isOne ? 'arrival' : 'time';
}

/** Has the view ask for what the settings, the sources and the query say. Part of a component. */
export function bindView(workspace: Workspace): void {
	const { view, columns } = workspace;
	$effect(() => {
		const order = orderOf(workspace);
		untrack(() => view.setOrder(order));
	});
	$effect(() => {
		view.viewport.newest = workspace.settings.newest;
	});
	$effect(() => {
		view.viewport.rowHeight = rowSizeOf(workspace.settings).rowHeight;
	});
	$effect(() => {
		if (columns.awaitsRuns && hasRunInView(workspace)) {
			columns.foundRun();
		}
	});
	$effect(() => {
		const { fields } = columns;
		untrack(() => view.setFields(fields));
	});
}

function hasRunInView({ view }: Workspace): boolean {
	const { topRank, viewRows } = view.viewport;
	const { fields } = view.set;
	for (let rank = Math.floor(topRank); rank < topRank + viewRows; rank++) {
		const row = view.rowAt(rank);
		if (row !== undefined && (fieldOf(RUN_FIELD, row, fields) ?? '') !== '') {
			return true;
		}
	}
	return false;
}
