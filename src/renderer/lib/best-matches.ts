/** Those that contain what was begun, in any case; those that begin with it come first. */
export function bestMatches<Name extends string>(
	names: readonly Name[],
	begun: string,
): readonly Name[] {
	const wanted = begun.toLowerCase();
	const isFirst = (name: string) => name.toLowerCase().startsWith(wanted);
	const found = names.filter((name) => name.toLowerCase().includes(wanted));
	return [...found.filter(isFirst), ...found.filter((name) => !isFirst(name))];
}
