/**
 * Cuts a path before its name, so that the name stays where there is no room for all of it: together
 * they are the path. A separator at the end belongs to the name of a folder.
 */
export function splitPath(path: string): readonly [folder: string, name: string] {
	const most = path.slice(0, -1);
	const at = Math.max(most.lastIndexOf('/'), most.lastIndexOf('\\'));
	return [path.slice(0, at + 1), path.slice(at + 1)];
}

/** Whether a path may be a pattern for many: `*`, `?` or `[` stands in it. */
export function isPattern(path: string): boolean {
	return /[*?[]/.test(path);
}
