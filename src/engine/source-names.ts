import type { SourceId } from '#shared/model/source.ts';

/** A source as it would be called if it were the only one. */
export interface NamedSource {
	readonly id: SourceId;
	readonly name: string;
	readonly path: string;
}

/**
 * What sources are called, so that `source:name` means one of them, in any case: the one that came
 * first keeps its name, others have as many of their folders before it as it takes.
 */
export function sourceNames(sources: readonly NamedSource[]): ReadonlyMap<SourceId, string> {
	const names = new Map<SourceId, string>();
	const taken = new Set<string>();
	for (const { id, name, path } of sources) {
		const free = [...longerNames(name, path)].find((other) => !taken.has(other.toLowerCase()));
		const chosen = free ?? `${name} ${id}`;
		taken.add(chosen.toLowerCase());
		names.set(id, chosen);
	}
	return names;
}

/** `app.jsonl`, `jobs/app.jsonl`, `log/jobs/app.jsonl`, …; a name that is not its path's has none. */
function* longerNames(name: string, path: string): Generator<string> {
	yield name;
	const folders = path.split(/[\\/]/).filter((folder) => folder !== '');
	if (folders.pop() === name) {
		for (let count = 1; count <= folders.length; count++) {
			yield [...folders.slice(-count), name].join('/');
		}
		yield path;
	}
}
