/** Queries that are kept to be asked again. */
const MAX_HISTORY = 100;

/** The queries asked before with this one in front of them; the same ones if it is there already. */
export function withQuery(history: string[], query: string): string[] {
	return query === '' || query === history[0]
		? history
		: [query, ...history.filter((other) => other !== query)].slice(0, MAX_HISTORY);
}
