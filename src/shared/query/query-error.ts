import type { QueryPlace } from './ast.ts';

/** Why a query cannot be read. Never leaves `parseQuery`. */
export class QueryError extends Error {
	readonly place: QueryPlace;
	/** The whole query as it was probably meant. */
	readonly suggestion: string | undefined;

	constructor(message: string, place: QueryPlace, suggestion?: string) {
		super(message);
		this.place = place;
		this.suggestion = suggestion;
	}
}
