import { clausesOf } from '#shared/query/clauses.ts';
import { withoutField } from '#shared/query/edit-query.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';
import { isLocal } from '../storages/in-table.ts';
import type { ShapeWish } from './result-shape.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** The facets that are open, as they are to be counted for the query on screen. */
export function wishedFacets(workspace: Workspace): ShapeWish['facets'] {
	const { facets, layout, settings, view } = workspace;
	if (!layout.sourcesOpen) {
		return [];
	}
	// That of the result on screen: the one that stands in the query bar may be a moment ahead.
	const text = view.set.filter.query ?? '';
	const said = new Set(clausesOf(text).map(({ field }) => field));
	return facets.wishes(facets.sections(settings.facets, isLocal(workspace)), (field) =>
		said.has(fieldName(fieldPath(field))) ? withoutField(text, field) : undefined,
	);
}

/** What is to be counted for what is on screen; nothing without a connection. */
export function shapeWish(
	workspace: Workspace,
	facets: ShapeWish['facets'],
): ShapeWish | undefined {
	const { connection, shape, view } = workspace;
	if (connection !== 'ready' || view.set.closed) {
		return undefined;
	}
	const { room } = shape;
	return {
		set: view.set,
		upTo: view.set.upTo,
		...(room === undefined ? {} : { buckets: room }),
		facets,
	};
}
